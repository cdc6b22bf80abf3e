/* coll_inter.c - the collective operations between two groups of unequal size against the model. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_inter [OPERATION|all [MAX_BYTES [FORM|all]]] */
#include "coll_run.h"

static const MPI_Count sizes[] = {0, 1, 8, 41, 64, 1000, 4097, 20000, 65537, 262145};
static struct coll_group group;
static unsigned turn;
static int calls;

/* What Debian's MPICH 4.0.2, the control of this program, is known to do wrong: see coll_model;
 * what Ibcast brings across is not always what was sent; and it chooses algorithms of Gather and Scatter
 * by counts that are not significant at the root. */
static bool peer_fails(const struct coll_case *c)
{
#ifdef MPICH_VERSION
    enum coll_id op = c->operation;

    return c->form == COLL_PERSISTENT || (c->form == COLL_NONBLOCKING && op == COLL_BCAST) ||
           ((op == COLL_GATHER || op == COLL_SCATTER) && c->bytes > 1000);
#else
    (void)c;
    return false;
#endif
}

static void one(enum coll_id op, enum coll_form form, MPI_Count bytes, int pair)
{
    static struct coll_plan plan;
    struct coll_case c = {.operation = op, .form = form, .large = turn % 5 > 2, .bytes = bytes};
    int low = group.side == 0 ? group.local : group.remote;

    /* A root at either end of either group. */
    if (coll_rooted(op)) {
        c.root_side = turn % 2;
        c.root = turn % 3 == 0 ? 0 : (c.root_side == 0 ? low : t_size - low) - 1;
    }
    c.out = coll_reduces(op) ? &coll_reduced[pair] : &coll_moved[coll_pairs[pair].out];
    c.in = coll_reduces(op) ? &coll_reduced[pair] : &coll_moved[coll_pairs[pair].in];
    turn++;
    if (peer_fails(&c))
        return;
    calls++;
    coll_begin(&plan, &c, &group);
    coll_run(&plan, turn);
    coll_end(&plan);
}

static void all_sizes(enum coll_id op, enum coll_form form, MPI_Count max_bytes)
{
    int pairs = op == COLL_BARRIER ? 1 : coll_reduces(op) ? COLL_REDUCED : T_COUNT(coll_pairs);

    if (op == COLL_SCAN || op == COLL_EXSCAN)
        return;
    /* Here a block grows with both groups. */
    if (op == COLL_REDUCE_SCATTER || op == COLL_REDUCE_SCATTER_BLOCK)
        max_bytes /= group.local * group.remote;
    for (int s = 0; s < T_COUNT(sizes) && sizes[s] <= max_bytes; s++)
        for (int pair = 0; pair < pairs; pair++)
            one(op, form, sizes[s], pair);
}

static int number_of(const char *name, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

int main(int argc, char **argv)
{
    int op, form, low;
    MPI_Count max_bytes = argc > 2 ? atoll(argv[2]) : 300000;
    MPI_Comm half, inter;

    t_init(&argc, &argv);
    if (t_size < 2)
        return t_finish();
    op = number_of(argc > 1 ? argv[1] : "all", coll_names, COLL_OPERATIONS);
    form = number_of(argc > 3 ? argv[3] : "all", coll_forms, COLL_FORMS);
    low = t_size * 2 / 5 > 0 ? t_size * 2 / 5 : 1;
    MPI_Comm_split(MPI_COMM_WORLD, t_rank >= low, t_rank, &half);
    MPI_Intercomm_create(half, 0, MPI_COMM_WORLD, t_rank < low ? low : 0, 3, &inter);
    MPI_Comm_set_errhandler(inter, MPI_ERRORS_RETURN);
    group = coll_intra(inter);
    group.inter = true;
    group.side = t_rank >= low;
    MPI_Comm_remote_size(inter, &group.remote);
    coll_kinds_start();
    for (int o = 0; o < COLL_OPERATIONS; o++)
        for (int f = 0; f < COLL_FORMS; f++)
            if ((op < 0 || o == op) && (form < 0 || f == form))
                all_sizes((enum coll_id)o, (enum coll_form)f, max_bytes);
    coll_kinds_end();
    MPI_Comm_free(&inter);
    MPI_Comm_free(&half);
    if (t_rank == 0)
        printf("%d calls\n", calls);
    return t_finish();
}
