/* claim.c: keeps two jobs on one node from binding their ranks to the same cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "util.h"

/* Locks a file that the kernel has for each core: anyone may lock it, it is the same one in
 * virtual nodes on this machine, and the lock goes with the process. Returns the descriptor, -1
 * when another job has the core, or -2 when there are no such files. */
static int lock_core(const struct tri_topology *topo, unsigned core)
{
    char *path = tri_format("/sys/devices/system/cpu/cpu%d/topology/core_id",
                            tri_topology_core_cpu(topo, core));
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    free(path);
    if (fd < 0) {
        return -2;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    int result = errno == EWOULDBLOCK ? -1 : -2;

    close(fd);
    return result;
}

bool tri_claim_cores(const struct tri_topology *topo, unsigned count, unsigned *cores)
{
    int *locks = tri_alloc(count, sizeof *locks);
    unsigned claimed = 0;

    for (unsigned core = 0; core < tri_topology_cores(topo) && claimed < count; core++) {
        int lock = lock_core(topo, core);

        if (lock != -1) {
            locks[claimed] = lock;
            cores[claimed++] = core;
        }
    }
    for (unsigned i = 0; i < claimed && claimed < count; i++) {
        if (locks[i] >= 0) {
            close(locks[i]);
        }
    }
    free(locks);
    return claimed == count;
}
