/* What the algorithms over the board share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

void tri_add_pack(struct tri_schedule *schedule, struct tri_place from, int64_t count, struct tri_datatype *type,
                  struct tri_place board)
{
    tri_add_convert(schedule, from, count, type, board, count * type->size, tri_datatype_get(MPI_BYTE));
}

void tri_add_unpack(struct tri_schedule *schedule, struct tri_place board, struct tri_place to, int64_t count,
                    struct tri_datatype *type)
{
    tri_add_convert(schedule, board, count * type->size, tri_datatype_get(MPI_BYTE), to, count, type);
}

/* Each begins with another one, so that not all of them read the same memory at the same time. */
void tri_add_read_all(struct tri_schedule *schedule, const struct tri_collective *call, int64_t offset)
{
    const struct tri_blocks *in = &call->receive;
    tri_next_round(schedule);
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        int i = (call->rank + k) % call->size;
        tri_add_read(schedule, i, 0, offset, tri_at(TRI_OUTPUT, tri_block_offset(in, i)), in->count, in->type);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
    tri_add_look_all(schedule, call, 1);
}

void tri_add_look_all(struct tri_schedule *schedule, const struct tri_collective *call, int stage)
{
    for (int k = 1; k < call->size; k++) {
        tri_add_look(schedule, (call->rank + k) % call->size, stage);
    }
}

void tri_add_show_vector(struct tri_schedule *schedule, const struct tri_collective *call,
                         const struct tri_blocks *data, struct tri_place contribution)
{
    tri_add_copy(schedule, contribution, tri_board_vector(schedule, call->rank, data), data->count, data->type);
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
}

/* What is on the own part the others are about to take out of this cache: unless the result takes their place, the
 * program's own elements are nearer. */
static struct tri_place piece_of(struct tri_schedule *schedule, const struct tri_pieces *pieces, int rank,
                                 enum tri_slot result)
{
    if (rank == pieces->rank && pieces->own.slot != result) {
        return pieces->own;
    }
    return tri_behind(tri_board_vector(schedule, rank, pieces->data), pieces->offset, pieces->data->type);
}

/* Reduction writes into its second operand, the right one: so it begins with the last rank. */
void tri_add_fold(struct tri_schedule *schedule, const struct tri_pieces *pieces, int last, struct tri_place to)
{
    struct tri_datatype *type = pieces->data->type;
    tri_add_copy(schedule, piece_of(schedule, pieces, last, to.slot), to, pieces->count, type);
    for (int i = last - 1; i >= 0; i--) {
        tri_add_reduce(schedule, piece_of(schedule, pieces, i, to.slot), to, pieces->count, type);
    }
}

/* With a core for each rank small pieces stay in its cache, and one is written while another is read. Otherwise each
 * piece costs turns. */
int64_t tri_board_segment(const struct tri_shape *shape)
{
    return shape->ranks_a_core > 1 ? TRI_BOARD_PIECE / 2 : 32768;
}

int64_t tri_board_segment_blocks(const struct tri_shape *shape)
{
    return tri_board_segment(shape) / shape->ranks;
}

bool tri_board_fits_reduction(const struct tri_shape *shape)
{
    return shape->predefined && shape->regular;
}

bool tri_board_fits_regular(const struct tri_shape *shape)
{
    return shape->regular;
}

double tri_board_cost(const struct tri_machine *machine, const struct tri_shape *shape, double stages, double looks,
                      double bytes)
{
    return tri_cost_stages(machine, shape, stages, looks) + bytes * machine->copy_per_byte;
}

/* One stage to learn where, one to tell; where ranks share cores they come to reading one after the other, which takes
 * turns as a stage does. */
double tri_read_cost(const struct tri_machine *machine, const struct tri_shape *shape, double reads, double bytes)
{
    double stages = shape->ranks_a_core > 1 ? 3 : 2;
    return tri_cost_stages(machine, shape, stages, reads) + tri_cost_each(shape, tri_cost_reads(machine, reads, bytes));
}

double tri_read_all_cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double others = shape->ranks - 1;
    return tri_read_cost(machine, shape, others, others * (double)shape->bytes);
}
