/* Schedules that move data: bcast, gather, scatter, allgather, alltoall, barrier, against who should have what. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <string.h>

/* Blocks of up to COUNT_MAX elements for each rank, in slots of SLOT elements: slot k of a buffer begins at element
 * (k - SHIFT) * SLOT when the program gives displacements, so that some are negative. */
enum {
    COUNT_MAX = 20,
    SLOT = 24,
    SHIFT = 2,
    EXTENT_MAX = 24,
    LONG_COUNT = 600, /* more bytes than a copy between two layouts has at a time */
    HALF = 2 * (LONG_COUNT + 1) * EXTENT_MAX,
    ROOM = 2 * HALF
};

/* Two types with the signature of one element (8 bytes), so that both sides of a call may differ. */
static struct tri_datatype *types[3];
static const int64_t places[3] = {0, 4, 8}; /* of the 8 bytes in an element */

static struct call {
    enum tri_collective_id operation;
    int size, root;
    bool in_place, arrays, wide;
    int64_t count;
    int64_t counts[WORLD_MAX][WORLD_MAX]; /* [from][to] of alltoall; [rank][0] of the others */
    int send_kind[WORLD_MAX], receive_kind[WORLD_MAX];
    char *input[WORLD_MAX], *output[WORLD_MAX];
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
    struct tri_collective collective = {.comm = comm,
                                        .input = call.input[rank],
                                        .output = call.output[rank],
                                        .in_place = is_in_place(rank),
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
    call.error[rank] = tri_collective_run(call.operation, &collective);
    call.too_early += call.operation == TRI_BARRIER && call.entered < call.size;
}

static void check_call(struct dice *dice)
{
    static char expected[WORLD_MAX][ROOM];
    for (int rank = 0; rank < call.size; rank++) {
        memset(call.input[rank] - HALF, 0x44, ROOM);
        memset(call.output[rank] - HALF, 0x44, ROOM);
        fill_rank(rank, call.input[rank], call.output[rank]);
        memcpy(expected[rank], call.output[rank] - HALF, ROOM);
        expect_rank(rank, expected[rank] + HALF);
    }
    call.entered = call.too_early = 0;
    struct world_result result = world_run(call.size, dice_roll(dice), run_call, NULL);
    assert_false(result.stuck);
    assert_int_equal(result.mismatched, 0);
    assert_int_equal(result.left, 0);
    assert_int_equal(call.too_early, 0);
    for (int rank = 0; rank < call.size; rank++) {
        assert_int_equal(call.error[rank], MPI_SUCCESS);
        assert_memory_equal(call.output[rank] - HALF, expected[rank], ROOM);
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

static void check_operation(enum tri_collective_id operation, bool arrays)
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
            for (int rank = 0; rank < size; rank++) {
                call.send_kind[rank] = (int)dice_between(&dice, 0, 2);
                call.receive_kind[rank] = (int)dice_between(&dice, 0, 2);
            }
            check_call(&dice);
        }
    }
}

static void test_long_blocks(void **state)
{
    (void)state;
    struct dice dice = dice_start(99);
    static const enum tri_collective_id operations[] = {TRI_GATHER, TRI_SCATTER, TRI_ALLGATHER, TRI_ALLTOALL};
    for (int round = 0; round < 60; round++) {
        call.operation = operations[round % 4];
        call.size = 1 + round / 4 % 2;
        call.root = 0;
        call.count = LONG_COUNT;
        call.arrays = call.in_place = false;
        for (int rank = 0; rank < call.size; rank++) {
            call.send_kind[rank] = (int)dice_between(&dice, 0, 2);
            call.receive_kind[rank] = (int)dice_between(&dice, 0, 2);
        }
        check_call(&dice);
    }
}

#define TEST(name, operation, arrays)                                                                                  \
    static void test_##name(void **state)                                                                              \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        check_operation(operation, arrays);                                                                            \
    }

TEST(barrier, TRI_BARRIER, false)
TEST(bcast, TRI_BCAST, false)
TEST(gather, TRI_GATHER, false)
TEST(gatherv, TRI_GATHER, true)
TEST(scatter, TRI_SCATTER, false)
TEST(scatterv, TRI_SCATTER, true)
TEST(allgather, TRI_ALLGATHER, false)
TEST(allgatherv, TRI_ALLGATHER, true)
TEST(alltoall, TRI_ALLTOALL, false)
TEST(alltoallv, TRI_ALLTOALL, true)

static int start(void **state)
{
    (void)state;
    tri_datatype_start();
    struct tri_datatype *whole = tri_datatype_get(MPI_UINT64_T), *half = tri_datatype_get(MPI_UINT32_T);
    struct tri_datatype *pair =
        tri_datatype_blocks(2, (int64_t[]){1, 1}, (int64_t[]){8, 12}, (struct tri_datatype *[]){half, half}, false);
    types[0] = tri_datatype_dup(whole);
    types[1] = tri_datatype_blocks(1, (int64_t[]){8}, (int64_t[]){4},
                                   (struct tri_datatype *[]){tri_datatype_get(MPI_BYTE)}, false);
    types[2] = tri_datatype_resized(pair, -8, EXTENT_MAX);
    tri_datatype_release(pair);
    for (int i = 0; i < WORLD_MAX; i++) {
        call.input[i] = (char *)malloc(ROOM) + HALF;
        call.output[i] = (char *)malloc(ROOM) + HALF;
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < WORLD_MAX; i++) {
        free(call.input[i] - HALF);
        free(call.output[i] - HALF);
    }
    for (size_t i = 0; i < TRI_COUNT_OF(types); i++) {
        tri_datatype_release(types[i]);
    }
    tri_schedules_end();
    tri_datatype_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_barrier),   cmocka_unit_test(test_bcast),       cmocka_unit_test(test_gather),
        cmocka_unit_test(test_gatherv),   cmocka_unit_test(test_scatter),     cmocka_unit_test(test_scatterv),
        cmocka_unit_test(test_allgather), cmocka_unit_test(test_allgatherv),  cmocka_unit_test(test_alltoall),
        cmocka_unit_test(test_alltoallv), cmocka_unit_test(test_long_blocks),
    };
    return cmocka_run_group_tests(tests, start, end);
}
