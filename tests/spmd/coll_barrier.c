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

int main(int argc, char **argv)
{
    volatile int *counters;
    uint64_t state;

    t_init(&argc, &argv);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &rank);
    MPI_Comm_size(node, &size);
    counters = share();
    state = t_seed() + (uint64_t)t_rank;
    for (int turn = 1; turn <= TURNS; turn++) {
        if (t_random(&state, 20) == 0)
            usleep((useconds_t)t_random(&state, 3000));
        __atomic_store_n(&counters[rank * 16], turn, __ATOMIC_RELEASE);
        MPI_Barrier(node);
        for (int r = 0; r < size; r++)
            CHECK(__atomic_load_n(&counters[r * 16], __ATOMIC_ACQUIRE) >= turn,
                  "turn %d: rank %d had only come to %d", turn, r, counters[r * 16]);
    }
    MPI_Comm_free(&node);
    return t_finish();
}
