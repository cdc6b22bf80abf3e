/* Gets and puts in parts: which transfers go on, wait and end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "transfer.h"

#include <string.h>

static struct {
    const struct tri_transfer_way *way;
    struct tri_transfer transfers[TRI_TRANSFERS];
    struct tri_transfer *free_transfers;
    struct tri_part *free_parts;  /* enough for all transfers */
    struct tri_transfer *waiting; /* nothing of these is under way */
    unsigned active;
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

/* Starts as many parts as may be under way. */
static void advance(struct tri_transfer *transfer)
{
    while (transfer->left && transfer->under_way < TRI_PARTS_AT_ONCE) {
        struct tri_part *part = queue.free_parts;
        int result;

        queue.free_parts = part->next;
        part->transfer = transfer;
        part->local = transfer->local;
        part->remote = transfer->remote;
        part->len = transfer->left < transfer->part_max ? transfer->left : transfer->part_max;
        result = queue.way->post(part);
        if (result != TRI_OK) {
            free_part(part);
            if (result == TRI_FAILED) {
                tri_transfer_give_up(transfer);
            }
            return;
        }
        transfer->under_way++;
        transfer->local += part->len;
        transfer->remote += part->len;
        transfer->left -= part->len;
    }
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

static void go_on(struct tri_transfer *transfer)
{
    struct tri_completion *completion = transfer->completion;
    int status;

    advance(transfer);
    if (transfer->under_way) {
        return;
    }
    if (transfer->left || is_held(transfer)) {
        transfer->next = queue.waiting;
        queue.waiting = transfer;
        return;
    }
    status = transfer->status;
    retire(transfer);
    completion->done(completion, status);
}

void tri_transfer_end_part(struct tri_part *part)
{
    struct tri_transfer *transfer = part->transfer;

    free_part(part);
    transfer->under_way--;
    go_on(transfer);
}

int tri_transfer_push(void)
{
    struct tri_transfer *list = queue.waiting;
    int count = 0;

    queue.waiting = NULL;
    while (list) {
        struct tri_transfer *transfer = list;

        list = transfer->next;
        go_on(transfer);
        count += transfer->under_way > 0;
    }
    return count;
}

int tri_transfer_start(const struct tri_transfer *wanted)
{
    struct tri_transfer *transfer = queue.free_transfers;

    if (!transfer) {
        return TRI_NO_RESOURCE;
    }
    queue.free_transfers = transfer->next;
    queue.active++;
    *transfer = *wanted;
    advance(transfer);
    if (transfer->under_way) {
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
