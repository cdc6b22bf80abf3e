/* Sleeping until a packet comes, and waking the one who sleeps: a futex, or a pipe where descriptors are waited for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../src/runtime/membarrier.h"
#include "shm.h"

static bool armed_pipe; /* the pipe may hold a byte since the last arm */

static struct shm_area *own_area(void)
{
    return &tri_shm.areas[tri_shm.index];
}

void tri_shm_doorbell_open(struct shm_area *own)
{
    bool permitted = tri_membarrier_register();
    tri_shm.fences = !permitted;
    atomic_store_explicit(&own->needs_fence, !permitted, memory_order_relaxed);
    if (pipe2(tri_shm.pipe, O_NONBLOCK | O_CLOEXEC)) {
        tri_shm.host->fail(-1, "making the doorbell's pipe failed: too many open files (raise ulimit -n)");
    }
    own->pipe_fd = tri_shm.pipe[1];
    tri_shm.pipes = malloc((size_t)tri_shm.count * sizeof *tri_shm.pipes);
    if (!tri_shm.pipes) {
        tri_shm.host->fail(-1, "out of memory");
    }
    for (int i = 0; i < tri_shm.count; i++) {
        tri_shm.pipes[i] = -1;
    }
}

void tri_shm_doorbell_close(void)
{
    close(tri_shm.pipe[0]);
    close(tri_shm.pipe[1]);
    for (int i = 0; i < tri_shm.count; i++) {
        if (tri_shm.pipes[i] >= 0) {
            close(tri_shm.pipes[i]);
        }
    }
    free(tri_shm.pipes);
}

/* The peer's pipe is opened at the first ring that needs it. */
static void ring_pipe(int index)
{
    const struct shm_area *area = &tri_shm.areas[index];
    /* Threads of several lanes may come at once: the second one's descriptor is closed again. Acquire and release only
     * so that the number is the kernel's: nothing else is handed over. */
    int pipe = atomic_load_explicit(&tri_shm.pipes[index], memory_order_acquire);
    if (pipe < 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)area->pid, (int)area->pipe_fd);
        /* For reading, too: who has ended leaves a pipe that somebody could read, and no SIGPIPE for who rings. */
        int opened = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (atomic_compare_exchange_strong_explicit(&tri_shm.pipes[index], &pipe, opened, memory_order_acq_rel,
                                                    memory_order_acquire)) {
            pipe = opened;
        } else if (opened >= 0) {
            close(opened);
        }
    }
    /* A full pipe wakes as well as a fuller one. A peer that has ended needs no waking. */
    ssize_t ignored = write(pipe, "", 1);
    (void)ignored;
}

void tri_shm_doorbell_ring(int index)
{
    struct shm_area *area = &tri_shm.areas[index];
    /* Acquire, pairs with the release in tri_shm_segment_open through the peer's later store of sleeping. */
    uint32_t how = atomic_exchange_explicit(&area->sleeping, SHM_AWAKE, memory_order_acq_rel);
    if (how == SHM_ON_FUTEX) {
        syscall(SYS_futex, &area->sleeping, FUTEX_WAKE, 1, NULL, NULL, 0);
    } else if (how == SHM_ON_PIPE) {
        ring_pipe(index);
    }
}

void tri_shm_wake(int peer)
{
    int index = tri_shm_local_index(peer);
    struct shm_area *area = &tri_shm.areas[index];
    /* As in publish() of send.c: whoever goes to sleep fences for us and looks again. */
    if (TRI_UNLIKELY(tri_shm.fences || atomic_load_explicit(&area->needs_fence, memory_order_relaxed))) {
        atomic_thread_fence(memory_order_seq_cst);
    }
    atomic_signal_fence(memory_order_seq_cst);
    if (TRI_UNLIKELY(atomic_load_explicit(&area->sleeping, memory_order_relaxed) != SHM_AWAKE)) {
        tri_shm_doorbell_ring(index);
    }
}

/* Asks the consumers of full rings to wake us. Returns whether one of them has room already. */
static bool wait_for_room(const struct shm_lane *lane)
{
    for (int i = 0; i < tri_shm.count && lane->starved; i++) {
        struct shm_endpoint *ep = lane->endpoints[i];
        if (!ep || !ep->starved) {
            continue;
        }
        atomic_store_explicit(&ep->ring->producer_waits, 1, memory_order_relaxed);
        /* Pairs with the fence in tell(): either we see the room, or it sees that we wait. */
        atomic_thread_fence(memory_order_seq_cst);
        if (tri_shm_has_room(ep)) {
            return true;
        }
    }
    return false;
}

int tri_shm_arm(bool as_fd, struct tri_wakeup *wakeup)
{
    struct shm_area *own = own_area();
    uint32_t how = as_fd ? SHM_ON_PIPE : SHM_ON_FUTEX;
    armed_pipe |= as_fd;
    atomic_store_explicit(&own->sleeping, how, memory_order_release);
    /* Pairs with publish() in send.c: a producer whose packet we do not see below will see that we sleep. */
    tri_membarrier();
    if (tri_shm_pending()) {
        return TRI_NO_RESOURCE;
    }
    for (unsigned lane = 0; lane < tri_shm.lane_count; lane++) {
        if (wait_for_room(&tri_shm.lanes[lane])) {
            return TRI_NO_RESOURCE;
        }
    }
    *wakeup = (struct tri_wakeup){.fd = -1};
    if (as_fd) {
        wakeup->fd = tri_shm.pipe[0];
    } else {
        /* The kernel compares the word itself; the cast only drops _Atomic. */
        wakeup->futex = (uint32_t *)&own->sleeping;
        wakeup->value = how;
    }
    return TRI_OK;
}

void tri_shm_disarm(void)
{
    atomic_store_explicit(&own_area()->sleeping, SHM_AWAKE, memory_order_relaxed);
    if (armed_pipe) {
        char drained[64];
        while (read(tri_shm.pipe[0], drained, sizeof drained) > 0) {
        }
        armed_pipe = false;
    }
}
