/* Ring: a token that every rank changes, and a shift of all blocks at once, verified. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"

enum { TAG_TOKEN = 1, TAG_SHIFT = 2 };

struct ring {
    MPI_Comm comm;
    int rank, size, next, previous;
};

static struct ring ring_of(MPI_Comm comm)
{
    struct ring ring = {.comm = comm};

    MPI_Comm_rank(comm, &ring.rank);
    MPI_Comm_size(comm, &ring.size);
    ring.next = (ring.rank + 1) % ring.size;
    ring.previous = (ring.rank + ring.size - 1) % ring.size;
    return ring;
}

static void add_to_all(long *token, long count, long what)
{
    for (long i = 0; i < count; i++)
        token[i] += what;
}

/* Each rank adds its rank + 1 to each number; after all rounds rank 0 knows what must be there.
 * Rank 0 sends without blocking, so that the ring also turns when it is its own neighbour. */
static long pass_token(const struct ring *ring, long rounds, long count)
{
    long *token = demo_alloc((size_t)count * sizeof *token);
    long *arrived = demo_alloc((size_t)count * sizeof *arrived);
    long turn = (long)ring->size * (ring->size + 1) / 2, wrong = 0;

    for (long i = 0; i < count && ring->rank == 0; i++)
        token[i] = i;
    for (long round = 0; round < rounds; round++) {
        if (ring->rank == 0) {
            MPI_Request request;
            MPI_Isend(token, (int)count, MPI_LONG, ring->next, TAG_TOKEN, ring->comm, &request);
            MPI_Recv(arrived, (int)count, MPI_LONG, ring->previous, TAG_TOKEN, ring->comm,
                     MPI_STATUS_IGNORE);
            MPI_Wait(&request, MPI_STATUS_IGNORE);
            for (long i = 0; i < count; i++)
                token[i] = arrived[i] + 1;
        } else {
            MPI_Recv(token, (int)count, MPI_LONG, ring->previous, TAG_TOKEN, ring->comm,
                     MPI_STATUS_IGNORE);
            add_to_all(token, count, ring->rank + 1);
            MPI_Send(token, (int)count, MPI_LONG, ring->next, TAG_TOKEN, ring->comm);
        }
    }
    for (long i = 0; i < count && ring->rank == 0; i++)
        wrong += token[i] != i + rounds * turn;
    free(arrived);
    free(token);
    return wrong;
}

/* All ranks send at once; after `size` shifts each block is home again, and on its way each stop
 * is checked for the block that must be there. */
static long shift_blocks(const struct ring *ring, long count)
{
    long *block = demo_alloc((size_t)count * sizeof *block);
    long *other = demo_alloc((size_t)count * sizeof *other);
    long wrong = 0;

    add_to_all(block, count, ring->rank);
    for (int step = 1; step <= ring->size; step++) {
        MPI_Status status;
        int got;
        MPI_Sendrecv(block, (int)count, MPI_LONG, ring->next, TAG_SHIFT, other, (int)count,
                     MPI_LONG, ring->previous, TAG_SHIFT, ring->comm, &status);
        MPI_Get_count(&status, MPI_LONG, &got);
        int owner = (ring->rank - step + ring->size) % ring->size;
        wrong += got != count || status.MPI_SOURCE != ring->previous;
        for (long i = 0; i < count; i++)
            wrong += other[i] != owner;
        long *swap = block;
        block = other;
        other = swap;
    }
    free(other);
    free(block);
    return wrong;
}

int main(int argc, char **argv)
{
    long rounds = 20, count = 1000, wrong = 0;
    const struct demo_option options[] = {
        {'r', "rounds of the token", &rounds, 1, 1000000},
        {'c', "numbers (8 bytes each) in the token", &count, 1, 100000000},
        {0},
    };

    MPI_Init(&argc, &argv);
    int answer = demo_parse(argc, argv, "ring", options);
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    double start = MPI_Wtime();
    struct ring world = ring_of(MPI_COMM_WORLD);
    wrong += pass_token(&world, rounds, count);
    wrong += shift_blocks(&world, count);

    /* The same again on two rings side by side, with the order of the ranks turned round. */
    MPI_Comm half;
    MPI_Comm_split(MPI_COMM_WORLD, world.rank % 2, -world.rank, &half);
    struct ring part = ring_of(half);
    wrong += pass_token(&part, rounds, count);
    wrong += shift_blocks(&part, count);
    MPI_Comm_free(&half);
    double time = MPI_Wtime() - start;
    return demo_finish("ring", wrong, "%ld rounds of %ld bytes in %.3f s", rounds,
                       count * (long)sizeof(long), time);
}
