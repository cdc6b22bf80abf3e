/* The completion queue: reading it, its errors, and sleeping on it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ofi.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Room in the queue for everything that can be under way: receives, sends, gets and puts. */
enum { QUEUE_SIZE = 4096 };

/* Completions that were read but not handled yet: arm() may look into the queue but deliver nothing. */
static struct {
    struct fi_cq_data_entry entries[TRI_OFI_BATCH];
    ssize_t count; /* or the error that reading gave */
} inbox;

static bool is_epoll(int fd)
{
    static const char kind[] = "anon_inode:[eventpoll]";
    char path[64], target[64];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return readlink(path, target, sizeof(target)) == sizeof(kind) - 1 && memcmp(target, kind, sizeof(kind) - 1) == 0;
}

/* The one epoll descriptor among those that another watches, as proc(5) tells, or -1. */
static int find_watched_epoll(int outer)
{
    char path[64], line[256];
    int found = -1, count = 0, fd;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", outer);
    file = fopen(path, "re");
    if (!file) {
        return -1;
    }
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "tfd: %d", &fd) == 1 && is_epoll(fd)) {
            found = fd;
            count++;
        }
    }
    fclose(file);
    return count == 1 ? found : -1;
}

/* The TCP provider's descriptor to sleep on watches a signal, and the epoll descriptor of its sockets. We sleep on
 * that one and take it out: each packet would go through both, also while nobody sleeps, and before 1.22
 * fi_trywait() does not lower the signal, so that the outer one is readable for ever after the first packet. Where
 * there is none such an old provider gives us nothing to sleep on. */
static void choose_descriptor(void)
{
    int sockets = tri_ofi.fd >= 0 && tri_ofi_is_tcp() ? find_watched_epoll(tri_ofi.fd) : -1;

    if (sockets >= 0 && epoll_ctl(tri_ofi.fd, EPOLL_CTL_DEL, sockets, NULL) == 0) {
        tri_ofi.fd = sockets;
        tri_ofi.watches_sockets = true;
    } else if (tri_ofi_is_tcp() && FI_VERSION_LT(fi_version(), FI_VERSION(1, 22))) {
        tri_ofi.fd = -1;
    }
}

int tri_ofi_queue_open(void)
{
    struct fi_cq_attr attributes = {.size = QUEUE_SIZE, .format = FI_CQ_FORMAT_DATA, .wait_obj = FI_WAIT_FD};
    int rc = fi_cq_open(tri_ofi.domain, &attributes, &tri_ofi.queue, NULL);

    tri_ofi.fd = -1;
    inbox.count = 0;
    if (rc == 0) {
        rc = fi_control(&tri_ofi.queue->fid, FI_GETWAIT, &tri_ofi.fd);
        choose_descriptor();
        return rc;
    }
    /* Some providers have nothing to sleep on: then arm() never lets the caller sleep. */
    attributes.wait_obj = FI_WAIT_NONE;
    return fi_cq_open(tri_ofi.domain, &attributes, &tri_ofi.queue, NULL);
}

void tri_ofi_queue_close(void)
{
    if (tri_ofi.queue) {
        fi_close(&tri_ofi.queue->fid);
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
    } else if (entry.flags & FI_REMOTE_WRITE) {
        /* As with packets (receive.c): whose it was is not known, the sender's own error will tell if it mattered. */
        tri_ofi.host->note("ofi: a write came only in part: %s", reason);
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

            if (operation) {
                operation->done(operation, inbox.entries[i].len);
            } else {
                tri_ofi_notified(inbox.entries[i].data);
            }
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
    if (!tri_ofi.watches_sockets && fi_trywait(tri_ofi.fabric, &fid, 1) != 0) {
        return TRI_NO_RESOURCE;
    }
    /* After that, so that nothing falls between the two. */
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
