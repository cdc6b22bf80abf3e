/* Collectives that move data, against who should have what. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "movement.h"

#include <string.h>

/* Blocks of up to COUNT_MAX elements for each rank, in slots of SLOT elements: slot k of a buffer begins at element
 * (k - SHIFT) * SLOT when the program gives displacements, so that some are negative. */
enum {
    COUNT_MAX = 20,
    SLOT = 24,
    SHIFT = 2,
    EXTENT_MAX = 24,
    LONG_TOTAL = WORLD_MAX * 4097, /* elements of all blocks of a long call */
    HALF = (LONG_TOTAL + 2) * EXTENT_MAX,
};

static world_runner *run;

/* Three types with the signature of one element (8 bytes), so that both sides of a call may differ. */
static struct tri_datatype *types[3];
static const int64_t places[3] = {0, 4, 8}; /* of the 8 bytes in an element */

static struct call {
    enum tri_collective_id operation;
    int size, root;
    bool in_place, arrays, wide;
    int64_t count;
    int64_t counts[WORLD_MAX][WORLD_MAX]; /* [from][to] of alltoall; [rank][0] of the others */
    int send_kind[WORLD_MAX], receive_kind[WORLD_MAX];
    uint64_t draw;
    int error[WORLD_MAX], entered, too_early;
} call;

/* ---- elements ---- */

static int64_t first_of(int slot)
{
    return call.arrays ? (int64_t)(slot - SHIFT) * SLOT : slot * call.count;
}

static char *element_at(char *base, int kind, int slot, int64_t i)
{
    return base + (first_of(slot) + i) * types[kind]->extent + places[kind];
}

/* The element that rank `from` means for rank `to`. */
static uint64_t element(int from, int to, int64_t i)
{
    return UINT64_C(0x0101010101010101) * (uint64_t)(from + 1) + ((uint64_t)to << 40) + (uint64_t)i * 7;
}

static void put(char *base, int kind, int slot, int from, int to, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint64_t value = element(from, to, i);
        memcpy(element_at(base, kind, slot, i), &value, sizeof value);
    }
}

static bool is_rooted(void)
{
    return call.operation == TRI_GATHER || call.operation == TRI_SCATTER;
}

static bool is_in_place(int rank)
{
    return call.in_place && call.operation != TRI_BCAST && (!is_rooted() || rank == call.root);
}

static int64_t count_of(int from, int to)
{
    return call.arrays ? call.counts[from][to] : call.count;
}

/* Puts single blocks at the buffer's start: call.arrays moves slots only where the program can say so. */
static void put_single(char *base, int kind, int from, int to, int64_t count)
{
    bool arrays = call.arrays;
    call.arrays = false;
    put(base, kind, 0, from, to, count);
    call.arrays = arrays;
}

/* What rank has in its input, or in place in its output, before the call. */
static void fill_rank(int rank, char *input, char *output)
{
    int kind = call.send_kind[rank], size = call.size;
    switch (call.operation) {
    case TRI_BCAST:
        if (rank == call.root) {
            put_single(output, call.receive_kind[rank], rank, 0, call.count);
        }
        break;
    case TRI_GATHER:
    case TRI_ALLGATHER:
        if (is_in_place(rank)) {
            put(output, call.receive_kind[rank], rank, rank, 0, count_of(rank, 0));
        } else {
            put_single(input, kind, rank, 0, count_of(rank, 0));
        }
        break;
    case TRI_SCATTER:
        for (int to = 0; to < size && rank == call.root; to++) {
            put(input, kind, to, rank, to, count_of(to, 0));
        }
        break;
    case TRI_ALLTOALL:
        for (int to = 0; to < size; to++) {
            bool in_place = is_in_place(rank);
            put(in_place ? output : input, in_place ? call.receive_kind[rank] : kind, to, rank, to, count_of(rank, to));
        }
        break;
    default: break;
    }
}

/* What the call has to leave in the output of rank. */
static void expect_rank(int rank, char *output)
{
    int kind = call.receive_kind[rank];
    switch (call.operation) {
    case TRI_BCAST: put_single(output, kind, call.root, 0, call.count); break;
    case TRI_GATHER:
    case TRI_ALLGATHER:
        for (int from = 0; from < call.size && (call.operation == TRI_ALLGATHER || rank == call.root); from++) {
            put(output, kind, from, from, 0, count_of(from, 0));
        }
        break;
    case TRI_SCATTER:
        if (!is_in_place(rank)) {
            put_single(output, kind, call.root, rank, count_of(rank, 0));
        }
        break;
    case TRI_ALLTOALL:
        for (int from = 0; from < call.size; from++) {
            put(output, kind, from, from, rank, count_of(from, rank));
        }
        break;
    default: break;
    }
}

/* ---- the call ---- */

/* Counts and displacements as a program passes them: int or 64 bit. */
struct arrays {
    int narrow[2][WORLD_MAX];
    int64_t wide[2][WORLD_MAX];
};

/* Blocks of one side: many with arrays, or by count. by_rank: counts[k][0], else counts[rank][k] or counts[k][rank]. */
static struct tri_blocks blocks(struct arrays *arrays, int kind, bool many, int from, int to)
{
    struct tri_blocks result = {.type = types[kind], .count = from >= 0 ? count_of(from, to < 0 ? 0 : to) : call.count};
    if (!many || !call.arrays) {
        return result;
    }
    for (int k = 0; k < call.size; k++) {
        arrays->wide[0][k] = call.counts[from < 0 ? k : from][to < 0 ? k : to];
        arrays->wide[1][k] = first_of(k);
        arrays->narrow[0][k] = (int)arrays->wide[0][k];
        arrays->narrow[1][k] = (int)arrays->wide[1][k];
    }
    result.count = 0;
    result.counts = (tri_counts){call.wide ? (void *)arrays->wide[0] : (void *)arrays->narrow[0], call.wide};
    result.displacements = (tri_counts){call.wide ? (void *)arrays->wide[1] : (void *)arrays->narrow[1], call.wide};
    return result;
}

static void run_call(struct tri_comm *comm, void *arg)
{
    (void)arg;
    int rank = comm->rank;
    struct arrays give = {0}, get = {0};
    bool root = rank == call.root;
    struct tri_collective collective = {.operation = call.operation,
                                        .comm = comm,
                                        .input = world_input[rank],
                                        .output = world_output[rank],
                                        .in_place = is_in_place(rank),
                                        .irregular = call.arrays,
                                        .root = call.root};
    switch (call.operation) {
    case TRI_BCAST: collective.receive = blocks(&get, call.receive_kind[rank], false, -1, -1); break;
    case TRI_SCATTER:
        collective.send = root ? blocks(&give, call.send_kind[rank], true, -1, 0) : collective.send;
        collective.receive = blocks(&get, call.receive_kind[rank], false, rank, 0);
        break;
    case TRI_GATHER:
    case TRI_ALLGATHER:
        collective.send = blocks(&give, call.send_kind[rank], false, rank, 0);
        collective.receive = blocks(&get, call.receive_kind[rank], true, -1, 0);
        break;
    case TRI_ALLTOALL:
        collective.send = blocks(&give, call.send_kind[rank], true, rank, -1);
        collective.receive = blocks(&get, call.receive_kind[rank], true, -1, rank);
        break;
    default: break;
    }
    call.entered++;
    call.error[rank] = run(&collective, call.draw);
    call.too_early += call.operation == TRI_BARRIER && call.entered < call.size;
}

/* Bytes of the buffers that this call may touch, on each side of where they point, and some more. */
static size_t reach(void)
{
    int64_t elements = TRI_MAX(call.size * call.count, (WORLD_MAX + SHIFT) * SLOT);
    return (size_t)(elements + 2) * EXTENT_MAX;
}

static void check_call(struct dice *dice)
{
    static char room[WORLD_MAX][2 * HALF];
    size_t half = reach();
    for (int rank = 0; rank < call.size; rank++) {
        memset(world_input[rank] - half, 0x44, 2 * half);
        memset(world_output[rank] - half, 0x44, 2 * half);
        fill_rank(rank, world_input[rank], world_output[rank]);
        memcpy(room[rank] + HALF - half, world_output[rank] - half, 2 * half);
        expect_rank(rank, room[rank] + HALF);
    }
    call.entered = call.too_early = 0;
    call.draw = dice_roll(dice);
    struct world_result result = world_run(call.size, dice_roll(dice), run_call, NULL);
    world_check(&result);
    assert_int_equal(call.too_early, 0);
    for (int rank = 0; rank < call.size; rank++) {
        assert_int_equal(call.error[rank], MPI_SUCCESS);
        assert_memory_equal(world_output[rank] - half, room[rank] + HALF - half, 2 * half);
    }
}

/* Counts of each block. In place alltoall gets as much from a rank as it gives to it. */
static void pick_counts(struct dice *dice)
{
    for (int from = 0; from < call.size; from++) {
        for (int to = 0; to < call.size; to++) {
            call.counts[from][to] = dice_chance(dice, 20) ? 0 : dice_between(dice, 1, COUNT_MAX);
            if (call.in_place && to < from && call.operation == TRI_ALLTOALL) {
                call.counts[from][to] = call.counts[to][from];
            }
        }
    }
}

static void pick_kinds(struct dice *dice)
{
    for (int rank = 0; rank < call.size; rank++) {
        call.send_kind[rank] = (int)dice_between(dice, 0, 2);
        call.receive_kind[rank] = (int)dice_between(dice, 0, 2);
    }
}

void movement_check(enum tri_collective_id operation, bool arrays)
{
    struct dice dice = dice_start(operation + 60);
    for (int size = 1; size <= WORLD_MAX; size++) {
        for (int round = 0; round < 2 * size + 4; round++) {
            call.operation = operation;
            call.size = size;
            call.root = round % size;
            call.arrays = arrays;
            call.wide = dice_chance(&dice, 50);
            call.in_place = dice_chance(&dice, 40);
            call.count = dice_chance(&dice, 15) ? 0 : dice_between(&dice, 1, COUNT_MAX);
            pick_counts(&dice);
            pick_kinds(&dice);
            check_call(&dice);
        }
    }
}

void movement_check_long(enum tri_collective_id operation)
{
    /* On both sides of what a line of the board holds, what a copy between two layouts does at a time, and what goes
     * over the board in one piece. */
    static const int64_t counts[] = {5, 6, 7, 8, 511, 512, 513, 4095, 4096, 4097, 16383, 16384, 16385};
    struct dice dice = dice_start(operation + 90);
    for (size_t i = 0; i < 2 * TRI_COUNT_OF(counts); i++) {
        call.operation = operation;
        call.count = counts[i / 2];
        call.size = (int)dice_between(&dice, 1, TRI_MIN(WORLD_MAX, LONG_TOTAL / call.count));
        call.root = (int)dice_between(&dice, 0, call.size - 1);
        call.arrays = false;
        call.in_place = dice_chance(&dice, 30);
        pick_kinds(&dice);
        check_call(&dice);
    }
}

void movement_start(world_runner *runner)
{
    run = runner;
    world_start(HALF);
    struct tri_datatype *whole = tri_datatype_get(MPI_UINT64_T), *half = tri_datatype_get(MPI_UINT32_T);
    struct tri_datatype *pair =
        tri_datatype_blocks(2, (int64_t[]){1, 1}, (int64_t[]){8, 12}, (struct tri_datatype *[]){half, half}, false);
    types[0] = tri_datatype_dup(whole);
    types[1] = tri_datatype_blocks(1, (int64_t[]){8}, (int64_t[]){4},
                                   (struct tri_datatype *[]){tri_datatype_get(MPI_BYTE)}, false);
    types[2] = tri_datatype_resized(pair, -8, EXTENT_MAX);
    tri_datatype_release(pair);
}

void movement_end(void)
{
    for (size_t i = 0; i < TRI_COUNT_OF(types); i++) {
        tri_datatype_release(types[i]);
    }
    world_end();
}
