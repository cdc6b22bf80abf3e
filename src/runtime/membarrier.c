/* membarrier(2), global expedited. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "membarrier.h"

#include <linux/membarrier.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum { UNKNOWN, PERMITTED, FORBIDDEN } state;

bool tri_membarrier_register(void)
{
    if (state == UNKNOWN) {
        long result = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0);
        state = result == 0 ? PERMITTED : FORBIDDEN;
    }
    return state == PERMITTED;
}

void tri_membarrier(void)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (state == PERMITTED) {
        syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
    }
}
