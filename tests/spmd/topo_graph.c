/* topo_graph.c - graph topologies: what was given comes back, at every process. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { NODES = 64, EDGES = 1024 };

static int nodes, edge_count, indx[NODES], edges[EDGES];

static void begin(void)
{
    nodes = edge_count = 0;
}

static void add(int to)
{
    edges[edge_count++] = to;
}

static void end_node(void)
{
    indx[nodes++] = edge_count;
}

static void check_lists(MPI_Comm graph)
{
    int i[NODES + 1], e[EDGES + 1], n = -1, m = -1;

    memset(i, 0xff, sizeof i);
    memset(e, 0xff, sizeof e);
    CHECK_OK(MPI_Graphdims_get(graph, &n, &m));
    CHECK(n == nodes && m == edge_count, "%d nodes and %d edges", n, m);
    CHECK_OK(MPI_Graph_get(graph, nodes, edge_count, i, e));
    CHECK(memcmp(i, indx, (size_t)nodes * sizeof *i) == 0 && i[nodes] == -1, "index");
    CHECK(memcmp(e, edges, (size_t)edge_count * sizeof *e) == 0 && e[edge_count] == -1, "edges");
    for (int k = 0; k < nodes; k++) {
        int from = k ? indx[k - 1] : 0;

        memset(e, 0xff, sizeof e);
        CHECK_OK(MPI_Graph_neighbors_count(graph, k, &n));
        CHECK(n == indx[k] - from, "node %d has %d neighbors", k, n);
        CHECK_OK(MPI_Graph_neighbors(graph, k, n, e));
        CHECK(memcmp(e, edges + from, (size_t)n * sizeof *e) == 0 && e[n] == -1, "neighbors of %d", k);
        memset(e, 0xff, sizeof e);
        CHECK_OK(MPI_Graph_neighbors(graph, k, n / 2, e));
        CHECK(memcmp(e, edges + from, (size_t)(n / 2) * sizeof *e) == 0 && e[n / 2] == -1,
              "first neighbors of %d", k);
    }
}

static void check_topology(MPI_Comm graph)
{
    int size = -1, kind = -1, rank = -1, sum = -1;

    MPI_Comm_size(graph, &size);
    MPI_Comm_rank(graph, &rank);
    MPI_Topo_test(graph, &kind);
    CHECK(size == nodes, "size %d, not %d", size, nodes);
    CHECK(kind == MPI_GRAPH, "kind %d", kind);
    check_lists(graph);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, graph);
    CHECK(sum == size * (size - 1) / 2, "sum of ranks %d", sum);
}

static void check_map(void)
{
    int ranks[NODES], seen[NODES] = {0}, mine = -9, placed = 0;

    CHECK_OK(MPI_Graph_map(MPI_COMM_WORLD, nodes, indx, edges, &mine));
    MPI_Allgather(&mine, 1, MPI_INT, ranks, 1, MPI_INT, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++) {
        if (ranks[i] == MPI_UNDEFINED)
            continue;
        CHECK(ranks[i] >= 0 && ranks[i] < nodes && !seen[ranks[i]], "rank %d", ranks[i]);
        seen[(unsigned)ranks[i] % NODES]++;
        placed++;
    }
    CHECK(placed == nodes, "%d of %d places are taken", placed, nodes);
}

static void check_graph(void)
{
    for (int reorder = 0; reorder < 2; reorder++) {
        MPI_Comm graph = MPI_COMM_WORLD, copy;
        int rank = t_rank;

        CHECK_OK(MPI_Graph_create(MPI_COMM_WORLD, nodes, indx, edges, reorder, &graph));
        if (graph != MPI_COMM_NULL)
            MPI_Comm_rank(graph, &rank);
        CHECK(reorder || (graph != MPI_COMM_NULL) == (t_rank < nodes), "has a communicator");
        CHECK(reorder || rank == t_rank, "rank %d without reorder", rank);
        if (graph == MPI_COMM_NULL)
            continue;
        check_topology(graph);
        MPI_Comm_dup(graph, &copy);
        MPI_Comm_free(&graph);
        check_topology(copy);
        MPI_Comm_free(&copy);
    }
    check_map();
}

static void rings(void)
{
    for (int size = t_size; size >= 0; size -= 2) {
        begin();
        for (int i = 0; i < size; i++) {
            add((i + 1) % size);
            add((i + size - 1) % size);
            end_node();
        }
        check_graph();
    }
}

/* All neighbours of one, which comes last in their lists and first in its own. */
static void star(void)
{
    begin();
    for (int i = 0; i < t_size; i++) {
        for (int k = t_size - 1; i == 0 && k >= 0; k--)
            add(k);
        if (i > 0)
            add(0);
        end_node();
    }
    check_graph();
}

/* Loops, several edges between two nodes, nodes without edges, edges in one direction only. */
static void random_graphs(uint64_t *state)
{
    for (int round = 0; round < 20; round++) {
        begin();
        for (int i = 0; i < t_size; i++) {
            for (int k = t_random(state, 6); k > 0; k--)
                add(t_random(state, t_size));
            end_node();
        }
        check_graph();
    }
}

int main(int argc, char **argv)
{
    uint64_t state;

    t_init(&argc, &argv);
    state = t_seed();
    rings();
    star();
    random_graphs(&state);
    return t_finish();
}
