/* coll_vector.c - Gatherv, Scatterv, Allgatherv, Alltoallv with unequal blocks and holes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_RANKS = 16 };

static uint64_t state;
/* count[from][to]: how many elements each rank has for each other; drawn alike on all ranks. */
static int count[MAX_RANKS][MAX_RANKS];
static int counts_in[MAX_RANKS], places_in[MAX_RANKS], counts_out[MAX_RANKS], places_out[MAX_RANKS];
static int *in, *out;
static int room_in, room_out;

static int value(int from, int to, int i)
{
    return from * 1000003 + to * 10007 + i * 31;
}

static void draw(int scale)
{
    for (int from = 0; from < t_size; from++)
        for (int to = 0; to < t_size; to++)
            count[from][to] = t_random(&state, 3) == 0 ? 0 : t_random(&state, scale);
}

/* Places the blocks in descending order with a hole of three before each; returns the room
 * needed. */
static int layout(const int *counts, int *places)
{
    int at = 0;

    for (int r = t_size - 1; r >= 0; r--) {
        at += 3;
        places[r] = at;
        at += counts[r];
    }
    return at + 3;
}

static void prepare(void)
{
    for (int r = 0; r < t_size; r++) {
        counts_in[r] = count[r][t_rank];
        counts_out[r] = count[t_rank][r];
    }
    room_in = layout(counts_in, places_in);
    room_out = layout(counts_out, places_out);
    in = malloc((size_t)room_in * sizeof *in);
    out = malloc((size_t)room_out * sizeof *out);
    memset(in, T_GUARD_BYTE, (size_t)room_in * sizeof *in);
    memset(out, T_GUARD_BYTE, (size_t)room_out * sizeof *out);
    for (int r = 0; r < t_size; r++)
        for (int i = 0; i < counts_out[r]; i++)
            out[places_out[r] + i] = value(t_rank, r, i);
}

static void finish(void)
{
    free(in);
    free(out);
}

static void check_block(const int *block, int n, int from, int to, const char *what)
{
    for (int i = 0; i < n; i++)
        CHECK(block[i] == value(from, to, i), "%s: element %d of %d from %d to %d is %d", what, i,
              n, from, to, block[i]);
}

static void check_holes(const char *what)
{
    for (int r = 0; r < t_size; r++)
        CHECK(t_untouched(in + places_in[r] - 3, 3 * sizeof *in),
              "%s: the hole before %d was written", what, r);
    CHECK(t_untouched(in + room_in - 3, 3 * sizeof *in), "%s: the last hole was written", what);
}

static void alltoallv(void)
{
    prepare();
    MPI_Alltoallv(out, counts_out, places_out, MPI_INT, in, counts_in, places_in, MPI_INT,
                  MPI_COMM_WORLD);
    for (int r = 0; r < t_size; r++)
        check_block(in + places_in[r], counts_in[r], r, t_rank, "alltoallv");
    check_holes("alltoallv");
    finish();
}

/* In place the counts must be symmetric: what goes to a rank makes room for what comes from it. */
static void alltoallv_in_place(void)
{
    for (int a = 0; a < t_size; a++)
        for (int b = 0; b < a; b++)
            count[a][b] = count[b][a];
    prepare();
    for (int r = 0; r < t_size; r++)
        for (int i = 0; i < counts_in[r]; i++)
            in[places_in[r] + i] = value(t_rank, r, i);
    MPI_Alltoallv(MPI_IN_PLACE, NULL, NULL, MPI_DATATYPE_NULL, in, counts_in, places_in, MPI_INT,
                  MPI_COMM_WORLD);
    for (int r = 0; r < t_size; r++)
        check_block(in + places_in[r], counts_in[r], r, t_rank, "alltoallv in place");
    check_holes("alltoallv in place");
    finish();
}

static void gatherv(int root, int in_place)
{
    prepare();
    if (t_rank != root) {
        MPI_Gatherv(out + places_out[root], counts_out[root], MPI_INT, NULL, NULL, NULL,
                    MPI_DATATYPE_NULL, root, MPI_COMM_WORLD);
        finish();
        return;
    }
    for (int i = 0; i < counts_in[root] && in_place; i++)
        in[places_in[root] + i] = value(root, root, i);
    MPI_Gatherv(in_place ? MPI_IN_PLACE : out + places_out[root], in_place ? 0 : counts_out[root],
                in_place ? MPI_DATATYPE_NULL : MPI_INT, in, counts_in, places_in, MPI_INT, root,
                MPI_COMM_WORLD);
    for (int r = 0; r < t_size; r++)
        check_block(in + places_in[r], counts_in[r], r, root, "gatherv");
    check_holes("gatherv");
    finish();
}

static void scatterv(int root, int in_place)
{
    int *block;

    prepare();
    block = in + places_in[root];
    if (t_rank != root) {
        MPI_Scatterv(NULL, NULL, NULL, MPI_DATATYPE_NULL, block, counts_in[root], MPI_INT, root,
                     MPI_COMM_WORLD);
        check_block(block, counts_in[root], root, t_rank, "scatterv");
        check_holes("scatterv");
    } else if (in_place) {
        MPI_Scatterv(out, counts_out, places_out, MPI_INT, MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, root,
                     MPI_COMM_WORLD);
        check_block(out + places_out[root], counts_out[root], root, root, "scatterv in place");
    } else {
        MPI_Scatterv(out, counts_out, places_out, MPI_INT, block, counts_in[root], MPI_INT, root,
                     MPI_COMM_WORLD);
        check_block(block, counts_in[root], root, root, "scatterv");
        check_holes("scatterv");
    }
    finish();
}

/* Everybody sends one block to all: that of count[r][0]. */
static void allgatherv(int in_place)
{
    for (int r = 0; r < t_size; r++)
        for (int to = 0; to < t_size; to++)
            count[r][to] = count[r][0];
    prepare();
    for (int i = 0; i < counts_out[0]; i++)
        (in_place ? in + places_in[t_rank] : out + places_out[0])[i] = value(t_rank, 0, i);
    if (in_place)
        MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, counts_in, places_in, MPI_INT,
                       MPI_COMM_WORLD);
    else
        MPI_Allgatherv(out + places_out[0], counts_out[0], MPI_INT, in, counts_in, places_in,
                       MPI_INT, MPI_COMM_WORLD);
    for (int r = 0; r < t_size; r++)
        check_block(in + places_in[r], counts_in[r], r, 0, "allgatherv");
    check_holes("allgatherv");
    finish();
}

int main(int argc, char **argv)
{
    static const int scales[] = {1, 2, 10, 1000, 60000};
    int max;

    t_init(&argc, &argv);
    max = argc > 1 ? atoi(argv[1]) : 60000;
    if (t_size > MAX_RANKS)
        MPI_Abort(MPI_COMM_WORLD, 2);
    state = t_seed();
    for (int s = 0; s < T_COUNT(scales) && scales[s] <= max; s++) {
        for (int turn = 0; turn < 6; turn++) {
            draw(scales[s]);
            alltoallv();
            alltoallv_in_place();
            draw(scales[s]);
            gatherv(turn % t_size, turn / 3);
            scatterv(turn % t_size, turn / 3);
            allgatherv(turn % 2);
        }
    }
    return t_finish();
}
