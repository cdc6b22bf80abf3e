/* The world's boards: as in shared memory, but that one process has all parts. Stands in for collectives/board_make.c.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <string.h>

#include "../../collectives/board.h"

/* As on a node, a part is not cleared for the next communicator: the numbers go on. */
static struct tri_board_part *parts[WORLD_MAX];
static char *rings[WORLD_MAX];
static struct tri_board *boards[WORLD_MAX];
static uint64_t next;

static void wake(int peer)
{
    (void)peer;
}

static const struct tri_transport transport = {.name = "world", .wake = wake};

struct tri_board *world_board_make(int rank, int size, const int *processes)
{
    struct tri_board *board = tri_memory_take(sizeof *board);
    *board = (struct tri_board){.count = size,
                                .own = rank,
                                .transport = &transport,
                                .next = next,
                                .left = next,
                                .all_left = next};
    for (int i = 0; i < size; i++) {
        if (!parts[i]) {
            parts[i] = aligned_alloc(TRI_CACHE_LINE, sizeof *parts[i]);
            assert_non_null(parts[i]);
            memset(parts[i], 0, sizeof *parts[i]);
        }
        if (!rings[i]) {
            rings[i] = aligned_alloc(TRI_CACHE_LINE, TRI_BOARD_RING);
            assert_non_null(rings[i]);
        }
        board->peers[i] = processes[i];
        board->parts[i] = parts[i];
        board->rings[i] = rings[i];
    }
    atomic_store(&parts[rank]->left, next);
    boards[rank] = board;
    return board;
}

int world_boards_end(void)
{
    int faults = 0;
    uint64_t numbers = boards[0] ? boards[0]->next : next;
    for (int i = 0; i < WORLD_MAX; i++) {
        if (boards[i]) {
            faults += boards[i]->next != numbers || boards[i]->left != numbers;
            next = TRI_MAX(next, boards[i]->next);
            free(boards[i]);
            boards[i] = NULL;
        }
    }
    return faults;
}

void world_boards_free(void)
{
    for (int i = 0; i < WORLD_MAX; i++) {
        free(parts[i]);
        parts[i] = NULL;
        free(rings[i]);
        rings[i] = NULL;
    }
    next = 0;
}

/* ---- what the engine asks the maker of boards ---- */

char *tri_board_map_ring(struct tri_board *board, int member)
{
    return board->rings[member];
}

int tri_boards_make(struct tri_comm *comm)
{
    (void)comm; /* those that can have one have it already */
    return MPI_SUCCESS;
}

void tri_board_free(struct tri_board *board)
{
    (void)board;
}

void tri_boards_end(void)
{
}
