/* Gets and puts in parts: which transfers go on, wait and end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "transfer.h"

#include <string.h>

static struct {
    const struct tri_transfer_way *way;
    struct tri_transfer transfers[TRI_TRANSFERS];
    struct tri_transfer *free_transfers;
    struct tri_part *free_parts; /* enough for all transfers */
    unsigned active;
    unsigned endpoints; /* with parts under way */

    /* In line are those that have parts to post, or wait for the end of grace. */
    struct tri_transfer *first, **behind;
    unsigned in_line;
} queue;

static void free_part(struct tri_part *part)
{
    part->transfer = NULL;
    part->next = queue.free_parts;
    queue.free_parts = part;
}

void tri_transfer_give_up(struct tri_transfer *transfer)
{
    transfer->status = TRI_FAILED;
    transfer->left = 0;
}

/* Whether the connection takes that many bytes more. One that is idle does: a peer that does not answer holds up
 * nobody's transfers but its own. */
static bool has_room(const struct tri_transfer *transfer, size_t len)
{
    size_t moving = transfer->endpoint->moving;
    bool alone = queue.endpoints - (moving > 0) == 0;

    return moving == 0 || moving + len <= (alone ? TRI_PARTS_AT_ONCE : 1) * transfer->part_max;
}

static size_t next_len(const struct tri_transfer *transfer)
{
    return transfer->left < transfer->part_max ? transfer->left : transfer->part_max;
}

static void count_part(struct tri_transfer *transfer, size_t len)
{
    transfer->under_way++;
    transfer->local += len;
    transfer->remote += len;
    transfer->left -= len;
    queue.endpoints += transfer->endpoint->moving == 0;
    transfer->endpoint->moving += len;
}

/* Whether a part of the transfer has been started. */
static bool post_part(struct tri_transfer *transfer)
{
    size_t len = next_len(transfer);
    struct tri_part *part = queue.free_parts;
    int result;

    if (len == 0 || transfer->under_way == TRI_PARTS_AT_ONCE || !has_room(transfer, len)) {
        return false;
    }
    queue.free_parts = part->next;
    part->transfer = transfer;
    part->local = transfer->local;
    part->remote = transfer->remote;
    part->len = len;
    result = queue.way->post(part);
    if (result == TRI_OK) {
        count_part(transfer, len);
        return true;
    }
    free_part(part);
    if (result == TRI_FAILED) {
        tri_transfer_give_up(transfer);
    }
    return false;
}

/* Whether a transfer has failed but is not to say so yet. */
static bool is_held(const struct tri_transfer *transfer)
{
    return transfer->status != TRI_OK && queue.way->in_grace && queue.way->in_grace();
}

static void retire(struct tri_transfer *transfer)
{
    if (queue.way->release) {
        queue.way->release(transfer->own);
    }
    transfer->next = queue.free_transfers;
    queue.free_transfers = transfer;
    queue.active--;
}

/* Unless it has nothing to wait for but its parts. */
static void get_in_line(struct tri_transfer *transfer)
{
    if (!transfer->left && !is_held(transfer)) {
        return;
    }
    transfer->next = NULL;
    transfer->waits = true;
    *queue.behind = transfer;
    queue.behind = &transfer->next;
    queue.in_line++;
}

static void leave_line(struct tri_transfer **at)
{
    struct tri_transfer *transfer = *at;

    *at = transfer->next;
    if (!*at) {
        queue.behind = at;
    }
    transfer->waits = false;
    queue.in_line--;
}

static bool is_over(const struct tri_transfer *transfer)
{
    return !transfer->left && !transfer->under_way && !is_held(transfer);
}

static void end(struct tri_transfer *transfer)
{
    struct tri_completion *completion = transfer->completion;
    int status = transfer->status;

    retire(transfer);
    completion->done(completion, status);
}

/* One part of each in line: who has posted one goes to its end. Whether more may be possible. What ends may have others
 * begin, and so change the line: that is looked at anew. */
static bool push_once(int *count)
{
    struct tri_transfer **at = &queue.first;
    const int before = *count;

    for (unsigned left = queue.in_line; left > 0; left--) {
        struct tri_transfer *transfer = *at;

        if (post_part(transfer)) {
            ++*count;
            leave_line(at);
            get_in_line(transfer);
        } else if (is_over(transfer)) {
            leave_line(at);
            end(transfer);
            return true;
        } else {
            at = &transfer->next;
        }
    }
    return *count > before;
}

int tri_transfer_push(void)
{
    int count = 0;

    while (push_once(&count)) {
    }
    return count;
}

void tri_transfer_end_part(struct tri_part *part)
{
    struct tri_transfer *transfer = part->transfer;

    transfer->under_way--;
    transfer->endpoint->moving -= part->len;
    queue.endpoints -= transfer->endpoint->moving == 0;
    free_part(part);
    if (is_over(transfer) && !transfer->waits) {
        end(transfer);
    } else if (!transfer->waits) {
        get_in_line(transfer);
    }
    tri_transfer_push();
}

int tri_transfer_start(const struct tri_transfer *wanted)
{
    struct tri_transfer *transfer = queue.free_transfers;
    bool busy;

    if (!transfer) {
        return TRI_NO_RESOURCE;
    }
    queue.free_transfers = transfer->next;
    queue.active++;
    *transfer = *wanted;
    busy = !has_room(transfer, next_len(transfer));
    while (post_part(transfer)) {
    }
    if (transfer->under_way || busy) {
        get_in_line(transfer);
        return TRI_IN_PROGRESS;
    }
    retire(transfer);
    return transfer->status == TRI_OK || is_held(transfer) ? TRI_NO_RESOURCE : TRI_FAILED;
}

unsigned tri_transfer_active(void)
{
    return queue.active;
}

void tri_transfer_open(const struct tri_transfer_way *way)
{
    memset(&queue, 0, sizeof(queue));
    queue.way = way;
    queue.behind = &queue.first;
    for (int i = 0; i < TRI_TRANSFERS; i++) {
        queue.transfers[i].next = queue.free_transfers;
        queue.free_transfers = &queue.transfers[i];
    }
}

void tri_transfer_add_part(struct tri_part *part, unsigned number)
{
    part->number = number;
    free_part(part);
}
