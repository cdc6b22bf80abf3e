/* coll_barrier.c - nobody leaves a barrier before all have come. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Seen in memory that the ranks of a node share. */
#include "test.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TURNS = 200, NAME = 256 };

static MPI_Comm node;
static int rank, size;
static const char *const forms[] = {"blocking", "nonblocking", "persistent"};

/* A file of the node's first rank, unlinked as soon as all have mapped it: one counter a rank. */
static volatile int *share(void)
{
    const char *tmp = getenv("TMPDIR");
    char name[NAME] = "";
    size_t bytes = (size_t)size * 64;
    volatile int *counters;
    int fd = -1;

    if (rank == 0) {
        snprintf(name, sizeof name, "%s/spmd-barrier.XXXXXX", tmp ? tmp : "/tmp");
        fd = mkstemp(name);
        if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0)
            MPI_Abort(MPI_COMM_WORLD, 2);
    }
    MPI_Bcast(name, NAME, MPI_CHAR, 0, node);
    if (rank != 0)
        fd = open(name, O_RDWR);
    counters = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || counters == MAP_FAILED)
        MPI_Abort(MPI_COMM_WORLD, 2);
    close(fd);
    /* All must have it mapped before it goes; a broken barrier only makes the open above fail. */
    MPI_Barrier(node);
    if (rank == 0)
        unlink(name);
    return counters;
}

/* One barrier on a communicator, in each of the forms in turn. */
static void barrier(MPI_Comm comm, MPI_Request *persistent, int turn)
{
    MPI_Request request;

    if (turn % 3 == 0) {
        MPI_Barrier(comm);
    } else if (turn % 3 == 1) {
        MPI_Ibarrier(comm, &request);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    } else {
        MPI_Start(persistent);
        MPI_Wait(persistent, MPI_STATUS_IGNORE);
    }
}

/* Ranks `first` to `last` must have come when this rank leaves. */
static void turns(MPI_Comm comm, volatile int *counters, int first, int last, int start)
{
    uint64_t state = t_seed() + (uint64_t)t_rank;
    MPI_Request persistent;

    MPI_Barrier_init(comm, MPI_INFO_NULL, &persistent);
    for (int turn = start + 1; turn <= start + TURNS; turn++) {
        if (t_random(&state, 20) == 0)
            usleep((useconds_t)t_random(&state, 3000));
        __atomic_store_n(&counters[rank * 16], turn, __ATOMIC_RELEASE);
        barrier(comm, &persistent, turn);
        for (int r = first; r <= last; r++)
            CHECK(__atomic_load_n(&counters[r * 16], __ATOMIC_ACQUIRE) >= turn,
                  "turn %d, %s: rank %d had not come", turn, forms[turn % 3], r);
    }
    MPI_Request_free(&persistent);
}

/* A barrier between two groups waits for the ranks of the other one. */
static void between_groups(volatile int *counters)
{
    int low = (size + 1) / 3 > 0 ? (size + 1) / 3 : 1, above = rank >= low;
    MPI_Comm half, inter;

    MPI_Comm_split(node, above, rank, &half);
    MPI_Intercomm_create(half, 0, node, above ? 0 : low, 3, &inter);
    turns(inter, counters, above ? 0 : low, above ? low - 1 : size - 1, TURNS);
    MPI_Comm_free(&inter);
    MPI_Comm_free(&half);
}

int main(int argc, char **argv)
{
    volatile int *counters;

    t_init(&argc, &argv);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &rank);
    MPI_Comm_size(node, &size);
    counters = share();
    turns(node, counters, 0, size - 1, 0);
    if (size > 1)
        between_groups(counters);
    MPI_Comm_free(&node);
    return t_finish();
}
