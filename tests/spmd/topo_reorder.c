/* topo_reorder.c - with ranks dealt round robin to nodes, reorder brings neighbours together. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

/* The number of nodes that the library takes the ranks for, see TRIREME_REORDER_NODES. */
static int nodes;

/* The node of each rank of a communicator. */
static void learn_nodes(MPI_Comm comm, int *node)
{
    int own = t_rank % nodes;

    MPI_Allgather(&own, 1, MPI_INT, node, 1, MPI_INT, comm);
}

/* A line of all ranks, where each has a neighbour on both sides: between any two nodes lies one step at least. */
static void line(int periodic)
{
    int *node = malloc((size_t)t_size * sizeof *node), steps = 0, pairs = t_size - 1 + periodic;
    MPI_Comm cart;

    MPI_Cart_create(MPI_COMM_WORLD, 1, &t_size, &periodic, 1, &cart);
    learn_nodes(cart, node);
    for (int i = 0; i < pairs; i++)
        steps += node[i] != node[(i + 1) % t_size];
    CHECK(steps == nodes - 1 + periodic, "%d steps between nodes", steps);
    MPI_Comm_free(&cart);
    free(node);
}

/* A map is what create does. */
static void map(void)
{
    int dims[2] = {0, 0}, periods[2] = {0, 0}, mapped = -1, rank = -1;
    MPI_Comm cart;

    MPI_Dims_create(t_size, 2, dims);
    MPI_Cart_create(MPI_COMM_WORLD, 2, dims, periods, 1, &cart);
    MPI_Comm_rank(cart, &rank);
    MPI_Cart_map(MPI_COMM_WORLD, 2, dims, periods, &mapped);
    CHECK(mapped == rank, "mapped to %d, got %d", mapped, rank);
    MPI_Comm_free(&cart);
}

/* A path through all ranks, in an order that visits every second one first. */
static int follower(int rank)
{
    int next = rank + 2;

    return next < t_size ? next : rank % 2 == 0 && t_size > 1 ? 1 : MPI_PROC_NULL;
}

static void check_path(MPI_Comm graph)
{
    int *node = malloc((size_t)t_size * sizeof *node), steps = 0;

    learn_nodes(graph, node);
    for (int i = 0; i < t_size; i++)
        steps += follower(i) != MPI_PROC_NULL && node[i] != node[follower(i)];
    CHECK(steps == nodes - 1, "%d steps between nodes", steps);
    free(node);
    MPI_Comm_free(&graph);
}

static void paths(void)
{
    int next = follower(t_rank), before = MPI_PROC_NULL, one = 1, edges = 0;
    int *indx = malloc((size_t)t_size * sizeof *indx), *edge = malloc((size_t)t_size * sizeof *edge);
    MPI_Comm graph;

    for (int i = 0; i < t_size; i++) {
        before = follower(i) == t_rank ? i : before;
        if (follower(i) != MPI_PROC_NULL)
            edge[edges++] = follower(i);
        indx[i] = edges;
    }
    MPI_Graph_create(MPI_COMM_WORLD, t_size, indx, edge, 1, &graph);
    check_path(graph);
    MPI_Dist_graph_create(MPI_COMM_WORLD, next != MPI_PROC_NULL, &t_rank, &one, &next,
                          MPI_UNWEIGHTED, MPI_INFO_NULL, 1, &graph);
    check_path(graph);
    MPI_Dist_graph_create_adjacent(MPI_COMM_WORLD, before != MPI_PROC_NULL, &before, MPI_UNWEIGHTED,
                                   next != MPI_PROC_NULL, &next, MPI_UNWEIGHTED, MPI_INFO_NULL, 1,
                                   &graph);
    check_path(graph);
    free(indx);
    free(edge);
}

int main(int argc, char **argv)
{
    const char *text = getenv("TRIREME_REORDER_NODES");

    t_init(&argc, &argv);
    nodes = text ? atoi(text) : 1;
    line(0);
    line(1);
    map();
    paths();
    return t_finish();
}
