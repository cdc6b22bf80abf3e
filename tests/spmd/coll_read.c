/* coll_read.c - collectives that read other ranks' memory: they do where they may, and only then; blocks with holes,
 * in place, and without anything. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_read yes|no: whether the kernel lets them, with algorithms that would */
#include <stdbool.h>

#include "test.h"

enum { COUNT = 5000 };

static MPI_T_pvar_session session;
static MPI_T_pvar_handle handle;

static unsigned long long reads(void)
{
    unsigned long long value = 0;

    CHECK_OK(MPI_T_pvar_read(session, handle, &value));
    return value;
}

static void start_counting(void)
{
    int provided, index = -1, count;

    CHECK_OK(MPI_T_init_thread(MPI_THREAD_SINGLE, &provided));
    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_get_index("collective_reads", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &handle, &count));
    CHECK_OK(MPI_T_pvar_start(session, handle));
}

static int value_of(int from, int to, int i)
{
    return from * 100003 + to * 1009 + i;
}

/* Elements lie `step` ints apart. */
static void fill(int *block, int from, int to, int count, int step)
{
    for (int i = 0; i < count; i++)
        block[i * step] = value_of(from, to, i);
}

static void check(const int *block, int from, int to, int count, int step, const char *what)
{
    for (int i = 0; i < count; i++)
        if (block[i * step] != value_of(from, to, i)) {
            CHECK(0, "%s, block of %d: element %d is %d, not %d", what, from, i, block[i * step],
                  value_of(from, to, i));
            return;
        }
}

/* Every second int on one side, all ints on the other. */
static void allgather(MPI_Datatype holes, bool sparse_out)
{
    int *out = calloc(COUNT * 2, sizeof *out);
    int *in = calloc((size_t)t_size * COUNT * 2, sizeof *in);
    int out_step = sparse_out ? 2 : 1, in_step = 3 - out_step;

    fill(out, t_rank, 0, COUNT, out_step);
    MPI_Allgather(out, COUNT, sparse_out ? holes : MPI_INT, in, COUNT, sparse_out ? MPI_INT : holes,
                  MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++)
        check(in + i * COUNT * in_step, i, 0, COUNT, in_step, "allgather");
    free(out);
    free(in);
}

/* What the others still read must not change under them. */
static void alltoall_in_place(MPI_Datatype type, int step)
{
    int *all = calloc((size_t)t_size * COUNT * 2, sizeof *all);

    for (int i = 0; i < t_size; i++)
        fill(all + i * COUNT * step, t_rank, i, COUNT, step);
    MPI_Alltoall(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, COUNT, type, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++)
        check(all + i * COUNT * step, i, t_rank, COUNT, step, "alltoall in place");
    free(all);
}

/* The others change their vectors as soon as the call lets them. */
static void reduce(int count, bool in_place)
{
    long *out = calloc(COUNT, sizeof *out), *in = calloc(COUNT, sizeof *in);

    for (int root = 0; root < t_size; root++) {
        bool here = t_rank == root;
        for (int i = 0; i < count; i++)
            out[i] = in[i] = t_rank * 7 + i;
        MPI_Reduce(here && in_place ? MPI_IN_PLACE : out, here ? in : NULL, count, MPI_LONG, MPI_SUM, root,
                   MPI_COMM_WORLD);
        memset(out, 0x77, COUNT * sizeof *out);
        for (int i = 0; here && i < count; i++)
            if (in[i] != (long)t_size * (t_size - 1) / 2 * 7 + (long)t_size * i) {
                CHECK(0, "reduce to %d: element %d is %ld", root, i, in[i]);
                break;
            }
    }
    free(out);
    free(in);
}

/* So many reads at this rank since the last time. */
static void expect(unsigned long long count, bool may, const char *what)
{
    static unsigned long long before;
    unsigned long long now = reads();

    CHECK(now - before == (may ? count : 0), "%s: %llu reads, not %llu", what, now - before, may ? count : 0);
    before = now;
}

int main(int argc, char **argv)
{
    MPI_Datatype holes;

    t_init(&argc, &argv);
    bool may = argc > 1 && strcmp(argv[1], "yes") == 0;
    unsigned long long others = (unsigned long long)t_size - 1;
    MPI_Type_create_resized(MPI_INT, 0, 2 * sizeof(int), &holes);
    MPI_Type_commit(&holes);
    start_counting();
    allgather(holes, true);
    expect(others, may, "allgather of blocks with holes");
    allgather(holes, false);
    expect(others, may, "allgather into blocks with holes");
    alltoall_in_place(MPI_INT, 1);
    expect(others, may, "alltoall in place");
    alltoall_in_place(holes, 2);
    expect(others, may, "alltoall in place, with holes");
    reduce(COUNT, false);
    expect(others, may, "reduce");
    reduce(COUNT, true);
    expect(others, may, "reduce in place");
    reduce(0, false);
    expect(0, may, "reduce of nothing");
    MPI_Type_free(&holes);
    MPI_T_pvar_handle_free(session, &handle);
    MPI_T_pvar_session_free(&session);
    MPI_T_finalize();
    return t_finish();
}
