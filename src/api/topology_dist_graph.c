/* Distributed graph topologies (MPI 5.0, 8.5.4, 8.5.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "topology.h"

/* Whether an array of weights may be read. */
static bool is_array(const int *weights)
{
    return weights && weights != MPI_UNWEIGHTED && weights != MPI_WEIGHTS_EMPTY;
}

/* NULL where there are no weights. Without edges any pointer will do, NULL too. */
static int check_weights(struct tri_comm *comm, const char *name, const int *weights, int64_t count)
{
    TRI_CHECK(count == 0 || weights, comm, MPI_ERR_ARG, "argument %s is NULL", name);
    TRI_CHECK(count == 0 || weights != MPI_WEIGHTS_EMPTY, comm, MPI_ERR_ARG,
              "%s is MPI_WEIGHTS_EMPTY, but there are %lld edges", name, (long long)count);
    for (int64_t i = 0; i < count && is_array(weights); i++) {
        TRI_CHECK(weights[i] >= 0, comm, MPI_ERR_ARG, "%s[%lld] is %d, but must be 0 or more", name, (long long)i,
                  weights[i]);
    }
    return MPI_SUCCESS;
}

static int check_ranks(struct tri_comm *comm, const char *name, const int *ranks, int64_t count)
{
    TRI_CHECK(count == 0 || ranks, comm, MPI_ERR_ARG, "argument %s is NULL", name);
    for (int64_t i = 0; i < count; i++) {
        TRI_CHECK(ranks[i] >= 0 && ranks[i] < comm->size, comm, MPI_ERR_RANK,
                  "%s[%lld] is %d, but there are ranks 0 to %d", name, (long long)i, ranks[i], comm->size - 1);
    }
    return MPI_SUCCESS;
}

static int check_info(struct tri_comm *comm, MPI_Info info)
{
    TRI_CHECK(info == MPI_INFO_NULL || tri_info_get(info), comm, MPI_ERR_INFO,
              "the info is not such a handle, or has been freed");
    return MPI_SUCCESS;
}

/* The number of edges. */
static int check_degrees(struct tri_comm *comm, int n, const int *degrees, int64_t *count)
{
    TRI_CHECK(n >= 0, comm, MPI_ERR_ARG, "n is %d, but must be 0 or more", n);
    TRI_CHECK(n == 0 || degrees, comm, MPI_ERR_ARG, "argument degrees is NULL");
    *count = 0;
    for (int i = 0; i < n; i++) {
        TRI_CHECK(degrees[i] >= 0, comm, MPI_ERR_ARG, "degrees[%d] is %d, but must be 0 or more", i, degrees[i]);
        *count += degrees[i];
    }
    return MPI_SUCCESS;
}

TRI_API(Dist_graph_create)(MPI_Comm comm_old, int n, const int sources[], const int degrees[],
                           const int destinations[], const int weights[], MPI_Info info, int reorder,
                           MPI_Comm *comm_dist_graph)
{
    TRI_TAKE_COMM(of, comm_old);
    int64_t count = 0;
    int code = tri_api_check_topology_place(of, comm_dist_graph);
    code = code == MPI_SUCCESS ? check_degrees(of, n, degrees, &count) : code;
    code = code == MPI_SUCCESS ? check_ranks(of, "sources", sources, n) : code;
    code = code == MPI_SUCCESS ? check_ranks(of, "destinations", destinations, count) : code;
    code = code == MPI_SUCCESS ? check_weights(of, "weights", weights, count) : code;
    code = code == MPI_SUCCESS ? check_info(of, info) : code;
    if (code != MPI_SUCCESS) {
        return code;
    }
    const struct tri_dist_edges edges = {.count = n,
                                         .sources = sources,
                                         .degrees = degrees,
                                         .destinations = destinations,
                                         .weights = weights,
                                         .weighted = weights != MPI_UNWEIGHTED};
    struct tri_comm *made;
    code = tri_dist_graph_create(of, &edges, reorder != 0, &made);
    return tri_api_give_comm(code, made, comm_dist_graph);
}

static int check_side(struct tri_comm *comm, const char *degree_name, int degree, const char *name, const int *ranks,
                      const char *weights_name, const int *weights)
{
    TRI_CHECK(degree >= 0, comm, MPI_ERR_ARG, "%s is %d, but must be 0 or more", degree_name, degree);
    int code = check_ranks(comm, name, ranks, degree);
    return code == MPI_SUCCESS ? check_weights(comm, weights_name, weights, degree) : code;
}

TRI_API(Dist_graph_create_adjacent)(MPI_Comm comm_old, int indegree, const int sources[], const int sourceweights[],
                                    int outdegree, const int destinations[], const int destweights[], MPI_Info info,
                                    int reorder, MPI_Comm *comm_dist_graph)
{
    TRI_TAKE_COMM(of, comm_old);
    int code = tri_api_check_topology_place(of, comm_dist_graph);
    if (code == MPI_SUCCESS) {
        code = check_side(of, "indegree", indegree, "sources", sources, "sourceweights", sourceweights);
    }
    if (code == MPI_SUCCESS) {
        code = check_side(of, "outdegree", outdegree, "destinations", destinations, "destweights", destweights);
    }
    code = code == MPI_SUCCESS ? check_info(of, info) : code;
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK((sourceweights == MPI_UNWEIGHTED) == (destweights == MPI_UNWEIGHTED), of, MPI_ERR_ARG,
              "one of sourceweights and destweights is MPI_UNWEIGHTED, but not the other one");
    const struct tri_dist_adjacent adjacent = {.source_count = indegree,
                                               .destination_count = outdegree,
                                               .sources = sources,
                                               .source_weights = is_array(sourceweights) ? sourceweights : NULL,
                                               .destinations = destinations,
                                               .destination_weights = is_array(destweights) ? destweights : NULL,
                                               .weighted = sourceweights != MPI_UNWEIGHTED};
    struct tri_comm *made;
    code = tri_dist_graph_create_adjacent(of, &adjacent, reorder != 0, &made);
    return tri_api_give_comm(code, made, comm_dist_graph);
}

TRI_API(Dist_graph_neighbors_count)(MPI_Comm comm, int *indegree, int *outdegree, int *weighted)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_DIST_GRAPH);
    TRI_CHECK_POINTER(of, indegree);
    TRI_CHECK_POINTER(of, outdegree);
    TRI_CHECK_POINTER(of, weighted);
    const struct tri_neighbors *neighbors = tri_topology_neighbors(of);
    *indegree = neighbors->source_count;
    *outdegree = neighbors->destination_count;
    *weighted = of->topology->dist_graph.weighted;
    return MPI_SUCCESS;
}

/* As many as there is room for; weights only if there are some, and the program wants them. */
static int copy_side(struct tri_comm *comm, const char *name, int *ranks, const int *from, int *weights,
                     const int *from_weights, int count, int room)
{
    count = TRI_MIN(count, room);
    TRI_CHECK(room >= 0, comm, MPI_ERR_ARG, "there is room for %d %s, but it must be 0 or more", room, name);
    TRI_CHECK(count == 0 || ranks, comm, MPI_ERR_ARG, "argument %s is NULL", name);
    bool weighted = comm->topology->dist_graph.weighted && weights != MPI_UNWEIGHTED;
    TRI_CHECK(count == 0 || !weighted || is_array(weights), comm, MPI_ERR_ARG,
              "the weights of %s are wanted, but there is no array for them: give MPI_UNWEIGHTED", name);
    if (count > 0) {
        memcpy(ranks, from, (size_t)count * sizeof *ranks);
    }
    if (count > 0 && weighted) {
        memcpy(weights, from_weights, (size_t)count * sizeof *weights);
    }
    return MPI_SUCCESS;
}

TRI_API(Dist_graph_neighbors)(MPI_Comm comm, int maxindegree, int sources[], int sourceweights[], int maxoutdegree,
                              int destinations[], int destweights[])
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_DIST_GRAPH);
    const struct tri_neighbors *neighbors = tri_topology_neighbors(of);
    const struct tri_dist_graph *graph = &of->topology->dist_graph;
    int code = copy_side(of, "sources", sources, neighbors->sources, sourceweights, graph->source_weights,
                         neighbors->source_count, maxindegree);
    return code == MPI_SUCCESS ? copy_side(of, "destinations", destinations, neighbors->destinations, destweights,
                                           graph->destination_weights, neighbors->destination_count, maxoutdegree)
                               : code;
}
