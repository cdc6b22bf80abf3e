/* Cross-memory attach: one copy from process to process, where the kernel permits it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "shm.h"

/* Bytes of one system call: long enough that its cost does not count, short enough to be interrupted. */
enum { PIECE = 1 << 24 };

/* Tries it on the peer itself, by reading its copy of the segment's secret: this finds out all at once whether the
 * kernel, its security modules and the container permit it, and whether the process id means the same on both sides. */
void tri_shm_probe(struct shm_endpoint *ep)
{
    /* Pairs with the release in tri_shm_segment_open. A peer that has not started yet is asked again later. */
    if (!atomic_load_explicit(&ep->area->ready, memory_order_acquire)) {
        return;
    }
    ep->pid = ep->area->pid;
    ep->base.can = TRI_CAN_CLAIM;
    uint64_t seen[2];
    struct iovec here = {.iov_base = seen, .iov_len = sizeof seen};
    struct iovec there = {.iov_base = (void *)(uintptr_t)ep->area->probe, .iov_len = sizeof seen};
    if (!tri_shm.host->number("CMA")) {
        return;
    }
    if (process_vm_readv(ep->pid, &here, 1, &there, 1, 0) == (ssize_t)sizeof seen &&
        !memcmp(seen, tri_shm.secret, sizeof seen)) {
        ep->base.can |= TRI_CAN_GET | TRI_CAN_PUT;
    } else {
        tri_shm.host->note("shm: no cross-memory attach to rank %d (%s); large messages are copied through the ring",
                           ep->base.peer, strerror(errno));
    }
}

typedef ssize_t attach_fn(pid_t, const struct iovec *, unsigned long, const struct iovec *, unsigned long,
                          unsigned long);

static int copy(struct shm_endpoint *ep, attach_fn *attach, void *local, uint64_t remote, size_t len, unsigned bit)
{
    if (!(ep->base.can & bit)) {
        return TRI_UNSUPPORTED;
    }
    size_t done = 0;
    while (done < len) {
        size_t piece = TRI_MIN(len - done, (size_t)PIECE);
        struct iovec here = {.iov_base = (char *)local + done, .iov_len = piece};
        struct iovec there = {.iov_base = (void *)(uintptr_t)(remote + done), .iov_len = piece};
        ssize_t moved = attach(ep->pid, &here, 1, &there, 1, 0);
        if (moved <= 0) {
            if (done == 0 && (errno == EPERM || errno == ENOSYS)) {
                ep->base.can &= ~(unsigned)(TRI_CAN_GET | TRI_CAN_PUT);
                return TRI_UNSUPPORTED;
            }
            tri_shm.host->fail(ep->base.peer,
                               "copying %zu bytes by cross-memory attach failed: %s; the message's buffer is not "
                               "valid memory on one side, or the peer has ended",
                               len, strerror(errno));
            return TRI_FAILED;
        }
        done += (size_t)moved;
    }
    return TRI_OK;
}

int tri_shm_get(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    (void)key, (void)completion;
    return copy((struct shm_endpoint *)ep, process_vm_readv, local, remote, len, TRI_CAN_GET);
}

int tri_shm_put(struct tri_endpoint *ep, const void *local, uint64_t remote, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    (void)key, (void)completion;
    /* process_vm_writev only reads from here; iovec has no const form. */
    return copy((struct shm_endpoint *)ep, process_vm_writev, (void *)(uintptr_t)local, remote, len, TRI_CAN_PUT);
}
