/* Alltoall by the algorithm of Bruck and others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* Blocks are packed in scratch, as their types may differ from rank to rank: block i of `blocks` is for the rank i
 * above. In the round of a bit all blocks whose number has that bit go up by as many ranks. The numbers with a bit are
 * runs of as many. */
struct build {
    struct tri_schedule *schedule;
    const struct tri_collective *call;
    struct tri_datatype *byte;
    int64_t bytes; /* of a block */
    struct tri_place blocks, going, coming;
};

static struct tri_place block_at(const struct build *b, struct tri_place first, int block)
{
    return tri_behind(first, block * b->bytes, b->byte);
}

/* Gathers the runs of that bit in `going`, or puts them back from `coming`. Returns how many blocks they are. */
static int add_runs(const struct build *b, int bit, bool back)
{
    int blocks = 0;
    for (int first = bit; first < b->call->size; first += 2 * bit) {
        int run = TRI_MIN(bit, b->call->size - first);
        struct tri_place here = block_at(b, b->blocks, first);
        tri_add_copy(b->schedule, back ? block_at(b, b->coming, blocks) : here,
                     back ? here : block_at(b, b->going, blocks), run * b->bytes, b->byte);
        blocks += run;
    }
    return blocks;
}

/* Turns the input, so that the own block comes first. */
static void add_turn(const struct build *b)
{
    const struct tri_collective *call = b->call;
    const struct tri_blocks *send = call->in_place ? &call->receive : &call->send;
    enum tri_slot slot = call->in_place ? TRI_OUTPUT : TRI_INPUT;
    int rank = call->rank, above = call->size - rank;
    tri_add_convert(b->schedule, tri_at(slot, tri_block_offset(send, rank)), above * send->count, send->type, b->blocks,
                    above * b->bytes, b->byte);
    tri_add_convert(b->schedule, tri_at(slot, 0), rank * send->count, send->type, block_at(b, b->blocks, above),
                    rank * b->bytes, b->byte);
}

/* ceil(log2 p) rounds, about half of all blocks in each. In the end block i is that from the rank i below. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *receive = &call->receive;
    struct build b = {schedule, call, .byte = tri_datatype_get(MPI_BYTE),
                      .bytes = receive->count * receive->type->size};
    b.blocks = tri_add_scratch(schedule, size * b.bytes, b.byte);
    b.going = tri_add_scratch(schedule, (size + 1) / 2 * b.bytes, b.byte);
    b.coming = tri_add_scratch(schedule, (size + 1) / 2 * b.bytes, b.byte);
    add_turn(&b);
    for (int bit = 1; bit < size; bit *= 2) {
        int blocks = add_runs(&b, bit, false);
        tri_next_round(schedule);
        tri_add_send(schedule, (rank + bit) % size, b.going, blocks * b.bytes, b.byte);
        tri_add_receive(schedule, (rank - bit + size) % size, b.coming, blocks * b.bytes, b.byte);
        add_runs(&b, bit, true);
    }
    for (int i = 0; i < size; i++) {
        int source = (rank - i + size) % size;
        tri_add_convert(schedule, block_at(&b, b.blocks, i), b.bytes, b.byte,
                        tri_at(TRI_OUTPUT, tri_block_offset(receive, source)), receive->count, receive->type);
    }
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int rounds = tri_log2_up(shape->ranks);
    double all = tri_cost_each(shape, (double)shape->ranks * (double)shape->bytes);
    return tri_cost_rounds(machine, shape, rounds, rounds * all / 2) + (2 + rounds) * all * machine->copy_per_byte;
}

const struct tri_algorithm tri_alltoall_bruck = {
    .name = "bruck",
    .operation = TRI_ALLTOALL,
    .use = "short blocks",
    .source = "Bruck, Ho, Kipnis, Upfal, Weathersby: Efficient algorithms for all-to-all communications, "
              "TPDS 1997",
    .fits = fits,
    .cost = cost,
    .build = build,
};
