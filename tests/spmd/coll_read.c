/* coll_read.c - collectives that read other ranks' memory: they do where they may, and only then; blocks with holes,
 * in place, more at once than one turn reads, and without anything. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_read yes|no: whether the library lets them, with algorithms that would */
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

enum { COUNT = 5000, SHORT = 2000, LONG = 300000 }; /* SHORT: eager */

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

/* Whether the kernel lets this rank and all others read each other. */
static bool kernel_permits(void)
{
    long mine[2] = {getpid(), (long)(intptr_t)mine};
    long *all = calloc((size_t)t_size * 2, sizeof *all);
    int may = 1;

    MPI_Allgather(mine, 2, MPI_LONG, all, 2, MPI_LONG, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++) {
        long there[2];
        struct iovec to = {.iov_base = there, .iov_len = sizeof there};
        struct iovec from = {.iov_base = (void *)(intptr_t)all[2 * i + 1], .iov_len = sizeof there};
        may = may && (i == t_rank || process_vm_readv((pid_t)all[2 * i], &to, 1, &from, 1, 0) == sizeof there);
    }
    MPI_Allreduce(MPI_IN_PLACE, &may, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
    free(all);
    return may;
}

/* Every second int on one side, all ints on the other. */
static void allgather(MPI_Datatype holes, bool sparse_out, int count)
{
    int *out = calloc((size_t)count * 2 + 1, sizeof *out);
    int *in = calloc((size_t)t_size * (size_t)count * 2 + 1, sizeof *in);
    int out_step = sparse_out ? 2 : 1, in_step = 3 - out_step;

    fill(out, t_rank, 0, count, out_step);
    MPI_Allgather(out, count, sparse_out ? holes : MPI_INT, in, count, sparse_out ? MPI_INT : holes, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++)
        check(in + i * count * in_step, i, 0, count, in_step, "allgather");
    free(out);
    free(in);
}

static void allgather_in_place(MPI_Datatype holes)
{
    int *all = calloc((size_t)t_size * COUNT * 2, sizeof *all);

    fill(all + t_rank * COUNT * 2, t_rank, 0, COUNT, 2);
    MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, COUNT, holes, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++)
        check(all + i * COUNT * 2, i, 0, COUNT, 2, "allgather in place");
    free(all);
}

/* Who has started it may compute for long: only what does not go eagerly waits for that. */
static void iallgather(int count)
{
    int *out = calloc((size_t)count, sizeof *out), *in = calloc((size_t)t_size * (size_t)count, sizeof *in);
    MPI_Request request;

    fill(out, t_rank, 0, count, 1);
    MPI_Iallgather(out, count, MPI_INT, in, count, MPI_INT, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    for (int i = 0; i < t_size; i++)
        check(in + i * count, i, 0, count, 1, "iallgather");
    free(out);
    free(in);
}

/* From dense to blocks with holes, or the other way. */
static void alltoall(MPI_Datatype holes, bool sparse_out, int count)
{
    int out_step = sparse_out ? 2 : 1, in_step = 3 - out_step;
    int *out = calloc((size_t)t_size * (size_t)count * 2 + 1, sizeof *out);
    int *in = calloc((size_t)t_size * (size_t)count * 2 + 1, sizeof *in);

    for (int i = 0; i < t_size; i++)
        fill(out + i * count * out_step, t_rank, i, count, out_step);
    MPI_Alltoall(out, count, sparse_out ? holes : MPI_INT, in, count, sparse_out ? MPI_INT : holes, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++)
        check(in + i * count * in_step, i, t_rank, count, in_step, "alltoall");
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
    bool may = kernel_permits() && argc > 1 && strcmp(argv[1], "yes") == 0;
    unsigned long long others = (unsigned long long)t_size - 1;
    MPI_Type_create_resized(MPI_INT, 0, 2 * sizeof(int), &holes);
    MPI_Type_commit(&holes);
    start_counting();
    allgather(holes, true, COUNT);
    expect(others, may, "allgather of blocks with holes");
    allgather(holes, false, COUNT);
    expect(others, may, "allgather into blocks with holes");
    allgather(holes, true, LONG);
    expect(others, may, "allgather of long blocks");
    allgather(holes, false, 0);
    expect(0, may, "allgather of nothing");
    allgather_in_place(holes);
    expect(others, may, "allgather in place");
    iallgather(SHORT);
    expect(0, may, "iallgather of blocks that are eager");
    iallgather(LONG);
    expect(others, may, "iallgather of long blocks");
    alltoall(holes, true, COUNT);
    expect(others, may, "alltoall of blocks with holes");
    alltoall(holes, false, COUNT);
    expect(others, may, "alltoall into blocks with holes");
    alltoall(holes, true, 0);
    expect(0, may, "alltoall of nothing");
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
