/* Reductions against one that multiplies rank by rank. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "reductions.h"

#include <string.h>

enum { COUNT_MAX = 40, LONG_BYTES = WORLD_MAX * 32776, EXTENT_MAX = 40, WORDS = 2 };

static world_runner *run;

/* An element is a map x -> a x + b of 32-bit numbers, or just a number b. Maps do not commute under composition. */
struct element {
    uint32_t word[WORDS];
};

/* A datatype of such elements: where its words lie. */
static struct layout {
    struct tri_datatype *type;
    struct tri_op *op;
    int words;
    int64_t extent, offset[WORDS];
} layouts[6], *layout;

static struct element multiply(struct element left, struct element right)
{
    if (layout->words == 1) {
        return (struct element){{left.word[0] + right.word[0], 0}};
    }
    return (struct element){{left.word[0] * right.word[0], left.word[0] * right.word[1] + left.word[1]}};
}

static struct element load(const char *base, int64_t index)
{
    struct element element = {{0}};
    for (int w = 0; w < layout->words; w++) {
        memcpy(&element.word[w], base + index * layout->extent + layout->offset[w], sizeof element.word[w]);
    }
    return element;
}

static void store(char *base, int64_t index, struct element element)
{
    for (int w = 0; w < layout->words; w++) {
        memcpy(base + index * layout->extent + layout->offset[w], &element.word[w], sizeof element.word[w]);
    }
}

static void multiply_all(void *in, void *inout, MPI_Count *count, MPI_Datatype *type)
{
    (void)type;
    for (MPI_Count i = 0; i < *count; i++) {
        store(inout, i, multiply(load(in, i), load(inout, i)));
    }
}

static void multiply_int(void *in, void *inout, int *len, MPI_Datatype *type)
{
    MPI_Count count = *len;
    multiply_all(in, inout, &count, type);
}

/* ---- one call of a collective by all ranks ---- */

static struct call {
    enum tri_collective_id operation;
    int size, root;
    int64_t count;         /* elements of the vector, or of each block */
    int counts[WORLD_MAX]; /* reduce-scatter with counts of each rank */
    bool in_place, by_counts;
    uint64_t draw;
    int error[WORLD_MAX];
} call;

static int64_t block_count(int rank)
{
    return call.by_counts ? call.counts[rank] : call.count;
}

/* Elements that each rank puts in. */
static int64_t vector_count(void)
{
    int64_t total = 0;
    for (int i = 0; i < call.size; i++) {
        total += block_count(i);
    }
    return call.operation == TRI_REDUCE_SCATTER ? total : call.count;
}

static void run_call(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_blocks vector = {.type = layout->type, .count = call.count};
    if (call.by_counts) {
        vector.counts = (tri_counts){.base = call.counts};
    }
    bool receives = call.operation != TRI_REDUCE || comm->rank == call.root;
    struct tri_collective collective = {.operation = call.operation,
                                        .comm = comm,
                                        .input = world_input[comm->rank],
                                        .output = world_output[comm->rank],
                                        .in_place = call.in_place && receives,
                                        .irregular = call.by_counts,
                                        .send = vector,
                                        .receive = vector,
                                        .op = layout->op,
                                        .root = call.root};
    call.error[comm->rank] = run(&collective, call.draw);
}

/* The place in a buffer from which elements are counted; elements may lie on both sides of it. */
enum { HALF = (LONG_BYTES / 8 + 2) * EXTENT_MAX }; /* the largest extent has 8 bytes of data */

static struct element own[WORLD_MAX][LONG_BYTES / 4];

/* Bytes of the buffers that this call may touch, on each side of where they point, and some more. */
static size_t reach(void)
{
    int64_t extent = layout->extent < 0 ? -layout->extent : layout->extent;
    return (size_t)(vector_count() * extent + 2 * EXTENT_MAX);
}

static void fill(struct dice *dice)
{
    int64_t count = vector_count();
    for (int rank = 0; rank < call.size; rank++) {
        memset(world_input[rank] - reach(), 0x33, 2 * reach());
        memset(world_output[rank] - reach(), 0x33, 2 * reach());
        for (int64_t i = 0; i < count; i++) {
            own[rank][i] = (struct element){{(uint32_t)dice_roll(dice) | 1, (uint32_t)dice_roll(dice)}};
            bool in_place = call.in_place && (call.operation != TRI_REDUCE || rank == call.root);
            store(in_place ? world_output[rank] : world_input[rank], i, own[rank][i]);
        }
    }
}

/* own[first] op ... op own[last], element i. */
static struct element product(int first, int last, int64_t i)
{
    struct element result = own[first][i];
    for (int rank = first + 1; rank <= last; rank++) {
        result = multiply(result, own[rank][i]);
    }
    return result;
}

/* What the output of a rank has to be, over what was there. */
static void expect(int rank, char *output)
{
    int64_t before = 0;
    switch (call.operation) {
    case TRI_REDUCE_SCATTER:
        for (int i = 0; i < rank; i++) {
            before += block_count(i);
        }
        for (int64_t i = 0; i < block_count(rank); i++) {
            store(output, i, product(0, call.size - 1, before + i));
        }
        return;
    case TRI_REDUCE:
        if (rank != call.root) {
            return;
        }
        break;
    case TRI_EXSCAN:
        if (rank == 0) {
            return;
        }
        break;
    default: break;
    }
    int last = call.operation == TRI_SCAN ? rank : call.operation == TRI_EXSCAN ? rank - 1 : call.size - 1;
    for (int64_t i = 0; i < call.count; i++) {
        store(output, i, product(0, last, i));
    }
}

static void check_call(struct dice *dice)
{
    static char room[WORLD_MAX][2 * HALF];
    size_t half = reach();
    fill(dice);
    for (int rank = 0; rank < call.size; rank++) {
        memcpy(room[rank] + HALF - half, world_output[rank] - half, 2 * half);
        expect(rank, room[rank] + HALF);
    }
    call.draw = dice_roll(dice);
    struct world_result result = world_run(call.size, dice_roll(dice), run_call, NULL);
    world_check(&result);
    for (int rank = 0; rank < call.size; rank++) {
        assert_int_equal(call.error[rank], MPI_SUCCESS);
        /* In place the blocks of others in the input of reduce-scatter are undefined afterwards. */
        bool whole = !(call.in_place && call.operation == TRI_REDUCE_SCATTER);
        for (int64_t i = 0; i < block_count(rank) && !whole; i++) {
            struct element found = load(world_output[rank], i), wanted = load(room[rank] + HALF, i);
            assert_memory_equal(&found, &wanted, sizeof found);
        }
        if (whole) {
            assert_memory_equal(world_output[rank] - half, room[rank] + HALF - half, 2 * half);
        }
    }
}

void reductions_check(enum tri_collective_id operation)
{
    struct dice dice = dice_start(operation + 20);
    static const int64_t counts[] = {0, 1, 7, COUNT_MAX};
    for (int size = 1; size <= WORLD_MAX; size++) {
        for (size_t l = 0; l < TRI_COUNT_OF(layouts); l++) {
            layout = &layouts[l];
            for (int round = 0; round < TRI_MAX(size, 3); round++) {
                call.operation = operation;
                call.size = size;
                call.root = round % size;
                call.in_place = dice_chance(&dice, 40);
                call.count = counts[dice_between(&dice, 0, 3)];
                call.by_counts = operation == TRI_REDUCE_SCATTER && dice_chance(&dice, 60);
                for (int i = 0; i < size; i++) {
                    call.counts[i] = (int)dice_between(&dice, 0, 5);
                }
                check_call(&dice);
            }
        }
    }
}

void reductions_check_long(enum tri_collective_id operation)
{
    /* On both sides of what a line of the board holds, and of what goes over the board in one piece. */
    static const int64_t bytes[] = {40, 44, 48, 52, 56, 4096, 32760, 32768, 32776, 131064, 131072, 131080};
    struct dice dice = dice_start(operation + 50);
    for (size_t i = 0; i < 3 * TRI_COUNT_OF(bytes); i++) {
        layout = &layouts[dice_between(&dice, 0, TRI_COUNT_OF(layouts) - 1)];
        call.operation = operation;
        call.size = (int)dice_between(&dice, 1, TRI_MIN(WORLD_MAX, LONG_BYTES / bytes[i / 3]));
        call.root = (int)dice_between(&dice, 0, call.size - 1);
        call.count = bytes[i / 3] / layout->type->size;
        call.by_counts = false;
        call.in_place = dice_chance(&dice, 40);
        check_call(&dice);
    }
}

/* ---- the layouts ---- */

static void add_layout(int index, struct tri_datatype *type, struct tri_op *op, int words, int64_t first,
                       int64_t second)
{
    layouts[index] = (struct layout){type, op, words, type->extent, {first, second}};
}

void reductions_start(world_runner *runner)
{
    run = runner;
    world_start(HALF);
    struct tri_datatype *word = tri_datatype_get(MPI_UINT32_T), *pair = tri_datatype_contiguous(2, word);
    struct tri_op *compose = tri_op_make(multiply_int, NULL, false),
                  *compose_c = tri_op_make(NULL, multiply_all, false);
    struct tri_op *add = tri_op_make(multiply_int, NULL, true);
    struct tri_datatype *spread =
        tri_datatype_blocks(2, (int64_t[]){1, 1}, (int64_t[]){8, 20}, (struct tri_datatype *[]){word, word}, true);
    add_layout(0, word, tri_op_get(MPI_SUM), 1, 0, 0);
    add_layout(1, tri_datatype_get(MPI_UINT64_T), compose, 2, 0, 4);
    add_layout(2, pair, compose, 2, 0, 4);
    add_layout(3, tri_datatype_resized(spread, -4, 40), compose_c, 2, 8, 20);
    add_layout(4, tri_datatype_resized(pair, 0, -16), compose, 2, 0, 4);
    add_layout(5, tri_datatype_resized(word, -8, 12), add, 1, 0, 0);
    tri_datatype_release(spread);
}

void reductions_end(void)
{
    for (size_t i = 2; i < TRI_COUNT_OF(layouts); i++) { /* the others are predefined */
        tri_datatype_release(layouts[i].type);
    }
    world_end();
}
