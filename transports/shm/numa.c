/* Shared memory on the NUMA node of the process that reads it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "numa.h"

#include <limits.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NODES_MAX = 1024 };

static bool is_there(const char *system, const char *kind, int number, int node)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s%d/node%d", system, kind, number, node);
    return access(path, F_OK) == 0;
}

static bool has_node(const char *system, int node)
{
    char path[300];
    snprintf(path, sizeof path, "%s/node/node%d", system, node);
    return access(path, F_OK) == 0;
}

/* The system numbers nodes without gaps almost everywhere; where not, one is missed and nothing is lost by that. */
static int node_of(const char *system, int cpu)
{
    for (int node = 0; node < NODES_MAX && has_node(system, node); node++) {
        if (is_there(system, "cpu/cpu", cpu, node)) {
            return node;
        }
    }
    return -1;
}

int tri_shm_numa_node(const char *system)
{
    cpu_set_t mine;
    int node = -1;
    if (!has_node(system, 1) || sched_getaffinity(0, sizeof mine, &mine)) {
        return -1;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &mine)) {
            continue;
        }
        if (node < 0) {
            node = node_of(system, cpu);
        }
        if (node < 0 || !is_there(system, "cpu/cpu", cpu, node)) {
            return -1;
        }
    }
    return node;
}

/* The policy of a shared mapping belongs to the file, and stays when the mapping goes. */
void tri_shm_numa_prefer(int fd, off_t start, size_t len, int node)
{
    enum { BITS = sizeof(unsigned long) * CHAR_BIT };
    unsigned long nodes[NODES_MAX / BITS] = {0};
    void *range = mmap(NULL, len, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, start);
    if (range == MAP_FAILED) {
        return;
    }
    nodes[node / BITS] = 1ul << node % BITS;
    syscall(SYS_mbind, range, len, MPOL_PREFERRED, nodes, (unsigned long)NODES_MAX, 0u);
    munmap(range, len);
}
