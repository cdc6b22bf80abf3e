/* topo_cart.c - cartesian topologies against plain arithmetic: ranks, coordinates, shifts, subgrids, copies. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { DIMS = 5 };

/* What a grid must look like. */
static int ndims, dims[DIMS], periods[DIMS], grid_size;

static int model_rank(const int *coords)
{
    int rank = 0;

    for (int i = 0; i < ndims; i++)
        rank = rank * dims[i] + (coords[i] % dims[i] + dims[i]) % dims[i];
    return rank;
}

static void model_coords(int rank, int *coords)
{
    for (int i = ndims - 1; i >= 0; rank /= dims[i--])
        coords[i] = rank % dims[i];
}

static int model_shift(int rank, int direction, int disp)
{
    int coords[DIMS] = {0};

    model_coords(rank, coords);
    coords[direction] += disp;
    if (!periods[direction] && (coords[direction] < 0 || coords[direction] >= dims[direction]))
        return MPI_PROC_NULL;
    return model_rank(coords);
}

/* A number travels along the shift, so that source and destination fit each other. */
static void check_shift(MPI_Comm cart, int rank, int direction, int disp)
{
    int source = -7, dest = -7, got = -1;

    CHECK_OK(MPI_Cart_shift(cart, direction, disp, &source, &dest));
    CHECK(dest == model_shift(rank, direction, disp), "shift by %d in %d of %d: to %d", disp,
          direction, ndims, dest);
    CHECK(source == model_shift(rank, direction, -disp), "shift by %d in %d of %d: from %d", disp,
          direction, ndims, source);
    MPI_Sendrecv(&rank, 1, MPI_INT, dest, 5, &got, 1, MPI_INT, source, 5, cart, MPI_STATUS_IGNORE);
    CHECK(got == (source == MPI_PROC_NULL ? -1 : source), "from %d came %d", source, got);
}

static void check_questions(MPI_Comm cart, int rank)
{
    int n = -1, d[DIMS + 1], p[DIMS + 1], c[DIMS + 1], mine[DIMS], r = -1, kind = -1;

    for (int i = 0; i <= DIMS; i++)
        d[i] = p[i] = c[i] = -5;
    MPI_Topo_test(cart, &kind);
    CHECK(kind == MPI_CART, "kind %d", kind);
    CHECK_OK(MPI_Cartdim_get(cart, &n));
    CHECK(n == ndims, "%d dimensions, not %d", n, ndims);
    CHECK_OK(MPI_Cart_get(cart, DIMS + 1, d, p, c));
    model_coords(rank, mine);
    for (int i = 0; i < ndims; i++)
        CHECK(d[i] == dims[i] && p[i] == !!periods[i] && c[i] == mine[i],
              "dimension %d of %d: %d %d %d", i, ndims, d[i], p[i], c[i]);
    CHECK(d[ndims] == -5 && p[ndims] == -5 && c[ndims] == -5, "more than %d dimensions", ndims);
    if (ndims > 1) {
        d[1] = p[1] = c[1] = -5;
        CHECK_OK(MPI_Cart_get(cart, 1, d, p, c));
        CHECK(d[0] == dims[0] && d[1] == -5 && p[1] == -5 && c[1] == -5, "room for one dimension");
    }
    for (int k = 0; k < grid_size; k++) {
        CHECK_OK(MPI_Cart_coords(cart, k, ndims, c));
        model_coords(k, mine);
        CHECK(memcmp(c, mine, (size_t)ndims * sizeof *c) == 0, "coordinates of %d", k);
        for (int i = 0; i < ndims; i++)
            c[i] += periods[i] ? dims[i] * (k % 5 - 2) : 0;
        CHECK_OK(MPI_Cart_rank(cart, c, &r));
        CHECK(r == k, "rank %d, not %d", r, k);
    }
}

/* All that is known about the grid, as this process sees it. */
static void check_cart(MPI_Comm cart)
{
    int rank, size, sum = -1;

    MPI_Comm_rank(cart, &rank);
    MPI_Comm_size(cart, &size);
    CHECK(size == grid_size, "size %d, not %d", size, grid_size);
    check_questions(cart, rank);
    for (int i = 0; i < ndims; i++)
        for (int disp = -dims[i] - 1; disp <= dims[i] + 1; disp++)
            check_shift(cart, rank, i, disp);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, cart);
    CHECK(sum == size * (size - 1) / 2, "sum of ranks %d", sum);
}

/* A duplicate of any kind has the topology, what is split off has none. */
static void check_copies(MPI_Comm cart)
{
    MPI_Comm copy;
    MPI_Request request;
    int kind = -1;

    MPI_Comm_dup(cart, &copy);
    check_cart(copy);
    MPI_Comm_free(&copy);
    MPI_Comm_idup(cart, &copy, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    check_cart(copy);
    MPI_Comm_free(&copy);
    MPI_Comm_dup_with_info(cart, MPI_INFO_NULL, &copy);
    check_cart(copy);
    MPI_Comm_free(&copy);
    MPI_Comm_split(cart, 0, 0, &copy);
    MPI_Topo_test(copy, &kind);
    CHECK(kind == MPI_UNDEFINED, "a split has kind %d", kind);
    MPI_Comm_free(&copy);
}

/* Every choice of dimensions. The grid of the model becomes the subgrid for a while. */
static void check_subgrids(MPI_Comm cart)
{
    int n = ndims, all_dims[DIMS], all_periods[DIMS], all_size = grid_size, mine[DIMS], rank;

    memcpy(all_dims, dims, sizeof dims);
    memcpy(all_periods, periods, sizeof periods);
    MPI_Comm_rank(cart, &rank);
    for (int mask = 0; mask < 1 << n; mask++) {
        int remain[DIMS], expected[DIMS], got = -1;
        MPI_Comm sub;

        model_coords(rank, mine);
        grid_size = 1;
        ndims = 0;
        for (int i = 0; i < n; i++) {
            remain[i] = mask >> i & 1 ? 3 : 0;
            if (remain[i]) {
                grid_size *= all_dims[i];
                expected[ndims] = mine[i];
                periods[ndims] = all_periods[i];
                dims[ndims++] = all_dims[i];
            }
        }
        CHECK_OK(MPI_Cart_sub(cart, remain, &sub));
        check_cart(sub);
        MPI_Comm_rank(sub, &got);
        CHECK(got == model_rank(expected), "rank %d in subgrid %d", got, mask);
        MPI_Comm_free(&sub);
        memcpy(dims, all_dims, sizeof dims);
        memcpy(periods, all_periods, sizeof periods);
        ndims = n;
        grid_size = all_size;
    }
}

/* The ranks that the map gives are those of a permutation of as many processes as the grid has. */
static void check_map(void)
{
    int *ranks = malloc((size_t)t_size * sizeof *ranks), *seen = calloc((size_t)t_size, sizeof *seen);
    int mine = -9, placed = 0;

    CHECK_OK(MPI_Cart_map(MPI_COMM_WORLD, ndims, dims, periods, &mine));
    MPI_Allgather(&mine, 1, MPI_INT, ranks, 1, MPI_INT, MPI_COMM_WORLD);
    for (int i = 0; i < t_size; i++) {
        if (ranks[i] == MPI_UNDEFINED)
            continue;
        CHECK(ranks[i] >= 0 && ranks[i] < grid_size && !seen[ranks[i]], "rank %d", ranks[i]);
        seen[ranks[i] % t_size]++;
        placed++;
    }
    CHECK(placed == grid_size, "%d of %d places are taken", placed, grid_size);
    free(seen);
    free(ranks);
}

static void check_grid(void)
{
    grid_size = 1;
    for (int i = 0; i < ndims; i++)
        grid_size *= dims[i];
    for (int reorder = 0; reorder < 2; reorder++) {
        MPI_Comm cart = MPI_COMM_WORLD;
        int rank = t_rank;

        CHECK_OK(MPI_Cart_create(MPI_COMM_WORLD, ndims, dims, periods, reorder, &cart));
        if (cart != MPI_COMM_NULL)
            MPI_Comm_rank(cart, &rank);
        CHECK(reorder || (cart != MPI_COMM_NULL) == (t_rank < grid_size), "has a communicator");
        CHECK(reorder || rank == t_rank, "rank %d without reorder", rank);
        if (cart == MPI_COMM_NULL)
            continue;
        check_cart(cart);
        check_copies(cart);
        check_subgrids(cart);
        MPI_Comm_free(&cart);
    }
    check_map();
}

/* A grid of one process needs no arrays. */
static void no_dimensions(void)
{
    MPI_Comm point = MPI_COMM_WORLD, again;
    int rank = -1;

    CHECK_OK(MPI_Cart_create(MPI_COMM_WORLD, 0, NULL, NULL, 0, &point));
    CHECK((point != MPI_COMM_NULL) == (t_rank == 0), "the first process only");
    if (point == MPI_COMM_NULL)
        return;
    CHECK_OK(MPI_Cart_rank(point, NULL, &rank));
    CHECK(rank == 0, "rank %d", rank);
    CHECK_OK(MPI_Cart_coords(point, 0, 0, NULL));
    CHECK_OK(MPI_Cart_get(point, 0, NULL, NULL, NULL));
    CHECK_OK(MPI_Cart_sub(point, NULL, &again));
    MPI_Comm_free(&again);
    MPI_Comm_free(&point);
}

int main(int argc, char **argv)
{
    uint64_t state;

    t_init(&argc, &argv);
    state = t_seed();
    for (ndims = 0; ndims <= DIMS; ndims++) {
        for (int nodes = t_size; nodes > 0; nodes -= 3) {
            memset(dims, 0, sizeof dims);
            if (ndims > 0)
                CHECK_OK(MPI_Dims_create(nodes, ndims, dims));
            for (int i = 0; i < ndims; i++)
                periods[i] = t_random(&state, 3);
            check_grid();
        }
    }
    no_dimensions();
    return t_finish();
}
