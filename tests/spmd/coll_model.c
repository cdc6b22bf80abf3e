/* coll_model.c - every collective operation in every form against a naive model. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_model [OPERATION|all [MAX_BYTES [FORM|all]]]
 *
 * Small sizes run with every datatype, plain and in place; for large ones these take turns, as
 * roots, faces and communicators do everywhere. */
#include "coll_run.h"

enum { SMALL = 5000 };

static const MPI_Count sizes[] = {0,     1,     2,     3,     7,      8,       40,      41,
                                  56,    57,    63,    64,    65,     1000,    4096,    4097,
                                  32767, 32768, 32769, 65535, 65536,  65537,   262145,  1048575,
                                  1048577};
static struct coll_group groups[2]; /* the world, and its ranks in another order */
static MPI_Count max_bytes = 300000;
static unsigned turn;
static int calls;

static bool has_place(enum coll_id op)
{
    return op != COLL_BARRIER && op != COLL_BCAST;
}

/* What Debian's MPICH 4.0.2, the control of this program, is known to do wrong: it copies a rank's
 * own block when a persistent request is made, not when it starts; it crashes in a large reduction
 * in place at a root other than 0, and in one that is scattered; and it mixes up the types in
 * Ialltoallw in place. */
static bool peer_fails(const struct coll_case *c)
{
#ifdef MPICH_VERSION
    enum coll_id op = c->operation;

    return c->form == COLL_PERSISTENT || (c->in_place && op == COLL_REDUCE && c->root != 0) ||
           (c->in_place && op == COLL_REDUCE_SCATTER && c->bytes > SMALL) ||
           (c->in_place && op == COLL_ALLTOALLW && c->form == COLL_NONBLOCKING);
#else
    (void)c;
    return false;
#endif
}

static void one(enum coll_id op, enum coll_form form, MPI_Count bytes, int pair, bool in_place)
{
    static struct coll_plan plan;
    const struct coll_group *g = &groups[turn % 7 < 5 ? 0 : 1];
    const int roots[] = {0, g->local - 1, g->local / 2};
    struct coll_case c = {.operation = op,
                          .form = form,
                          .large = turn % 5 > 2,
                          .in_place = in_place,
                          .bytes = bytes,
                          .root = coll_rooted(op) ? roots[turn % 3] : 0};

    c.out = coll_reduces(op) ? &coll_reduced[pair] : &coll_moved[coll_pairs[pair].out];
    c.in = coll_reduces(op) ? &coll_reduced[pair] : &coll_moved[coll_pairs[pair].in];
    turn++;
    if (peer_fails(&c))
        return;
    calls++;
    coll_begin(&plan, &c, g);
    coll_run(&plan, turn);
    coll_end(&plan);
}

static void all_kinds(enum coll_id op, enum coll_form form, MPI_Count bytes)
{
    int pairs = op == COLL_BARRIER  ? 1
                : coll_reduces(op) ? COLL_REDUCED
                                   : T_COUNT(coll_pairs);

    if (bytes > SMALL) {
        one(op, form, bytes, (int)(turn % (unsigned)pairs), false);
        if (has_place(op))
            one(op, form, bytes, (int)(turn % (unsigned)pairs), true);
        return;
    }
    for (int pair = 0; pair < pairs; pair++)
        for (int in_place = 0; in_place < 1 + has_place(op); in_place++)
            one(op, form, bytes, pair, in_place);
}

/* The number of a name in a list; -1 for "all". */
static int number_of(const char *name, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    if (strcmp(name, "all") != 0) {
        fprintf(stderr, "coll_model: there is no '%s'; one of:", name);
        for (int i = 0; i < n; i++)
            fprintf(stderr, " %s", names[i]);
        fprintf(stderr, " all\n");
        MPI_Abort(MPI_COMM_WORLD, 2);
    }
    return -1;
}

int main(int argc, char **argv)
{
    int op, form;
    MPI_Comm turned;

    t_init(&argc, &argv);
    op = number_of(argc > 1 ? argv[1] : "all", coll_names, COLL_OPERATIONS);
    form = number_of(argc > 3 ? argv[3] : "all", coll_forms, COLL_FORMS);
    max_bytes = argc > 2 ? atoll(argv[2]) : max_bytes;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_split(MPI_COMM_WORLD, 0, (t_size - t_rank) * 5 % 7, &turned);
    groups[0] = coll_intra(MPI_COMM_WORLD);
    groups[1] = coll_intra(turned);
    coll_kinds_start();
    for (int o = 0; o < COLL_OPERATIONS; o++)
        for (int f = 0; f < COLL_FORMS; f++)
            for (int s = 0; s < T_COUNT(sizes) && sizes[s] <= max_bytes; s++)
                if ((op < 0 || o == op) && (form < 0 || f == form))
                    all_kinds((enum coll_id)o, (enum coll_form)f, sizes[s]);
    coll_kinds_end();
    MPI_Comm_free(&turned);
    if (t_rank == 0)
        printf("%d calls\n", calls);
    return t_finish();
}
