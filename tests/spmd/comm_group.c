/* comm_group.c - the group functions against sets of ranks kept in plain arrays. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX = 64 };

/* The model: world ranks in the order of the group. */
struct set {
    int n, rank[MAX];
};

static MPI_Group world;

static int place(const struct set *s, int rank)
{
    for (int i = 0; i < s->n; i++)
        if (s->rank[i] == rank)
            return i;
    return -1;
}

static void check(MPI_Group group, const struct set *s, const char *what)
{
    int size = -1, rank = -1, mine[MAX], theirs[MAX];
    int expected = place(s, t_rank);

    CHECK_OK(MPI_Group_size(group, &size));
    CHECK(size == s->n, "%s: size %d, not %d", what, size, s->n);
    CHECK_OK(MPI_Group_rank(group, &rank));
    CHECK(rank == (expected < 0 ? MPI_UNDEFINED : expected), "%s: rank %d, not %d", what, rank,
          expected);
    if (size != s->n)
        return;
    for (int i = 0; i < size; i++)
        mine[i] = i;
    CHECK_OK(MPI_Group_translate_ranks(group, size, mine, world, theirs));
    for (int i = 0; i < size; i++)
        CHECK(theirs[i] == s->rank[i], "%s: place %d is %d, not %d", what, i, theirs[i],
              s->rank[i]);
    CHECK((group == MPI_GROUP_EMPTY) == (s->n == 0) || s->n == 0, "%s: empty", what);
}

/* A random set in random order, and its group by inclusion. */
static MPI_Group draw(uint64_t *state, struct set *s)
{
    MPI_Group group = MPI_GROUP_NULL;

    s->n = 0;
    for (int r = 0; r < t_size; r++) {
        if (t_random(state, 2)) {
            int j = t_random(state, s->n + 1);
            s->rank[s->n] = s->rank[j];
            s->rank[j] = r;
            s->n++;
        }
    }
    MPI_Group_incl(world, s->n, s->rank, &group);
    check(group, s, "incl");
    return group;
}

static void add(struct set *s, int rank)
{
    s->rank[s->n++] = rank;
}

static void check_and_free(MPI_Group group, const struct set *s, const char *what)
{
    check(group, s, what);
    MPI_Group_free(&group);
    CHECK(group == MPI_GROUP_NULL, "%s: MPI_Group_free left the handle", what);
}

/* Union: the first, then what only the second has. Intersection and difference: in the first's
 * order. */
static void set_operations(MPI_Group a, const struct set *sa, MPI_Group b, const struct set *sb)
{
    struct set both = *sa, common = {0, {0}}, rest = {0, {0}};
    MPI_Group group;

    for (int i = 0; i < sb->n; i++)
        if (place(sa, sb->rank[i]) < 0)
            add(&both, sb->rank[i]);
    for (int i = 0; i < sa->n; i++)
        add(place(sb, sa->rank[i]) >= 0 ? &common : &rest, sa->rank[i]);
    MPI_Group_union(a, b, &group);
    check_and_free(group, &both, "union");
    MPI_Group_intersection(a, b, &group);
    check_and_free(group, &common, "intersection");
    MPI_Group_difference(a, b, &group);
    check_and_free(group, &rest, "difference");
}

static void compare(MPI_Group a, const struct set *sa, MPI_Group b, const struct set *sb)
{
    int wanted = MPI_IDENT, result = -1;

    for (int i = 0; i < sa->n && wanted != MPI_UNEQUAL; i++) {
        if (i >= sb->n || place(sb, sa->rank[i]) < 0)
            wanted = MPI_UNEQUAL;
        else if (sa->rank[i] != sb->rank[i])
            wanted = MPI_SIMILAR;
    }
    if (sa->n != sb->n)
        wanted = MPI_UNEQUAL;
    CHECK_OK(MPI_Group_compare(a, b, &result));
    CHECK(result == wanted, "compare: %d, not %d", result, wanted);
}

static void translate(MPI_Group a, const struct set *sa, MPI_Group b, const struct set *sb)
{
    int from[MAX + 1], to[MAX + 1];

    for (int i = 0; i < sa->n; i++)
        from[i] = sa->n - 1 - i;
    from[sa->n] = MPI_PROC_NULL;
    CHECK_OK(MPI_Group_translate_ranks(a, sa->n + 1, from, b, to));
    for (int i = 0; i < sa->n; i++) {
        int wanted = place(sb, sa->rank[from[i]]);
        CHECK(to[i] == (wanted < 0 ? MPI_UNDEFINED : wanted), "translate: %d, not %d", to[i],
              wanted);
    }
    CHECK(to[sa->n] == MPI_PROC_NULL, "translate of MPI_PROC_NULL: %d", to[sa->n]);
}

/* Part of a group by a list, the rest by excluding the same list. */
static void include_exclude(MPI_Group a, const struct set *sa, uint64_t *state)
{
    struct set in = {0, {0}}, out = {0, {0}};
    MPI_Group group;
    int list[MAX], n = 0;

    for (int i = sa->n - 1; i >= 0; i--) {
        if (t_random(state, 2)) {
            list[n++] = i;
            add(&in, sa->rank[i]);
        }
    }
    for (int i = 0; i < sa->n; i++)
        if (place(&in, sa->rank[i]) < 0)
            add(&out, sa->rank[i]);
    MPI_Group_incl(a, n, list, &group);
    check_and_free(group, &in, "incl of a part");
    MPI_Group_excl(a, n, list, &group);
    check_and_free(group, &out, "excl of a part");
}

/* Ranges with strides forwards and backwards over all ranks of the world. */
static void ranges(int first, int last, int stride)
{
    struct set in = {0, {0}}, out = {0, {0}};
    int range[1][3] = {{first, last, stride}};
    MPI_Group group;

    for (int r = first; stride > 0 ? r <= last : r >= last; r += stride)
        add(&in, r);
    for (int r = 0; r < t_size; r++)
        if (place(&in, r) < 0)
            add(&out, r);
    MPI_Group_range_incl(world, 1, range, &group);
    check_and_free(group, &in, "range_incl");
    MPI_Group_range_excl(world, 1, range, &group);
    check_and_free(group, &out, "range_excl");
}

static void two_ranges(void)
{
    struct set in = {0, {0}};
    int range[2][3] = {{t_size - 1, t_size / 2, -1}, {0, t_size / 2 - 1, 1}};
    MPI_Group group;

    for (int r = t_size - 1; r >= t_size / 2; r--)
        add(&in, r);
    for (int r = 0; r < t_size / 2; r++)
        add(&in, r);
    MPI_Group_range_incl(world, t_size > 1 ? 2 : 1, range, &group);
    check_and_free(group, &in, "two ranges");
}

static void empty(void)
{
    struct set none = {0, {0}};
    MPI_Group group;
    int result = -1;

    check(MPI_GROUP_EMPTY, &none, "MPI_GROUP_EMPTY");
    MPI_Group_incl(world, 0, NULL, &group);
    MPI_Group_compare(group, MPI_GROUP_EMPTY, &result);
    CHECK(result == MPI_IDENT, "incl of none and MPI_GROUP_EMPTY: %d", result);
    check_and_free(group, &none, "incl of none");
    MPI_Group_difference(world, world, &group);
    check_and_free(group, &none, "nothing left");
}

/* The group of a communicator is its own; it outlives it. */
static void of_communicator(void)
{
    struct set s = {0, {0}};
    MPI_Comm part;
    MPI_Group group;

    MPI_Comm_split(MPI_COMM_WORLD, t_rank % 2, -t_rank, &part);
    MPI_Comm_group(part, &group);
    MPI_Comm_free(&part);
    for (int r = t_size - 1; r >= 0; r--)
        if (r % 2 == t_rank % 2)
            add(&s, r);
    check_and_free(group, &s, "group of a freed communicator");
}

int main(int argc, char **argv)
{
    uint64_t state;
    struct set sa, sb;

    t_init(&argc, &argv);
    state = t_seed();
    MPI_Comm_group(MPI_COMM_WORLD, &world);
    for (int turn = 0; turn < 300; turn++) {
        MPI_Group a = draw(&state, &sa), b = draw(&state, &sb);
        set_operations(a, &sa, b, &sb);
        compare(a, &sa, b, &sb);
        compare(a, &sa, a, &sa);
        translate(a, &sa, b, &sb);
        include_exclude(a, &sa, &state);
        MPI_Group_free(&a);
        MPI_Group_free(&b);
    }
    for (int stride = 1; stride <= 3; stride++) {
        ranges(0, t_size - 1, stride);
        ranges(t_size - 1, 0, -stride);
    }
    two_ranges();
    empty();
    of_communicator();
    MPI_Group_free(&world);
    return t_finish();
}
