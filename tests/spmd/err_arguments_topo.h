/* err_arguments_topo.h - rows of wrong calls on virtual topologies. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_TOPO_H
#define SPMD_ERR_ARGUMENTS_TOPO_H

#include "err_arguments_neighbor.h"
#include "err_arguments_objects.h"

/* Of one process each: a line of one, open and closed; an edge from itself to itself. */
static MPI_Comm topo_cart, topo_graph, topo_dist, topo_made, topo_inter;
static int ones[] = {1, 1}, zeros[] = {0, 0}, minus_one[] = {-1, 1}, large[] = {1 << 20, 1 << 20}, falling[] = {2, 1};

#define U MPI_UNWEIGHTED
#define NO_INFO MPI_INFO_NULL

/* What all functions check that ask about a topology of that kind: the two others are none for them. */
#define KIND_ROWS(call, one, another)                                                                                  \
    do {                                                                                                               \
        ROW(call(S), TOPOLOGY);                                                                                        \
        ROW(call(one), TOPOLOGY);                                                                                      \
        ROW(call(another), TOPOLOGY);                                                                                  \
        ROW(call(MPI_COMM_NULL), COMM);                                                                                \
        ROW(call(freed_comm()), COMM);                                                                                 \
        ROW(call(NOT_COMM), COMM);                                                                                     \
    } while (0)

#define CART_DIM(c) MPI_Cartdim_get(c, other)
#define CART_GET(c) MPI_Cart_get(c, 2, other, other + 4, other + 8)
#define CART_RANK(c) MPI_Cart_rank(c, zeros, other)
#define CART_COORDS(c) MPI_Cart_coords(c, 0, 2, other)
#define CART_SHIFT(c) MPI_Cart_shift(c, 0, 1, other, other + 1)
#define CART_SUB(c) MPI_Cart_sub(c, ones, &topo_made)
#define GRAPH_DIMS(c) MPI_Graphdims_get(c, other, other + 1)
#define GRAPH_GET(c) MPI_Graph_get(c, 4, 4, other, other + 4)
#define GRAPH_COUNT(c) MPI_Graph_neighbors_count(c, 0, other)
#define GRAPH_LIST(c) MPI_Graph_neighbors(c, 0, 4, other)
#define DIST_COUNT(c) MPI_Dist_graph_neighbors_count(c, other, other + 1, other + 2)
#define DIST_LIST(c) MPI_Dist_graph_neighbors(c, 1, other, U, 1, other + 1, U)
#define MAKE_CART(c) MPI_Cart_create(c, 1, ones, zeros, 0, &topo_made)
#define MAP_CART(c) MPI_Cart_map(c, 1, ones, zeros, other)
#define MAKE_GRAPH(c) MPI_Graph_create(c, 1, ones, zeros, 0, &topo_made)
#define MAP_GRAPH(c) MPI_Graph_map(c, 1, ones, zeros, other)
#define MAKE_DIST(c) MPI_Dist_graph_create(c, 1, zeros, ones, zeros, U, NO_INFO, 0, &topo_made)
#define MAKE_ADJACENT(c) MPI_Dist_graph_create_adjacent(c, 1, zeros, U, 1, zeros, U, NO_INFO, 0, &topo_made)

static void topo_kinds(void)
{
    KIND_ROWS(CART_DIM, topo_graph, topo_dist);
    KIND_ROWS(CART_GET, topo_graph, topo_dist);
    KIND_ROWS(CART_RANK, topo_graph, topo_dist);
    KIND_ROWS(CART_COORDS, topo_graph, topo_dist);
    KIND_ROWS(CART_SHIFT, topo_graph, topo_dist);
    KIND_ROWS(CART_SUB, topo_graph, topo_dist);
    KIND_ROWS(GRAPH_DIMS, topo_cart, topo_dist);
    KIND_ROWS(GRAPH_GET, topo_cart, topo_dist);
    KIND_ROWS(GRAPH_COUNT, topo_cart, topo_dist);
    KIND_ROWS(GRAPH_LIST, topo_cart, topo_dist);
    KIND_ROWS(DIST_COUNT, topo_cart, topo_graph);
    KIND_ROWS(DIST_LIST, topo_cart, topo_graph);
    ROW(MPI_Topo_test(MPI_COMM_NULL, other), COMM);
    ROW(MPI_Topo_test(S, NULL), ARG);
}

#define MAKER_ROWS(call)                                                                                               \
    do {                                                                                                               \
        ROW(call(MPI_COMM_NULL), COMM);                                                                                \
        ROW(call(freed_comm()), COMM);                                                                                 \
        ROW(call(NOT_COMM), COMM);                                                                                     \
        if (topo_inter != MPI_COMM_NULL)                                                                               \
            ROW(call(topo_inter), COMM);                                                                               \
    } while (0)

static void topo_makers(void)
{
    MAKER_ROWS(MAKE_CART);
    MAKER_ROWS(MAP_CART);
    MAKER_ROWS(MAKE_GRAPH);
    MAKER_ROWS(MAP_GRAPH);
    MAKER_ROWS(MAKE_DIST);
    MAKER_ROWS(MAKE_ADJACENT);
    ROW(MPI_Cart_create(S, 1, ones, zeros, 0, NULL), ARG);
    ROW(MPI_Cart_sub(topo_cart, ones, NULL), ARG);
    ROW(MPI_Graph_create(S, 1, ones, zeros, 0, NULL), ARG);
    ROW(MPI_Dist_graph_create(S, 1, zeros, ones, zeros, U, NO_INFO, 0, NULL), ARG);
    ROW(MPI_Dist_graph_create_adjacent(S, 1, zeros, U, 1, zeros, U, NO_INFO, 0, NULL), ARG);
    ROW(MPI_Cart_map(S, 1, ones, zeros, NULL), ARG);
    ROW(MPI_Graph_map(S, 1, ones, zeros, NULL), ARG);
}

static void topo_carts(void)
{
    ROW(MPI_Cart_create(S, -1, ones, zeros, 0, &topo_made), ARG);
    ROW(MPI_Cart_create(S, 2, NULL, zeros, 0, &topo_made), ARG);
    ROW(MPI_Cart_create(S, 2, ones, NULL, 0, &topo_made), ARG);
    ROW(MPI_Cart_create(S, 2, minus_one, zeros, 0, &topo_made), DIMS);
    ROW(MPI_Cart_create(S, 2, zeros, zeros, 0, &topo_made), DIMS);
    ROW(MPI_Cart_create(S, 2, large, zeros, 0, &topo_made), ARG);
    ROW(MPI_Cart_create(W, 1, int_at(t_size + 1), zeros, 1, &topo_made), ARG);
    CHECK(topo_made == MPI_COMM_NULL, "a communicator after an error");
    ROW(MPI_Cart_map(S, 2, minus_one, zeros, other), DIMS);
    ROW(MPI_Cart_map(S, 2, large, zeros, other), ARG);
    ROW(MPI_Cartdim_get(topo_cart, NULL), ARG);
    ROW(MPI_Cart_get(topo_cart, -1, other, other + 4, other + 8), ARG);
    ROW(MPI_Cart_get(topo_cart, 2, NULL, other + 4, other + 8), ARG);
    ROW(MPI_Cart_get(topo_cart, 2, other, NULL, other + 8), ARG);
    ROW(MPI_Cart_get(topo_cart, 2, other, other + 4, NULL), ARG);
    ROW(MPI_Cart_coords(topo_cart, 1, 2, other), RANK);
    ROW(MPI_Cart_coords(topo_cart, -1, 2, other), RANK);
    ROW(MPI_Cart_coords(topo_cart, 0, 1, other), ARG);
    ROW(MPI_Cart_coords(topo_cart, 0, 2, NULL), ARG);
    ROW(MPI_Cart_rank(topo_cart, minus_one, other), ARG); /* the first dimension is not periodic */
    ROW(MPI_Cart_rank(topo_cart, ones, other), ARG);
    ROW(MPI_Cart_rank(topo_cart, NULL, other), ARG);
    ROW(MPI_Cart_rank(topo_cart, zeros, NULL), ARG);
    ROW(MPI_Cart_shift(topo_cart, 2, 1, other, other + 1), DIMS);
    ROW(MPI_Cart_shift(topo_cart, -1, 1, other, other + 1), DIMS);
    ROW(MPI_Cart_shift(topo_cart, 0, 1, NULL, other + 1), ARG);
    ROW(MPI_Cart_shift(topo_cart, 0, 1, other, NULL), ARG);
    ROW(MPI_Cart_sub(topo_cart, NULL, &topo_made), ARG);
}

static int *dims_at(int first, int second)
{
    static int dims[2];

    dims[0] = first;
    dims[1] = second;
    return dims;
}

static void topo_dims(void)
{
    ROW(MPI_Dims_create(0, 2, dims_at(0, 0)), ARG);
    ROW(MPI_Dims_create(-6, 2, dims_at(0, 0)), ARG);
    ROW(MPI_Dims_create(6, -1, dims_at(0, 0)), ARG);
    ROW(MPI_Dims_create(6, 2, NULL), ARG);
    ROW(MPI_Dims_create(6, 2, dims_at(4, 0)), DIMS);
    ROW(MPI_Dims_create(6, 2, dims_at(0, 12)), DIMS);
    ROW(MPI_Dims_create(6, 2, dims_at(-1, 0)), DIMS);
    ROW(MPI_Dims_create(6, 2, dims_at(-2, -3)), DIMS);
    ROW(MPI_Dims_create(6, 2, dims_at(1, 3)), DIMS);
    ROW(MPI_Dims_create(6, 2, dims_at(1 << 20, 1 << 20)), DIMS);
    ROW(MPI_Dims_create(6, 0, NULL), DIMS);
}

static void topo_graphs(void)
{
    ROW(MPI_Graph_create(S, -1, ones, zeros, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 2, ones, zeros, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 1, NULL, zeros, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 1, ones, NULL, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 1, minus_one, zeros, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 1, ones, ones, 0, &topo_made), ARG);
    ROW(MPI_Graph_create(S, 1, ones, minus_one, 0, &topo_made), ARG);
    if (t_size > 1)
        ROW(MPI_Graph_create(W, 2, falling, zeros, 0, &topo_made), ARG);
    CHECK(topo_made == MPI_COMM_NULL, "a communicator after an error");
    ROW(MPI_Graph_map(S, 2, ones, zeros, other), ARG);
    ROW(MPI_Graph_map(S, 1, ones, ones, other), ARG);
    ROW(MPI_Graphdims_get(topo_graph, NULL, other), ARG);
    ROW(MPI_Graphdims_get(topo_graph, other, NULL), ARG);
    ROW(MPI_Graph_get(topo_graph, 0, 4, other, other + 4), ARG);
    ROW(MPI_Graph_get(topo_graph, 4, 0, other, other + 4), ARG);
    ROW(MPI_Graph_get(topo_graph, 4, 4, NULL, other + 4), ARG);
    ROW(MPI_Graph_get(topo_graph, 4, 4, other, NULL), ARG);
    ROW(MPI_Graph_neighbors_count(topo_graph, 1, other), RANK);
    ROW(MPI_Graph_neighbors_count(topo_graph, 0, NULL), ARG);
    ROW(MPI_Graph_neighbors(topo_graph, -1, 4, other), RANK);
    ROW(MPI_Graph_neighbors(topo_graph, 0, -1, other), ARG);
    ROW(MPI_Graph_neighbors(topo_graph, 0, 4, NULL), ARG);
}

#define DIST(n, s, d, t, w, i) MPI_Dist_graph_create(S, n, s, d, t, w, i, 0, &topo_made)
#define ADJACENT(n, s, w, m, t, v, i) MPI_Dist_graph_create_adjacent(S, n, s, w, m, t, v, i, 0, &topo_made)

static void topo_dists(void)
{
    ROW(DIST(-1, zeros, ones, zeros, U, NO_INFO), ARG);
    ROW(DIST(1, NULL, ones, zeros, U, NO_INFO), ARG);
    ROW(DIST(1, zeros, NULL, zeros, U, NO_INFO), ARG);
    ROW(DIST(1, zeros, ones, NULL, U, NO_INFO), ARG);
    ROW(DIST(1, zeros, minus_one, zeros, U, NO_INFO), ARG);
    ROW(DIST(1, ones, ones, zeros, U, NO_INFO), RANK);
    ROW(DIST(1, zeros, ones, minus_one, U, NO_INFO), RANK);
    ROW(DIST(1, zeros, ones, int_at(MPI_PROC_NULL), U, NO_INFO), RANK);
    ROW(DIST(1, zeros, ones, zeros, NULL, NO_INFO), ARG);
    ROW(DIST(1, zeros, ones, zeros, MPI_WEIGHTS_EMPTY, NO_INFO), ARG);
    ROW(DIST(1, zeros, ones, zeros, minus_one, NO_INFO), ARG);
    ROW(DIST(1, zeros, ones, zeros, U, freed_info()), INFO);
    ROW(DIST(1, zeros, ones, zeros, U, NOT_INFO), INFO);
    ROW(ADJACENT(-1, zeros, U, 1, zeros, U, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, U, -1, zeros, U, NO_INFO), ARG);
    ROW(ADJACENT(1, NULL, U, 1, zeros, U, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, U, 1, NULL, U, NO_INFO), ARG);
    ROW(ADJACENT(1, ones, U, 1, zeros, U, NO_INFO), RANK);
    ROW(ADJACENT(1, zeros, U, 1, minus_one, U, NO_INFO), RANK);
    ROW(ADJACENT(1, zeros, U, 1, zeros, ones, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, ones, 1, zeros, minus_one, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, MPI_WEIGHTS_EMPTY, 1, zeros, ones, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, NULL, 1, zeros, ones, NO_INFO), ARG);
    ROW(ADJACENT(1, zeros, U, 1, zeros, U, freed_info()), INFO);
    CHECK(topo_made == MPI_COMM_NULL, "a communicator after an error");
    ROW(MPI_Dist_graph_neighbors_count(topo_dist, NULL, other, other), ARG);
    ROW(MPI_Dist_graph_neighbors_count(topo_dist, other, NULL, other), ARG);
    ROW(MPI_Dist_graph_neighbors_count(topo_dist, other, other, NULL), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, -1, other, U, 1, other + 1, U), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, 1, other, U, -1, other + 1, U), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, 1, NULL, U, 1, other + 1, U), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, 1, other, NULL, 1, other + 1, U), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, 1, other, U, 1, NULL, U), ARG);
    ROW(MPI_Dist_graph_neighbors(topo_dist, 1, other, U, 1, other + 1, MPI_WEIGHTS_EMPTY), ARG);
}

static void topologies(void)
{
    int periods[] = {0, 1}, weights[] = {7};

    MPI_Cart_create(S, 2, ones, periods, 0, &topo_cart);
    MPI_Graph_create(S, 1, ones, zeros, 0, &topo_graph);
    MPI_Dist_graph_create_adjacent(S, 1, zeros, weights, 1, zeros, weights, NO_INFO, 0, &topo_dist);
    topo_inter = MPI_COMM_NULL;
    if (t_size > 1) {
        MPI_Comm half;

        MPI_Comm_split(W, t_rank > 0, 0, &half);
        MPI_Intercomm_create(half, 0, W, t_rank == 0, TAG, &topo_inter);
        MPI_Comm_free(&half);
    }
    topo_kinds();
    topo_makers();
    topo_carts();
    topo_dims();
    topo_graphs();
    topo_dists();
    neighborhoods(topo_dist, topo_cart, topo_inter);
    MPI_Comm_free(&topo_cart);
    MPI_Comm_free(&topo_graph);
    MPI_Comm_free(&topo_dist);
    if (topo_inter != MPI_COMM_NULL)
        MPI_Comm_free(&topo_inter);
}

#endif
