/* dt_random.c - random datatypes sent, packed and unpacked, compared with a model. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "dt_tree.h"

enum { TAG = 171, MAX_BYTES = 3 << 20 };

static int right, left;
static int current;

/* A buffer that holds `count` elements of a tree: where its memory starts relative to the buffer
 * address. */
struct area {
    unsigned char *memory;
    size_t bytes;
    MPI_Aint low;
};

static struct area make_area(const struct tree *t, int count, uint64_t key)
{
    MPI_Aint low, high, reach = (count > 0 ? count - 1 : 0) * (t->ub - t->lb);
    struct area a;

    tree_true_bounds(t, &low, &high);
    a.low = (reach < 0 ? low + reach : low) - 16;
    a.bytes = (size_t)((reach > 0 ? high + reach : high) + 16 - a.low);
    a.memory = malloc(a.bytes);
    t_fill(a.memory, a.bytes, key);
    return a;
}

static void *address(const struct area *a)
{
    return a->memory - a->low;
}

/* The model: the elements of `count` items in their order, from or to the packed form. */
static void model_copy(const struct tree *t, int count, const struct area *a, unsigned char *packed,
                       int pack)
{
    for (int c = 0; c < count; c++) {
        for (int i = 0; i < t->n; i++) {
            unsigned char *at = a->memory - a->low + t->map[i].disp + c * (t->ub - t->lb);
            size_t size = (size_t)tree_kind_size(t->map[i].kind);
            memcpy(pack ? packed : at, pack ? at : packed, size);
            packed += size;
        }
    }
}

/* Whether some byte is written twice when `count` of the type are received. */
static int overlaps(const struct tree *t, int count)
{
    struct area a = make_area(t, count, 0);
    int twice = 0;

    memset(a.memory, 0, a.bytes);
    for (int c = 0; c < count && !twice; c++) {
        for (int i = 0; i < t->n; i++) {
            unsigned char *at = a.memory - a.low + t->map[i].disp + c * (t->ub - t->lb);
            for (int b = 0; b < tree_kind_size(t->map[i].kind); b++)
                twice |= at[b]++ != 0;
        }
    }
    free(a.memory);
    return twice;
}

/* The same signature without gaps: what the other side may use instead. */
static MPI_Datatype flat_type(const struct tree *t)
{
    int *lengths = malloc((size_t)(t->n + 1) * sizeof *lengths);
    MPI_Aint *where = malloc((size_t)(t->n + 1) * sizeof *where), at = 0;
    MPI_Datatype *types = malloc((size_t)(t->n + 1) * sizeof *types), bare, type;

    for (int i = 0; i < t->n; i++) {
        lengths[i] = 1;
        where[i] = at;
        types[i] = tree_kind(t->map[i].kind);
        at += tree_kind_size(t->map[i].kind);
    }
    MPI_Type_create_struct(t->n, lengths, where, types, &bare);
    MPI_Type_create_resized(bare, 0, at, &type);
    MPI_Type_commit(&type);
    MPI_Type_free(&bare);
    free(lengths);
    free(where);
    free(types);
    return type;
}

static void check_layout(const struct tree *t)
{
    MPI_Aint lb = 0, extent = 0, low, high;
    int size = -1;

    MPI_Type_size(t->type, &size);
    CHECK(size == tree_size(t), "tree %d: size %d, not %d", current, size, tree_size(t));
    MPI_Type_get_extent(t->type, &lb, &extent);
    CHECK(t->n == 0 || (lb == t->lb && extent == t->ub - t->lb),
          "tree %d: lb %ld extent %ld, not %ld %ld", current, (long)lb, (long)extent, (long)t->lb,
          (long)(t->ub - t->lb));
    tree_true_bounds(t, &low, &high);
    MPI_Type_get_true_extent(t->type, &lb, &extent);
    CHECK(t->n == 0 || (lb == low && extent == high - low),
          "tree %d: true lb %ld extent %ld, not %ld %ld", current, (long)lb, (long)extent,
          (long)low, (long)(high - low));
}

static void compare(const struct area *got, const struct area *wanted, const char *how)
{
    size_t i = 0;

    while (i < got->bytes && got->memory[i] == wanted->memory[i])
        i++;
    CHECK(i == got->bytes, "tree %d: %s: byte %ld of [%ld, %ld) is %02x, not %02x", current, how,
          (long)i + (long)got->low, (long)got->low, (long)got->low + (long)got->bytes,
          got->memory[i], wanted->memory[i]);
}

static void check_counts(const struct tree *t, int count, const MPI_Status *status)
{
    int got = -1;

    MPI_Get_elements(status, t->type, &got);
    CHECK(got == count * t->n, "tree %d: %d elements, not %d", current, got, count * t->n);
    MPI_Get_count(status, t->type, &got);
    if (t->n > 0)
        CHECK(got == count, "tree %d: count %d, not %d", current, got, count);
}

/* Gathered by the library, taken flat; then sent flat, scattered by the library; then both. */
static void check_messages(const struct tree *t, int count, int size, unsigned char *packed,
                           unsigned char *flat, int twice)
{
    struct area from = make_area(t, count, (uint64_t)(100 + t_rank));
    struct area theirs = make_area(t, count, (uint64_t)(100 + left));
    struct area to = make_area(t, count, 7), wanted = make_area(t, count, 7);
    MPI_Datatype plain = flat_type(t);
    MPI_Status status;

    model_copy(t, count, &theirs, packed, 1);
    MPI_Sendrecv(address(&from), count, t->type, right, TAG, flat, count, plain, left, TAG,
                 MPI_COMM_WORLD, &status);
    CHECK(memcmp(flat, packed, (size_t)size) == 0, "tree %d: gathered otherwise than the model",
          current);
    CHECK(t_guards(flat, (size_t)size), "tree %d: a guard was written", current);
    if (!twice) {
        model_copy(t, count, &wanted, packed, 0);
        model_copy(t, count, &from, packed, 1);
        MPI_Sendrecv(packed, count, plain, right, TAG, address(&to), count, t->type, left, TAG,
                     MPI_COMM_WORLD, &status);
        compare(&to, &wanted, "flat to type");
        check_counts(t, count, &status);
        t_fill(to.memory, to.bytes, 7);
        MPI_Sendrecv(address(&from), count, t->type, right, TAG, address(&to), count, t->type, left,
                     TAG, MPI_COMM_WORLD, &status);
        compare(&to, &wanted, "type to type");
    }
    MPI_Type_free(&plain);
    free(from.memory);
    free(theirs.memory);
    free(to.memory);
    free(wanted.memory);
}

/* Packed, sent as MPI_PACKED, received as the type; and sent as the type, received packed,
 * unpacked. */
static void check_packing(const struct tree *t, int count, unsigned char *packed)
{
    struct area from = make_area(t, count, (uint64_t)(200 + t_rank));
    struct area theirs = make_area(t, count, (uint64_t)(200 + left));
    struct area to = make_area(t, count, 7), wanted = make_area(t, count, 7);
    unsigned char *buf, *other;
    int room = -1, end = 0, at = 0;
    MPI_Status status;

    model_copy(t, count, &theirs, packed, 1);
    model_copy(t, count, &wanted, packed, 0);
    MPI_Pack_size(count, t->type, MPI_COMM_WORLD, &room);
    CHECK(room >= tree_size(t) * count, "tree %d: MPI_Pack_size %d", current, room);
    buf = t_alloc((size_t)room);
    other = t_alloc((size_t)room);
    MPI_Pack(address(&from), count, t->type, buf, room, &end, MPI_COMM_WORLD);
    CHECK(end <= room && t_guards(buf, (size_t)room), "tree %d: packed %d of %d", current, end,
          room);
    MPI_Sendrecv(buf, end, MPI_PACKED, right, TAG, address(&to), count, t->type, left, TAG,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    compare(&to, &wanted, "packed to type");
    t_fill(to.memory, to.bytes, 7);
    MPI_Sendrecv(address(&from), count, t->type, right, TAG, other, room, MPI_PACKED, left, TAG,
                 MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_PACKED, &end);
    MPI_Unpack(other, end, &at, address(&to), count, t->type, MPI_COMM_WORLD);
    CHECK(at == end, "tree %d: unpacked %d of %d", current, at, end);
    compare(&to, &wanted, "unpacked");
    t_free(buf);
    t_free(other);
    free(from.memory);
    free(theirs.memory);
    free(to.memory);
    free(wanted.memory);
}

/* The type made again from its envelope: the same elements in the model, the same bytes packed. */
static void check_again(const struct tree *t, unsigned char *packed, unsigned char *flat)
{
    struct area from = make_area(t, 1, 300);
    int is_basic, same, at = 0, end = 0, size = tree_size(t);
    struct tree again = tree_again(t->type, &is_basic);

    same = again.n == t->n && again.lb == t->lb && again.ub == t->ub;
    for (int i = 0; same && i < t->n; i++)
        same = again.map[i].kind == t->map[i].kind && again.map[i].disp == t->map[i].disp;
    CHECK(same, "tree %d: of its contents another type is made: %d elements in [%ld, %ld)", current,
          again.n, (long)again.lb, (long)again.ub);
    MPI_Type_commit(&again.type);
    MPI_Pack(address(&from), 1, t->type, packed, size, &at, MPI_COMM_WORLD);
    MPI_Pack(address(&from), 1, again.type, flat, size, &end, MPI_COMM_WORLD);
    CHECK(at == end && memcmp(packed, flat, (size_t)size) == 0,
          "tree %d: packed otherwise when made from its contents", current);
    tree_free(&again);
    free(from.memory);
}

static void one_tree(uint64_t *state)
{
    struct tree t = tree_random(state, 1 + t_random(state, 4));
    int count = t_random(state, 4), size, twice;
    unsigned char *packed, *flat;

    if (t.n > TREE_MAX) {
        tree_free(&t);
        return;
    }
    MPI_Type_commit(&t.type);
    check_layout(&t);
    packed = malloc((size_t)tree_size(&t) + 1);
    flat = malloc((size_t)tree_size(&t) + 1);
    check_again(&t, packed, flat);
    free(packed);
    free(flat);
    if (t_random(state, 5) == 0 && t.n > 0)
        count = 60000 / (tree_size(&t) + 1) + 5;
    if (((t.ub - t.lb < 0 ? t.lb - t.ub : t.ub - t.lb) + 1) * count > MAX_BYTES)
        count = 2;
    size = tree_size(&t) * count;
    packed = malloc((size_t)size + 1);
    flat = t_alloc((size_t)size);
    twice = overlaps(&t, count);
    check_messages(&t, count, size, packed, flat, twice);
    if (!twice)
        check_packing(&t, count, packed);
    free(packed);
    t_free(flat);
    tree_free(&t);
}

int main(int argc, char **argv)
{
    int trees = argc > 1 ? atoi(argv[1]) : 400;
    uint64_t state;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    state = t_seed();
    for (current = 0; current < trees; current++)
        one_tree(&state);
    return t_finish();
}
