/* Cartesian topologies. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "topology.h"

static struct tri_topology *make_cart(const struct tri_grid *grid, int rank)
{
    int n = grid->ndims;
    struct tri_topology *topology = tri_topology_make(MPI_CART, 5 * (int64_t)n);
    struct tri_cart *cart = &topology->cart;
    int *at = topology->numbers, *neighbors = at + 3 * n;
    *cart = (struct tri_cart){.ndims = n, .dims = at, .periods = at + n, .coords = at + 2 * n};
    for (int i = 0; i < n; i++) {
        cart->dims[i] = grid->dims[i];
        cart->periods[i] = grid->periods[i] != 0;
    }
    tri_cart_coords(cart, rank, cart->coords);
    for (int i = 0; i < n; i++) {
        neighbors[2 * i] = tri_cart_shifted(cart, i, -1);
        neighbors[2 * i + 1] = tri_cart_shifted(cart, i, 1);
    }
    topology->neighbors = (struct tri_neighbors){2 * n, 2 * n, neighbors, neighbors, true};
    return topology;
}

/* The process for each position; to be freed. */
static int find_processes(struct tri_comm *comm, const struct tri_grid *grid, bool reorder, int **process_of)
{
    int size = tri_grid_size(grid);
    *process_of = tri_memory_take((size_t)size * sizeof **process_of);
    for (int i = 0; i < size; i++) {
        (*process_of)[i] = i;
    }
    if (!reorder) {
        return MPI_SUCCESS;
    }
    struct tri_adjacency graph;
    tri_grid_adjacency(grid, &graph);
    int code = tri_topology_arrange(comm, &graph, grid, *process_of);
    tri_adjacency_free(&graph);
    return code;
}

int tri_cart_create(struct tri_comm *comm, const struct tri_grid *grid, bool reorder, struct tri_comm **result)
{
    int *process_of, code = find_processes(comm, grid, reorder, &process_of);
    if (code == MPI_SUCCESS) {
        code = tri_topology_seat(comm, process_of, tri_grid_size(grid), result);
    }
    if (code == MPI_SUCCESS && *result) {
        (*result)->topology = make_cart(grid, (*result)->rank);
    }
    free(process_of);
    return code;
}

int tri_cart_map(struct tri_comm *comm, const struct tri_grid *grid, int *rank)
{
    int *process_of, code = find_processes(comm, grid, true, &process_of);
    *rank = MPI_UNDEFINED;
    for (int i = tri_grid_size(grid); code == MPI_SUCCESS && i-- > 0;) {
        *rank = process_of[i] == comm->rank ? i : *rank;
    }
    free(process_of);
    return code;
}

/* ---- coordinates ---- */

int tri_cart_rank(const struct tri_cart *cart, const int *coords)
{
    int rank = 0;
    for (int i = 0; i < cart->ndims; i++) {
        int at = coords[i] % cart->dims[i];
        rank = rank * cart->dims[i] + (at < 0 ? at + cart->dims[i] : at);
    }
    return rank;
}

void tri_cart_coords(const struct tri_cart *cart, int rank, int *coords)
{
    for (int i = cart->ndims - 1; i >= 0; i--) {
        coords[i] = rank % cart->dims[i];
        rank /= cart->dims[i];
    }
}

int tri_cart_shifted(const struct tri_cart *cart, int direction, int64_t steps)
{
    int size = cart->dims[direction], stride = 1;
    int64_t to = cart->coords[direction] + steps;
    if (!cart->periods[direction] && (to < 0 || to >= size)) {
        return MPI_PROC_NULL;
    }
    for (int i = direction + 1; i < cart->ndims; i++) {
        stride *= cart->dims[i];
    }
    int wrapped = (int)(to % size);
    wrapped += wrapped < 0 ? size : 0;
    return tri_cart_rank(cart, cart->coords) + (wrapped - cart->coords[direction]) * stride;
}

/* ---- subgrids ---- */

/* The ranks that share all other coordinates with this process, in row-major order of the remaining ones. */
static void list_subgrid(const struct tri_cart *cart, const int *remain, int count, int *ranks)
{
    int *coords = tri_memory_take((size_t)cart->ndims * sizeof *coords);
    memcpy(coords, cart->coords, (size_t)cart->ndims * sizeof *coords);
    for (int k = 0; k < count; k++) {
        for (int i = cart->ndims - 1, rest = k; i >= 0; i--) {
            if (remain[i]) {
                coords[i] = rest % cart->dims[i];
                rest /= cart->dims[i];
            }
        }
        ranks[k] = tri_cart_rank(cart, coords);
    }
    free(coords);
}

int tri_cart_sub(struct tri_comm *comm, const int *remain, struct tri_comm **result)
{
    const struct tri_cart *cart = &comm->topology->cart;
    int *dims = tri_memory_take(2 * (size_t)cart->ndims * sizeof *dims), *periods = dims + cart->ndims;
    struct tri_grid grid = {.dims = dims, .periods = periods};
    for (int i = 0; i < cart->ndims; i++) {
        if (remain[i]) {
            dims[grid.ndims] = cart->dims[i];
            periods[grid.ndims++] = cart->periods[i];
        }
    }
    int count = tri_grid_size(&grid), *ranks = tri_memory_take((size_t)count * sizeof *ranks);
    list_subgrid(cart, remain, count, ranks);
    int code = tri_topology_seat(comm, ranks, count, result);
    if (code == MPI_SUCCESS) {
        (*result)->topology = make_cart(&grid, (*result)->rank);
    }
    free(ranks);
    free(dims);
    return code;
}
