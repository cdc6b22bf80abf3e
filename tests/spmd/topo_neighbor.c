/* topo_neighbor.c - neighbourhood collectives: every operation, form and face on topologies of all kinds. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "neighbor_model.h"

enum { FLIGHT = 14, TURNS = 3, LONG = 3000 };

static uint64_t common, own; /* drawn alike at all processes; by each for itself */

/* ---- calls on one communicator ---- */

static int longest(const uint64_t *from)
{
    static const int lengths[] = {0, 1, 2, 7, 50, LONG};
    uint64_t state = *from;
    int most = 0;

    for (int r = 0; r < RANKS; r++)
        most = out_degree[r] > most ? out_degree[r] : most;
    return lengths[t_random(&state, most > 6 ? 5 : 6)];
}

static void one_call(MPI_Comm comm, enum operation operation, enum form form, int large, uint64_t *state)
{
    static struct plan plan;
    MPI_Request request = MPI_REQUEST_NULL;
    int rank;

    MPI_Comm_rank(comm, &rank);
    *state = t_mix(*state);
    plan_make(&plan, operation, rank, longest(state), *state);
    plan_fill(&plan, 0);
    plan_call(&plan, form, large, comm, &request);
    for (int turn = 0; turn < (form == PERSISTENT ? TURNS : 1); turn++) {
        if (form == PERSISTENT) {
            plan_fill(&plan, turn);
            CHECK_OK(MPI_Start(&request));
        }
        CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        plan_check(&plan, turn);
    }
    if (form == PERSISTENT)
        CHECK_OK(MPI_Request_free(&request));
    plan_end(&plan);
}

static void every_call(MPI_Comm comm, uint64_t *state)
{
    for (enum operation operation = 0; operation < OPERATIONS; operation++)
        for (enum form form = 0; form < FORMS; form++)
            for (int large = 0; large < 2; large++)
                one_call(comm, operation, form, large, state);
}

/* Starts another collective, the result of which is known. */
static void start_other(MPI_Comm comm, int which, int *value, int *result, MPI_Request *request)
{
    int rank, size;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    switch (which) {
        case 0: MPI_Iallreduce(value, result, 1, MPI_INT, MPI_SUM, comm, request); break;
        case 1:
            *result = rank == size - 1 ? *value : -1;
            MPI_Ibcast(result, 1, MPI_INT, size - 1, comm, request);
            break;
        default:
            *result = *value;
            MPI_Ibarrier(comm, request);
    }
}

static void check_other(MPI_Comm comm, int which, int value, int result)
{
    int size;

    MPI_Comm_size(comm, &size);
    CHECK(result == (which == 0 ? value * size : value), "beside the neighbours: %d from %d", result, value);
}

/* Many at once on one communicator, others among them, completed in an order of each process's own. */
static void in_flight(MPI_Comm comm, uint64_t *state)
{
    static struct plan plans[FLIGHT];
    MPI_Request requests[FLIGHT], kept[FLIGHT];
    int form[FLIGHT], which[FLIGHT], values[FLIGHT], results[FLIGHT], rank, done;

    MPI_Comm_rank(comm, &rank);
    for (int i = 0; i < FLIGHT; i++) {
        enum operation operation = t_random(state, OPERATIONS);

        form[i] = t_random(state, FORMS + 1);
        which[i] = t_random(state, 3);
        values[i] = i + 1;
        requests[i] = kept[i] = MPI_REQUEST_NULL;
        if (form[i] == FORMS) {
            start_other(comm, which[i], &values[i], &results[i], &requests[i]);
            continue;
        }
        plan_make(&plans[i], operation, rank, longest(state), *state);
        plan_fill(&plans[i], 0);
        plan_call(&plans[i], (enum form)form[i], i % 2, comm, &requests[i]);
        if (form[i] == PERSISTENT) {
            MPI_Start(&requests[i]);
            kept[i] = requests[i];
        }
    }
    for (int left = FLIGHT; left > 0; left--) {
        int from = t_random(&own, FLIGHT), n = 1 + t_random(&own, FLIGHT - from);

        MPI_Waitany(n, requests + from, &done, MPI_STATUS_IGNORE);
    }
    MPI_Waitall(FLIGHT, requests, MPI_STATUSES_IGNORE);
    for (int i = 0; i < FLIGHT; i++) {
        if (form[i] == FORMS) {
            check_other(comm, which[i], values[i], results[i]);
            continue;
        }
        plan_check(&plans[i], 0);
        if (form[i] == PERSISTENT)
            MPI_Request_free(&kept[i]);
        plan_end(&plans[i]);
    }
}

/* Takes the communicator; also a duplicate of it, that outlives it, has the neighbours. */
static void exercise(MPI_Comm comm)
{
    uint64_t state = common;
    MPI_Comm copy;

    common = t_mix(common + 1);
    if (comm == MPI_COMM_NULL)
        return;
    every_call(comm, &state);
    MPI_Comm_dup(comm, &copy);
    MPI_Comm_free(&comm);
    in_flight(copy, &state);
    MPI_Comm_free(&copy);
}

/* ---- grids ---- */

static void grid_neighbors(int ndims, const int *dims, const int *periods)
{
    int size = 1;

    model_clear();
    for (int d = 0; d < ndims; d++)
        size *= dims[d];
    for (int r = 0; r < size; r++)
        for (int d = 0, stride = size; d < ndims; d++) {
            stride /= dims[d];
            for (int up = 0; up < 2; up++) {
                int k = 2 * d + up, at = r / stride % dims[d], to = at + (up ? 1 : -1);
                int inside = to >= 0 && to < dims[d];

                to = (to + dims[d]) % dims[d];
                outs[r][k] = inside || periods[d] ? r + (to - at) * stride : MPI_PROC_NULL;
                ins[r][k] = outs[r][k];
                origin[r][k] = 2 * d + !up; /* what comes from below went up */
            }
            in_degree[r] = out_degree[r] = 2 * ndims;
        }
}

static void grid(int ndims, const int *dims, const int *periods, int reorder)
{
    MPI_Comm comm = MPI_COMM_NULL;

    grid_neighbors(ndims, dims, periods);
    CHECK_OK(MPI_Cart_create(MPI_COMM_WORLD, ndims, dims, periods, reorder, &comm));
    exercise(comm);
}

static void grids(void)
{
    static const int fixed[][3] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {2, 2, 1},
                                   {2, 1, 2}, {2, 2, 2}, {3, 2, 1}, {1, 3, 1}};
    int dims[3] = {t_size}, periods[3] = {1, 1, 1}, none[3] = {0};

    grid(1, dims, periods, 0);
    grid(1, dims, none, 1);
    grid(0, dims, none, 0);
    for (int i = 0; i < T_COUNT(fixed); i++)
        if (fixed[i][0] * fixed[i][1] * fixed[i][2] <= t_size)
            grid(3, fixed[i], periods, i % 2);
    for (int round = 0; round < 8; round++) {
        int ndims = 1 + t_random(&common, 3), room = t_size;

        for (int d = 0; d < ndims; d++) {
            dims[d] = 1 + t_random(&common, room);
            room /= dims[d];
            periods[d] = t_random(&common, 2);
        }
        grid(ndims, dims, periods, round % 2);
    }
}

/* ---- graphs ---- */

static void swap(int *list, int i, int j)
{
    int kept = list[i];

    list[i] = list[j];
    list[j] = kept;
}

static void shuffle(int *list, int n)
{
    for (int i = n - 1; i > 0; i--)
        swap(list, i, t_random(&common, i + 1));
}

static void edge(int from, int to)
{
    outs[from][out_degree[from]++] = to;
    ins[to][in_degree[to]++] = from;
}

/* As many edges one way as the other, also several; loops; some ranks have none. */
static void graph(int nodes, int edges)
{
    static int index[RANKS], targets[RANKS * EDGES];
    int n = 0, reach = 1 + t_random(&common, nodes);
    MPI_Comm comm = MPI_COMM_NULL;

    model_clear();
    for (int i = 0; i < edges; i++) {
        int a = t_random(&common, reach), b = t_random(&common, reach);

        edge(a, b);
        if (a != b)
            edge(b, a);
    }
    for (int r = 0; r < nodes; r++) {
        shuffle(outs[r], out_degree[r]);
        memcpy(ins[r], outs[r], sizeof ins[r]);
        for (int k = 0; k < out_degree[r]; k++)
            targets[n++] = outs[r][k];
        index[r] = n;
    }
    model_match_in_order(nodes);
    CHECK_OK(MPI_Graph_create(MPI_COMM_WORLD, nodes, index, targets, edges % 2, &comm));
    exercise(comm);
}

/* Any edges; each process lists its own, both ways in any order. */
static void adjacent(int edges, int weighted)
{
    static int weights[EDGES];
    int reach = 1 + t_random(&common, t_size);
    MPI_Comm comm = MPI_COMM_NULL;

    model_clear();
    for (int i = 0; i < edges; i++)
        edge(t_random(&common, reach), t_random(&common, t_size));
    for (int r = 0; r < t_size; r++) {
        shuffle(outs[r], out_degree[r]);
        shuffle(ins[r], in_degree[r]);
    }
    model_match_in_order(t_size);
    /* Weights of the two ends of an edge must be the same. */
    for (int i = 0; i < EDGES; i++)
        weights[i] = 3;
    int in = in_degree[t_rank], out = out_degree[t_rank];
    int *none = weighted ? MPI_WEIGHTS_EMPTY : MPI_UNWEIGHTED;
    CHECK_OK(MPI_Dist_graph_create_adjacent(MPI_COMM_WORLD, in, ins[t_rank], weighted && in ? weights : none, out,
                                            outs[t_rank], weighted && out ? weights : none, MPI_INFO_NULL,
                                            edges % 2, &comm));
    exercise(comm);
}

/* Any process gives any edges. */
static void given(int edges, int weighted)
{
    int sources[EDGES], degrees[EDGES], destinations[EDGES], weights[EDGES], n = 0;
    MPI_Comm comm = MPI_COMM_NULL;

    model_clear();
    for (int giver = 0; giver < t_size; giver++)
        for (int i = edges / t_size; i > 0; i--) {
            int from = t_random(&common, t_size), to = t_random(&common, 1 + giver);

            edge(from, to);
            if (giver == t_rank) {
                sources[n] = from;
                degrees[n] = 1;
                weights[n] = i;
                destinations[n++] = to;
            }
        }
    model_match_in_order(t_size);
    CHECK_OK(MPI_Dist_graph_create(MPI_COMM_WORLD, n, sources, degrees, destinations,
                                   !weighted ? MPI_UNWEIGHTED : n ? weights : MPI_WEIGHTS_EMPTY, MPI_INFO_NULL,
                                   edges % 2, &comm));
    exercise(comm);
}

static void graphs(void)
{
    for (int round = 0; round < 5; round++) {
        graph(1 + t_random(&common, t_size), t_random(&common, 3 * t_size));
        adjacent(t_random(&common, 6 * t_size), round % 2);
        given(t_random(&common, 6 * t_size), round % 2);
    }
    adjacent(0, 0); /* nobody has neighbours */
    graph(t_size, 0);
    adjacent(60, 1);
    graph(t_size, 40);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    common = t_seed();
    own = common + (uint64_t)t_rank;
    grids();
    graphs();
    return t_finish();
}
