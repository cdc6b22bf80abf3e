/* Using a board: when a desk and a piece are free, showing, leaving. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board.h"

void tri_board_look_who_left(struct tri_board *board)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < board->count; i++) {
        /* Acquire, pairs with the release in tri_board_leave: what the member read, it has read. */
        uint64_t left = atomic_load_explicit(&board->parts[i]->left, memory_order_acquire);
        least = TRI_MIN(least, left);
    }
    board->all_left = least;
}

uint64_t tri_board_enter(struct tri_board *board, int64_t bytes)
{
    uint64_t len = ((uint64_t)bytes + TRI_CACHE_LINE - 1) & ~(uint64_t)(TRI_CACHE_LINE - 1);
    uint64_t room = TRI_BOARD_RING - board->position % TRI_BOARD_RING;
    board->position += len > room ? room : 0; /* a piece does not go round the end */
    board->piece[board->next % TRI_BOARD_OPERATIONS] = board->position;
    board->position += len;
    board->ends[board->next % TRI_BOARD_OPERATIONS] = board->position;
    return board->next++;
}

/* With all operations below `left` over. */
static bool is_free(const struct tri_board *board, uint64_t number, uint64_t left)
{
    return number < left + TRI_BOARD_OPERATIONS &&
           board->ends[number % TRI_BOARD_OPERATIONS] <= board->piece[left % TRI_BOARD_OPERATIONS] + TRI_BOARD_RING;
}

bool tri_board_is_free(struct tri_board *board, uint64_t number)
{
    if (TRI_LIKELY(is_free(board, number, board->all_left))) {
        return true;
    }
    tri_board_look_who_left(board);
    return is_free(board, number, board->all_left);
}

void tri_board_show(struct tri_board *board, uint64_t number, int stage)
{
    /* Release, pairs with the acquire in tri_board_is_shown: who sees the flag sees the data. */
    atomic_store_explicit(&tri_board_desk(board, board->own, number)->lines[stage].shown, number + 1,
                          memory_order_release);
    for (int i = 0; i < board->count; i++) {
        if (i != board->own) {
            board->transport->wake(board->peers[i]);
        }
    }
}

void tri_board_leave(struct tri_board *board, uint64_t number)
{
    board->over[number % TRI_BOARD_OPERATIONS] = true;
    if (number != board->left) {
        return; /* an earlier one is still under way */
    }
    while (board->over[board->left % TRI_BOARD_OPERATIONS]) {
        board->over[board->left % TRI_BOARD_OPERATIONS] = false;
        board->left++;
    }
    /* Release, pairs with the acquire in tri_board_look_who_left: what we read of it, we have read. */
    atomic_store_explicit(&board->parts[board->own]->left, board->left, memory_order_release);
}
