/* Buffered sends: the program's attached buffer, as an account of how much may be under way. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "../runtime/progress.h"
#include "../runtime/wait.h"
#include "p2p.h"

/* The copies lie in memory of our own; the attached buffer's size says how much of it there may be at a time. So the
 * program's buffer can not be fragmented, and a message that leaves at once takes no part of it. */
static struct {
    void *buffer;
    int64_t size, used;
    int64_t under_way; /* copies not yet sent */
    bool attached;
} account;

int tri_bsend_attach(void *buffer, int64_t size)
{
    if (account.attached) {
        return MPI_ERR_BUFFER;
    }
    account.attached = true;
    account.buffer = buffer;
    account.size = size;
    return MPI_SUCCESS;
}

int tri_bsend_detach(void **buffer, int64_t *size)
{
    if (!account.attached) {
        return MPI_ERR_BUFFER;
    }
    struct tri_wait wait = {0};
    while (account.under_way > 0) {
        tri_wait_step(&wait);
    }
    *buffer = account.buffer;
    *size = account.size;
    account.attached = false;
    account.size = 0;
    return MPI_SUCCESS;
}

void tri_bsend_describe(char *text, size_t len)
{
    snprintf(text, len, "%s attached buffer of %lld bytes has %lld in use", account.attached ? "the" : "no buffer: the",
             (long long)account.size, (long long)account.used);
}

static void sent(struct tri_request *request)
{
    account.used -= request->bytes + MPI_BSEND_OVERHEAD;
    account.under_way--;
    tri_request_give(request);
}

/* A message may have been received already without this process having been told (MPI 5.0, 3.6.1: completed ones take no
 * room). So progress is made before the answer is no, also for a while in which nothing comes: the word may still be on
 * its way when the program knows, through another rank, that the receive is complete. */
static bool make_room(int64_t cost)
{
    enum { LOOKS = 1000 };
    for (int idle = 0; cost > account.size - account.used && account.under_way > 0 && idle < LOOKS;) {
        idle = tri_progress() > 0 ? 0 : idle + 1;
    }
    return cost <= account.size - account.used;
}

struct tri_request *tri_bsend_start(const struct tri_operation *op)
{
    int64_t bytes = op->count * op->type->size;
    int64_t cost = bytes + MPI_BSEND_OVERHEAD;
    if (!make_room(cost)) {
        return NULL;
    }
    struct tri_request *request = tri_request_take(TRI_REQUEST_SEND);
    request->op = *op;
    request->bounce = tri_memory_take((size_t)bytes);
    tri_datatype_copy(op->type, op->buffer, 0, request->bounce, bytes, TRI_PACK);
    request->op.buffer = request->bounce;
    request->op.type = tri_datatype_get(MPI_BYTE);
    request->op.count = bytes;
    request->mode = TRI_SEND_BUFFERED;
    request->done = sent;
    tri_request_hold(request);
    account.used += cost;
    account.under_way++;
    tri_p2p_start_send(request);
    return &tri_request_sent;
}
