/* node_bind.c: gives the ranks of a node the cores that mprun chose for them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "node_internal.h"
#include "place_hwloc.h"

void tri_node_put_machine(const struct tri_node *node, struct tri_buffer *buffer)
{
    struct tri_machine *machine = tri_machine_here(node->topo);

    tri_claim_look(machine);
    tri_machine_put(buffer, machine);
    tri_machine_free(machine);
}

/* Between mprun's look at the cores and this claim another job can have come. */
static void give_up_cores(struct tri_berths *berths)
{
    uint32_t share = berths->count > 0 ? berths->cores / berths->count : 0;

    for (uint32_t i = 0; i < berths->count; i++) {
        struct tri_berth *berth = &berths->items[i];

        tri_cpus_clear(&berth->cpus);
        free(berth->text);
        berth->text = tri_copy("not bound (another job has the cores)");
        berth->threads = share > 0 ? share : 1;
        berth->alone = false;
    }
}

bool tri_node_take_berths(struct tri_node *node, struct tri_reader *reader)
{
    if (node->has_job || node->berths.items != NULL || !tri_berths_get(reader, &node->berths)) {
        return false;
    }
    if (!tri_claim_cores(node->berths.claims, node->berths.nclaims)) {
        give_up_cores(&node->berths);
    }
    return true;
}

bool tri_node_bind_mask(const struct tri_node *node, uint32_t local, cpu_set_t *mask, size_t size)
{
    const struct tri_cpus *cpus = &node->berths.items[local].cpus;
    bool any = false;

    CPU_ZERO_S(size, mask);
    for (int cpu = tri_cpus_next(cpus, 0); cpu >= 0;
         cpu = tri_cpus_next(cpus, (uint32_t)cpu + 1)) {
        CPU_SET_S((size_t)cpu, size, mask);
        any = any || CPU_ISSET_S((size_t)cpu, size, mask);
    }
    return any;
}

static bool is_set(const struct tri_strings *env, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (tri_strings_getenv(env, *names) != NULL) {
            return true;
        }
    }
    return false;
}

/* Threads are pinned only where no other rank would pin its own to the same cores. Where others
 * need the cores, threads that wait for each other must not spin: OpenMP counts its own only. */
char *tri_node_bind_env(const struct tri_node *node, uint32_t local, struct tri_strings *env)
{
    static const char *const counts[] = {"OMP_NUM_THREADS", NULL};
    static const char *const places[] = {"OMP_PLACES", "OMP_PROC_BIND", "GOMP_CPU_AFFINITY",
                                         "KMP_AFFINITY", NULL};
    static const char *const waits[] = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME", NULL};
    const struct tri_berth *berth = &node->berths.items[local];
    char count[16];

    if (berth->alone && !is_set(env, places)) {
        tri_strings_setenv(env, "OMP_PLACES", node->berths.by_thread ? "threads" : "cores");
        tri_strings_setenv(env, "OMP_PROC_BIND", "close");
    }
    if (!berth->alone && !is_set(env, waits)) {
        tri_strings_setenv(env, "OMP_WAIT_POLICY", "passive");
    }
    if (is_set(env, counts)) {
        return tri_copy(berth->text);
    }
    snprintf(count, sizeof count, "%u", berth->threads);
    tri_strings_setenv(env, "OMP_NUM_THREADS", count);
    return tri_format("%s, OMP_NUM_THREADS=%u", berth->text, berth->threads);
}
