/* Using a board: when a desk and a piece are free, showing, leaving; domains. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board.h"

#include "../src/runtime/log.h"

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

struct tri_board_ticket tri_board_enter(struct tri_board *board, int64_t parts, int64_t bytes)
{
    uint64_t len = ((uint64_t)bytes + TRI_CACHE_LINE - 1) & ~(uint64_t)(TRI_CACHE_LINE - 1);
    /* A piece does not go round the end: several divide the ring. */
    if (parts > 1 && len > 0) {
        uint64_t whole = TRI_CACHE_LINE;
        while (whole < len) {
            whole *= 2;
        }
        len = whole;
        board->position = (board->position + len - 1) & ~(len - 1);
    } else {
        uint64_t room = TRI_BOARD_RING - board->position % TRI_BOARD_RING;
        board->position += len > room ? room : 0;
    }
    struct tri_board_ticket first = {.number = board->next, .piece = board->position, .len = len};
    board->position += (uint64_t)parts * len;
    board->next += (uint64_t)parts;
    return first;
}

/* Where the memory of all operations below that number ends. */
static uint64_t end_before(const struct tri_board *board, uint64_t number)
{
    return board->ends[(number - 1) % TRI_BOARD_ENDS];
}

/* With all operations below `left` over. */
static bool is_free(const struct tri_board *board, const struct tri_board_ticket *ticket, uint64_t left)
{
    return ticket->number < left + TRI_BOARD_OPERATIONS &&
           ticket->piece + ticket->len <= end_before(board, left) + TRI_BOARD_RING;
}

/* Who asks looks once more after it: either it sees then that a member has left, or that member sees who waits. */
static void ask_to_wake(struct tri_board *board)
{
    for (int i = 0; i < board->count; i++) {
        if (i != board->own) {
            atomic_store_explicit(&board->parts[i]->awaited, 1, memory_order_seq_cst);
        }
    }
    atomic_thread_fence(memory_order_seq_cst);
}

bool tri_board_is_free(struct tri_board *board, const struct tri_board_ticket *ticket)
{
    if (TRI_UNLIKELY(!is_free(board, ticket, board->all_left))) {
        tri_board_look_who_left(board);
        if (!is_free(board, ticket, board->all_left)) {
            ask_to_wake(board);
            tri_board_look_who_left(board);
        }
        if (!is_free(board, ticket, board->all_left)) {
            return false;
        }
    }
    board->ends[ticket->number % TRI_BOARD_ENDS] = ticket->piece + ticket->len;
    return true;
}

static void wake_others(const struct tri_board *board)
{
    for (int i = 0; i < board->count; i++) {
        if (i != board->own) {
            board->transport->wake(board->peers[i]);
        }
    }
}

void tri_board_show(struct tri_board *board, uint64_t number, int stage)
{
    /* Release, pairs with the acquire in tri_board_is_shown: who sees the flag sees the data. */
    atomic_store_explicit(&tri_board_desk(board, board->own, number)->lines[stage].shown, number + 1,
                          memory_order_release);
    wake_others(board);
}

void tri_board_offer(struct tri_board *board, uint64_t number, int stage, const void *memory)
{
    tri_board_desk(board, board->own, number)->lines[stage].offered = (uint64_t)(uintptr_t)memory;
    tri_board_show(board, number, stage);
}

void tri_board_read(struct tri_board *board, int member, uint64_t number, int stage, int64_t offset, void *to,
                    size_t len)
{
    uint64_t there = tri_board_desk(board, member, number)->lines[stage].offered + (uint64_t)offset;
    if (board->transport->get(board->endpoints[member], to, there, NULL, len, NULL) != TRI_OK) {
        tri_log_fatal(1,
                      "a collective could not read %zu bytes of rank %d of the job: the kernel no longer permits it "
                      "(TRIREME_CMA=0 does without)",
                      len, board->peers[member]);
    }
}

void tri_board_tell(struct tri_board *board)
{
    struct tri_board_part *own = board->parts[board->own];
    board->told = board->left;
    /* Pairs with the acquire in tri_board_look_who_left: what we read of it, we have read. And not only release: the
     * load below comes after it. Either we see that somebody waits, or it sees that we have left. */
    atomic_store_explicit(&own->left, board->left, memory_order_seq_cst);
    if (TRI_UNLIKELY(atomic_load_explicit(&own->awaited, memory_order_seq_cst))) {
        atomic_store_explicit(&own->awaited, 0, memory_order_relaxed);
        wake_others(board);
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
    bool has_memory = end_before(board, board->left) != end_before(board, board->told);
    if (has_memory || board->left - board->told >= TRI_BOARD_LEAVES) {
        tri_board_tell(board);
    }
}

struct tri_domains tri_domains_divide(const int *numbers, int members)
{
    struct tri_domains domains = {.count = 0};
    int sizes[TRI_BOARD_LIMIT] = {0};
    for (int i = 0; i < members; i++) {
        int domain = 0;
        while (domain < domains.count && numbers[domains.first[domain]] != numbers[i]) {
            domain++;
        }
        if (domain == domains.count) {
            domains.first[domains.count++] = (uint8_t)i;
        }
        domains.of[i] = (uint8_t)domain;
        sizes[domain]++;
        domains.most = TRI_MAX(domains.most, sizes[domain]);
    }
    return domains;
}
