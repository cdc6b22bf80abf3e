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

/* All ranks are threads of one process. */
static int get(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
               struct tri_completion *completion)
{
    (void)ep, (void)key, (void)completion;
    memcpy(local, (const void *)(uintptr_t)remote, len);
    return TRI_OK;
}

static const struct tri_transport transport = {.name = "world", .wake = wake, .get = get};

struct tri_board *world_board_make(int rank, const int *members, int count)
{
    struct tri_board *board = tri_memory_take(sizeof *board);
    *board = (struct tri_board){.count = count, .transport = &transport, .next = next, .left = next, .all_left = next};
    for (int i = 0; i < count; i++) {
        struct tri_board_part **part = &parts[members[i]];
        if (!*part) {
            *part = aligned_alloc(TRI_CACHE_LINE, sizeof **part);
            assert_non_null(*part);
            memset(*part, 0, sizeof **part);
        }
        board->peers[i] = members[i];
        board->parts[i] = *part;
        board->own = members[i] == rank ? i : board->own;
    }
    atomic_store(&parts[rank]->left, next);
    boards[rank] = board;
    return board;
}

int world_boards_end(void)
{
    int faults = 0;
    uint64_t latest = next;
    for (int i = 0; i < WORLD_MAX; i++) {
        if (boards[i]) {
            faults += boards[i]->left != boards[i]->next || (latest > next && boards[i]->next != latest);
            latest = TRI_MAX(latest, boards[i]->next);
            free(boards[i]);
            boards[i] = NULL;
        }
    }
    next = latest;
    return faults;
}

void world_boards_free(void)
{
    for (int i = 0; i < WORLD_MAX; i++) {
        free(parts[i]);
        free(rings[i]);
        parts[i] = NULL;
        rings[i] = NULL;
    }
    next = 0;
}

/* ---- what the engine asks the maker of boards ---- */

int tri_boards_make(struct tri_comm *comm)
{
    (void)comm; /* those that can have one have it already */
    return MPI_SUCCESS;
}

char *tri_board_map_ring(struct tri_board *board, int member)
{
    int process = board->peers[member];
    if (!rings[process]) {
        rings[process] = aligned_alloc(TRI_CACHE_LINE, TRI_BOARD_RING);
        assert_non_null(rings[process]);
    }
    board->rings[member] = rings[process];
    return rings[process];
}

void tri_board_free(struct tri_board *board)
{
    (void)board;
}

void tri_boards_end(void)
{
}
