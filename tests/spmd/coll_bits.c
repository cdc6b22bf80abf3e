/* coll_bits.c - the same floating-point inputs give the same bits, every time and everywhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_bits [TIMES]
 *
 * The inputs are of very different magnitudes, so that another order of additions is seen. Ranks
 * come late by chance: what arrives first must not be added first. */
#include "coll_call.h"
#include <unistd.h>

enum { MAX_COUNT = 40000, FLAVOURS = 3 };

static const int counts[] = {1, 2, 7, 100, 1000, 8192, MAX_COUNT};
static const enum coll_id operations[] = {COLL_REDUCE, COLL_ALLREDUCE, COLL_REDUCE_SCATTER_BLOCK,
                                          COLL_REDUCE_SCATTER, COLL_SCAN};
static unsigned char *in, *out, *before;
static int times = 20;
static uint64_t state, digest;

/* What is added or multiplied. */
static const struct flavour {
    const char *name;
    int size;
} flavours[FLAVOURS] = {{"sum of doubles", 8}, {"sum of floats", 4}, {"product of doubles", 8}};

static MPI_Datatype type_of(int flavour)
{
    return flavour == 1 ? MPI_FLOAT : MPI_DOUBLE;
}

static void fill(int flavour, int n)
{
    for (int i = 0; i < n; i++) {
        uint64_t w = t_word((uint64_t)t_rank, (size_t)i);
        double magnitude = (double)((uint64_t)1 << (w % 40)), sign = w >> 63 ? -1 : 1;
        double d = sign * (1 + (double)(w >> 11 & 0xfffff) / 1048583.0);
        float f = (float)(d * magnitude);
        if (flavour == 0)
            d *= magnitude;
        memcpy(in + (size_t)(i * flavours[flavour].size), flavour == 1 ? (void *)&f : (void *)&d,
               (size_t)flavours[flavour].size);
    }
}

/* Elements that this rank gets of a vector of n blocks. */
static int received(enum coll_id op, int n)
{
    return op == COLL_REDUCE && t_rank != 0 ? 0
           : op == COLL_REDUCE_SCATTER     ? n + t_rank % 2
                                           : n;
}

static void run(MPI_Comm comm, enum coll_id op, enum coll_form form, int flavour, int n)
{
    int each[COLL_RANKS];
    struct coll_args a = {.send = {.buffer = in},
                          .receive = {.buffer = out, .count = n, .type = type_of(flavour)},
                          .op = flavour == 2 ? MPI_PROD : MPI_SUM,
                          .comm = comm};
    MPI_Request request;

    a.receive.narrow.counts = each;
    for (int r = 0; r < t_size; r++)
        each[r] = n + r % 2;
    if (t_random(&state, 4) == 0)
        usleep((useconds_t)t_random(&state, 500));
    CHECK_OK(coll_call(op, form, false, &a, &request));
    if (form == COLL_PERSISTENT)
        CHECK_OK(MPI_Start(&request));
    if (form != COLL_BLOCKING)
        CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    if (form == COLL_PERSISTENT)
        CHECK_OK(MPI_Request_free(&request));
}

/* All ranks have the bits of rank 0. */
static void same_everywhere(const char *what, int flavour, int n, size_t bytes)
{
    if (t_rank == 0) {
        for (int r = 1; r < t_size; r++)
            MPI_Send(out, (int)bytes, MPI_BYTE, r, 1, MPI_COMM_WORLD);
        return;
    }
    MPI_Recv(before, (int)bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(memcmp(before, out, bytes) == 0, "%s, %s, %d elements: other bits than on rank 0", what,
          flavours[flavour].name, n);
}

static void same_each_time(enum coll_id op, enum coll_form form, int flavour, int count)
{
    bool scatter = op == COLL_REDUCE_SCATTER || op == COLL_REDUCE_SCATTER_BLOCK;
    int n = scatter ? count / t_size : count;
    size_t bytes = (size_t)(received(op, n) * flavours[flavour].size);
    int repeats = count > 1000 ? times / 4 + 1 : times;
    MPI_Comm comm; /* a new one: also its first calls are like those that follow */

    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    fill(flavour, count + 2 * t_size);
    for (int turn = 0; turn < repeats; turn++) {
        memset(out, 0, bytes);
        if (turn == repeats / 2) /* something else was called meanwhile */
            MPI_Barrier(comm);
        run(comm, op, form, flavour, n);
        if (turn > 0)
            CHECK(memcmp(before, out, bytes) == 0, "%s %s, %s, %d elements: other bits in turn %d",
                  coll_forms[form], coll_names[op], flavours[flavour].name, n, turn);
        memcpy(before, out, bytes);
    }
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        uint64_t w;
        memcpy(&w, out + i, sizeof w);
        digest = t_mix(digest ^ w);
    }
    MPI_Comm_free(&comm);
    if (op == COLL_ALLREDUCE)
        same_everywhere(coll_forms[form], flavour, n, bytes);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_size > COLL_RANKS)
        MPI_Abort(MPI_COMM_WORLD, 2);
    times = argc > 1 ? atoi(argv[1]) : times;
    state = t_seed() + (uint64_t)t_rank;
    in = malloc((MAX_COUNT + 2 * COLL_RANKS) * sizeof(double));
    out = malloc((MAX_COUNT + 2 * COLL_RANKS) * sizeof(double));
    before = malloc((MAX_COUNT + 2 * COLL_RANKS) * sizeof(double));
    for (int o = 0; o < T_COUNT(operations); o++)
        for (int form = 0; form < COLL_FORMS; form++)
            for (int flavour = 0; flavour < FLAVOURS; flavour++)
                for (int c = 0; c < T_COUNT(counts); c++)
                    same_each_time(operations[o], (enum coll_form)form, flavour, counts[c]);
    if (t_rank == 0) /* to compare runs with */
        printf("digest %016llx\n", (unsigned long long)digest);
    free(in);
    free(out);
    free(before);
    return t_finish();
}
