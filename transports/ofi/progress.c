/* The completion queue: reading it, its errors, and sleeping on it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ofi.h"

#include <string.h>

/* Room in the queue for everything that can be under way: receives, sends, gets and puts. */
enum { QUEUE_SIZE = 4096 };

/* Completions that were read but not handled yet: arm() may look into the queue but deliver nothing. */
static struct {
    struct fi_cq_msg_entry entries[TRI_OFI_BATCH];
    ssize_t count; /* or the error that reading gave */
} inbox;

/* The provider that libfabric calls `net` in 1.17 and `tcp` since 1.18 did not lower, before 1.22, the signal of its
 * completion queue in fi_trywait(): the descriptor would stay readable for ever after the first packet. With a wait set
 * of our own the signal can be lowered by a fi_wait() without time. Newer libraries need no wait set, and deprecate it.
 */
#if FI_VERSION_LT(FI_VERSION(FI_MAJOR_VERSION, FI_MINOR_VERSION), FI_VERSION(1, 22))
static int open_wait(struct fi_cq_attr *attributes)
{
    struct fi_wait_attr wait = {.wait_obj = FI_WAIT_FD};
    int rc;

    if (!tri_ofi_is_tcp() || !FI_VERSION_LT(fi_version(), FI_VERSION(1, 22))) {
        return 0;
    }
    rc = fi_wait_open(tri_ofi.fabric, &wait, &tri_ofi.wait);
    if (rc) {
        return rc;
    }
    attributes->wait_obj = FI_WAIT_SET;
    attributes->wait_set = tri_ofi.wait;
    return 0;
}

static void lower_signal(void)
{
    if (tri_ofi.wait) {
        fi_wait(tri_ofi.wait, 0);
    }
}
#else
static int open_wait(struct fi_cq_attr *attributes)
{
    (void)attributes;
    return 0;
}

static void lower_signal(void)
{
}
#endif

int tri_ofi_queue_open(void)
{
    struct fi_cq_attr attributes = {.size = QUEUE_SIZE, .format = FI_CQ_FORMAT_MSG, .wait_obj = FI_WAIT_FD};
    int rc = open_wait(&attributes);

    tri_ofi.fd = -1;
    inbox.count = 0;
    if (rc == 0) {
        rc = fi_cq_open(tri_ofi.domain, &attributes, &tri_ofi.queue, NULL);
    }
    if (rc == 0) {
        return fi_control(tri_ofi.wait ? &tri_ofi.wait->fid : &tri_ofi.queue->fid, FI_GETWAIT, &tri_ofi.fd);
    }
    /* Some providers have nothing to sleep on: then arm() never lets the caller sleep. */
    attributes.wait_obj = FI_WAIT_NONE;
    attributes.wait_set = NULL;
    return fi_cq_open(tri_ofi.domain, &attributes, &tri_ofi.queue, NULL);
}

void tri_ofi_queue_close(void)
{
    if (tri_ofi.queue) {
        fi_close(&tri_ofi.queue->fid);
    }
    if (tri_ofi.wait) {
        fi_close(&tri_ofi.wait->fid);
    }
}

/* Tells the operation at the head of the error queue that it failed. */
static int read_error(void)
{
    struct fi_cq_err_entry entry = {0};
    struct tri_ofi_operation *operation;
    const char *reason;

    if (fi_cq_readerr(tri_ofi.queue, &entry, 0) <= 0) {
        return 0;
    }
    reason = fi_strerror(entry.err);
    operation = entry.op_context;
    if (operation) {
        operation->failed(operation, reason, entry.err);
    } else if (!tri_ofi.closing) {
        tri_ofi.host->fail(-1, "libfabric's provider %s failed: %s", tri_ofi.info->fabric_attr->prov_name, reason);
    }
    return 1;
}

static void look(void)
{
    if (inbox.count == 0) {
        inbox.count = fi_cq_read(tri_ofi.queue, inbox.entries, TRI_OFI_BATCH);
    }
    if (inbox.count == -FI_EAGAIN) {
        inbox.count = 0;
    }
}

int tri_ofi_progress(unsigned lane)
{
    (void)lane;
    int happened = 0;
    ssize_t count;

    look();
    count = inbox.count;
    inbox.count = 0;
    if (count > 0) {
        for (ssize_t i = 0; i < count; i++) {
            struct tri_ofi_operation *operation = inbox.entries[i].op_context;

            operation->done(operation, inbox.entries[i].len);
        }
        happened = (int)count;
    } else if (count == -FI_EAVAIL) {
        happened = read_error();
    } else if (count < 0 && !tri_ofi.closing) {
        tri_ofi.host->fail(-1, "libfabric's provider %s failed: %s", tri_ofi.info->fabric_attr->prov_name,
                           fi_strerror((int)-count));
    }
    if (tri_ofi.stuck) {
        happened += tri_ofi_push_stuck();
    }
    return happened + tri_transfer_push() + tri_ofi_repost();
}

int tri_ofi_arm(bool as_fd, struct tri_wakeup *wakeup)
{
    struct fid *fid = &tri_ofi.queue->fid;

    (void)as_fd;
    if (tri_ofi.fd < 0) {
        return TRI_NO_RESOURCE;
    }
    lower_signal();
    if (fi_trywait(tri_ofi.fabric, &fid, 1) != 0) {
        return TRI_NO_RESOURCE;
    }
    /* The queue is looked at after its signal was lowered, so that nothing falls between the two. */
    look();
    if (inbox.count != 0) {
        return TRI_NO_RESOURCE;
    }
    /* That look may have finished a connection, which then raises no event again. Twice, since some providers move on
     * their connections in the very call that still answers "try again". */
    if (tri_ofi.stuck && tri_ofi_push_stuck() + tri_ofi_push_stuck() > 0) {
        return TRI_NO_RESOURCE;
    }
    wakeup->futex = NULL;
    wakeup->value = 0;
    wakeup->fd = tri_ofi.fd;
    return TRI_OK;
}

void tri_ofi_disarm(void)
{
}
