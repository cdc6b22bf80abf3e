/* Broadcast along two binary trees at once, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* In a binary tree half of the ranks are leaves, which send nothing. So there are two trees over all ranks but the
 * root, and each half of a piece takes its own. In the first, ranks have the numbers 1 to n behind the root, and odd
 * ones are leaves; in the second all numbers are one higher, so that nobody has children in both. A rank sends as much
 * as it receives; the first piece is through after log2 p rounds and one. */
struct tree {
    int count; /* n */
    int shift; /* 0 or 1 */
};

static int low_bit(int number)
{
    return number & -number;
}

/* In order: what is below a number lies around it, on each level at half the distance. The numbers above n are left
 * out; what is below them belongs to the next one up that is there. 0: none, the tree's uppermost. */
static int above(const struct tree *tree, int number)
{
    do {
        number = (number ^ low_bit(number)) | 2 * low_bit(number);
    } while (number > tree->count && low_bit(number) <= tree->count);
    return number <= tree->count ? number : 0;
}

static int left_below(int number)
{
    return low_bit(number) > 1 ? number - low_bit(number) / 2 : 0;
}

static int right_below(const struct tree *tree, int number)
{
    int half = low_bit(number) / 2, right = number + half;
    while (half > 0 && right > tree->count) {
        half = low_bit(right) / 2;
        right -= half;
    }
    return half > 0 ? right : 0;
}

static int uppermost(const struct tree *tree)
{
    return 1 << tri_log2_down(tree->count);
}

static int rank_of(const struct tri_collective *call, const struct tree *tree, int number)
{
    int behind = (number - 1 - tree->shift + tree->count) % tree->count + 1;
    return number == 0 ? call->root : (call->root + behind) % call->size;
}

static int number_of(const struct tri_collective *call, const struct tree *tree)
{
    int behind = (call->rank - call->root + call->size) % call->size;
    return (behind - 1 + tree->shift) % tree->count + 1;
}

struct half {
    struct tree tree;
    struct tri_place place;
    int64_t bytes;
};

static void receive(struct tri_schedule *schedule, const struct tri_collective *call, const struct half *half)
{
    int from = above(&half->tree, number_of(call, &half->tree));
    tri_add_receive(schedule, rank_of(call, &half->tree, from), half->place, half->bytes, tri_datatype_get(MPI_BYTE));
}

static void send_to(struct tri_schedule *schedule, const struct tri_collective *call, const struct half *half,
                    int number)
{
    if (number) {
        tri_add_send(schedule, rank_of(call, &half->tree, number), half->place, half->bytes,
                     tri_datatype_get(MPI_BYTE));
    }
}

static void pass_on(struct tri_schedule *schedule, const struct tri_collective *call, const struct half *half)
{
    int number = number_of(call, &half->tree);
    send_to(schedule, call, half, left_below(number));
    send_to(schedule, call, half, right_below(&half->tree, number));
}

/* The first half has been passed on before the second is: ranks that waited for both at once could wait for each
 * other, since the trees have different orders. */
static void build_below(struct tri_schedule *schedule, const struct tri_collective *call, const struct half *first,
                        const struct half *second)
{
    receive(schedule, call, first);
    tri_next_round(schedule);
    pass_on(schedule, call, first);
    receive(schedule, call, second);
    tri_next_round(schedule);
    pass_on(schedule, call, second);
}

/* Halves end at any byte: they are of packed data. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    int64_t bytes = data->count * data->type->size;
    bool root = call->rank == call->root;
    struct tri_place whole = tri_add_packed(schedule, tri_at(TRI_OUTPUT, 0), data->count, data->type, root);
    struct half first = {.tree = {call->size - 1, 0}, .place = whole, .bytes = bytes / 2};
    struct half second = {.tree = {call->size - 1, 1}, .place = whole, .bytes = bytes - bytes / 2};
    second.place.offset += first.bytes;
    if (!root) {
        build_below(schedule, call, &first, &second);
        tri_add_unpacked(schedule, whole, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    } else if (call->size > 1) {
        send_to(schedule, call, &first, uppermost(&first.tree));
        send_to(schedule, call, &second, uppermost(&second.tree));
    }
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){
        .depth = tri_log2_down(shape->ranks) + 1, .fan = 1, .copies = 1, .reductions = 0, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_bcast_two_trees = {
    .name = "two_trees",
    .operation = TRI_BCAST,
    .use = "long messages, many ranks",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};
