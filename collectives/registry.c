/* All algorithms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "registry.h"

#define LIST(name) &tri_##name,
const struct tri_algorithm *const tri_algorithms[] = {TRI_ALGORITHMS(LIST) NULL};

const char *const tri_collective_names[TRI_COLLECTIVES] = {
    [TRI_BARRIER] = "barrier",
    [TRI_BCAST] = "bcast",
    [TRI_REDUCE] = "reduce",
    [TRI_ALLREDUCE] = "allreduce",
    [TRI_GATHER] = "gather",
    [TRI_SCATTER] = "scatter",
    [TRI_ALLGATHER] = "allgather",
    [TRI_ALLTOALL] = "alltoall",
    [TRI_SCAN] = "scan",
    [TRI_EXSCAN] = "exscan",
    [TRI_REDUCE_SCATTER] = "reduce_scatter",
    [TRI_NEIGHBOR_ALLGATHER] = "neighbor_allgather",
    [TRI_NEIGHBOR_ALLTOALL] = "neighbor_alltoall",
};

const struct tri_algorithm *tri_algorithm_find(enum tri_collective_id operation, const char *name)
{
    for (size_t i = 0; tri_algorithms[i]; i++) {
        if (tri_algorithms[i]->operation == operation && !strcmp(tri_algorithms[i]->name, name)) {
            return tri_algorithms[i];
        }
    }
    return NULL;
}
