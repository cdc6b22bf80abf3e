/* topo_dist.c - distributed graphs: every process learns its edges, in an order that is known, whoever gave them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { GIVEN = 200, ALL = 16 * GIVEN };

/* All edges, in the order in which ranks give them: the same at every process. */
struct edge {
    int giver, from, to, weight;
};

static struct edge all[ALL];
static int count;

/* What the new rank must have, in order. */
static int in, out, sources[ALL], destinations[ALL], in_weights[ALL], out_weights[ALL];

static void expect(int rank)
{
    in = out = 0;
    for (int i = 0; i < count; i++) {
        if (all[i].to == rank) {
            sources[in] = all[i].from;
            in_weights[in++] = all[i].weight;
        }
        if (all[i].from == rank) {
            destinations[out] = all[i].to;
            out_weights[out++] = all[i].weight;
        }
    }
}

static int same(const int *left, const int *right, int n)
{
    return memcmp(left, right, (size_t)n * sizeof *left) == 0;
}

static void check_neighbors(MPI_Comm graph, int weighted)
{
    static int s[ALL + 1], d[ALL + 1], sw[ALL + 1], dw[ALL + 1];
    int part_in = in / 2, part_out = out / 3;

    memset(s, 0xff, sizeof s), memset(d, 0xff, sizeof d);
    memset(sw, 0xff, sizeof sw), memset(dw, 0xff, sizeof dw);
    /* Less room: the first ones. */
    CHECK_OK(MPI_Dist_graph_neighbors(graph, part_in, s, sw, part_out, d, MPI_UNWEIGHTED));
    CHECK(same(s, sources, part_in) && s[part_in] == -1, "first sources");
    CHECK(same(d, destinations, part_out) && d[part_out] == -1, "first destinations");
    CHECK(!weighted || same(sw, in_weights, part_in), "first weights");
    CHECK(dw[0] == -1, "weights that nobody wants");
    CHECK_OK(MPI_Dist_graph_neighbors(graph, ALL, s, sw, ALL, d, dw));
    CHECK(same(s, sources, in) && s[in] == -1, "sources");
    CHECK(same(d, destinations, out) && d[out] == -1, "destinations");
    if (weighted)
        CHECK(same(sw, in_weights, in) && same(dw, out_weights, out), "weights");
    CHECK(weighted || (sw[0] == -1 && dw[0] == -1), "weights without weights");
    CHECK(sw[in] == -1 && dw[out] == -1, "more weights than edges");
}

static void check_topology(MPI_Comm graph, int weighted)
{
    int i = -1, o = -1, w = -1, kind = -1, rank = -1, size = -1;

    MPI_Topo_test(graph, &kind);
    CHECK(kind == MPI_DIST_GRAPH, "kind %d", kind);
    MPI_Comm_rank(graph, &rank);
    MPI_Comm_size(graph, &size);
    CHECK(size == t_size, "size %d", size);
    expect(rank);
    CHECK_OK(MPI_Dist_graph_neighbors_count(graph, &i, &o, &w));
    CHECK(i == in && o == out, "degrees %d %d, not %d %d", i, o, in, out);
    CHECK(!w == !weighted, "weighted %d", w);
    check_neighbors(graph, weighted);
    MPI_Barrier(graph);
}

/* Also a duplicate that outlives it. */
static void check_and_free(MPI_Comm graph, int reorder, int weighted)
{
    MPI_Comm copy;
    int rank = -1;

    MPI_Comm_rank(graph, &rank);
    CHECK(reorder || rank == t_rank, "rank %d without reorder", rank);
    check_topology(graph, weighted);
    MPI_Comm_dup(graph, &copy);
    MPI_Comm_free(&graph);
    check_topology(copy, weighted);
    MPI_Comm_free(&copy);
}

/* Any process gives any edges; each is a source of its own in the call, or they are taken together. */
static void create(int reorder, int weighted)
{
    static int from[ALL], degrees[ALL], to[ALL], weights[ALL];
    int n = 0, edges = 0;
    MPI_Comm graph = MPI_COMM_WORLD;

    for (int i = 0; i < count; i++) {
        if (all[i].giver != t_rank)
            continue;
        if (n == 0 || from[n - 1] != all[i].from || i % 3 == 0) {
            from[n] = all[i].from;
            degrees[n++] = 0;
            if (i % 5 == 0) { /* a source without edges, too */
                from[n] = all[i].from;
                degrees[n++] = 0;
            }
        }
        degrees[n - 1]++;
        weights[edges] = all[i].weight;
        to[edges++] = all[i].to;
    }
    CHECK_OK(MPI_Dist_graph_create(MPI_COMM_WORLD, n, from, degrees, to,
                                   !weighted ? MPI_UNWEIGHTED : edges ? weights : MPI_WEIGHTS_EMPTY,
                                   MPI_INFO_NULL, reorder, &graph));
    check_and_free(graph, reorder, weighted);
}

static void create_adjacent(int reorder, int weighted)
{
    MPI_Comm graph = MPI_COMM_WORLD;
    int *none = weighted ? MPI_WEIGHTS_EMPTY : MPI_UNWEIGHTED;

    expect(t_rank);
    CHECK_OK(MPI_Dist_graph_create_adjacent(
        MPI_COMM_WORLD, in, sources, in && weighted ? in_weights : none, out, destinations,
        out && weighted ? out_weights : none, MPI_INFO_NULL, reorder, &graph));
    check_and_free(graph, reorder, weighted);
}

static void check_all(void)
{
    for (int way = 0; way < 4; way++) {
        create(way & 1, way >> 1);
        create_adjacent(way & 1, way >> 1);
    }
}

static void add(int giver, int from, int to, int weight)
{
    all[count++] = (struct edge){giver, from, to, weight};
}

/* Loops and several edges between two included; some ranks have none, some give none. */
static void random_graphs(uint64_t *state)
{
    for (int round = 0; round < 12; round++) {
        int each = t_random(state, round < 8 ? 12 : GIVEN), reach = 1 + t_random(state, t_size);

        count = 0;
        for (int giver = 0; giver < t_size; giver++)
            for (int i = t_random(state, each + 1); i > 0; i--)
                add(giver, t_random(state, reach), t_random(state, t_size), t_random(state, 9));
        check_all();
    }
}

/* A rank's own edges keep the order in which it gives them. */
static void own_edges(void)
{
    count = 0;
    for (int r = 0; r < t_size; r++)
        for (int i = t_size - 1; i >= 0; i--)
            add(r, r, (r + i * i) % t_size, i);
    check_all();
    count = 0; /* one gives all */
    for (int r = 0; r < t_size; r++)
        add(t_size - 1, r, (r + 1) % t_size, 1);
    check_all();
    count = 0; /* nobody gives any */
    check_all();
}

/* Weights at some processes only: everybody is told. */
static void mixed_weights(void)
{
    int to = (t_rank + 1) % t_size, one = 1, weight = 1;
    MPI_Comm comm, graph = MPI_COMM_WORLD;

    if (t_size == 1)
        return;
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    int code = MPI_Dist_graph_create(comm, 1, &t_rank, &one, &to, t_rank ? &weight : MPI_UNWEIGHTED,
                                     MPI_INFO_NULL, 0, &graph);
    CHECK(t_class(code) == MPI_ERR_ARG, "class %d", t_class(code));
    CHECK(graph == MPI_COMM_NULL, "a communicator after an error");
    MPI_Barrier(comm);
    MPI_Comm_free(&comm);
}

int main(int argc, char **argv)
{
    uint64_t state;

    t_init(&argc, &argv);
    state = t_seed();
    own_edges();
    random_graphs(&state);
    mixed_weights();
    return t_finish();
}
