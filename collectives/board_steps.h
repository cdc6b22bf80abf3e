/* What the algorithms over the board share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BOARD_STEPS_H
#define TRI_BOARD_STEPS_H

#include "board.h"
#include "collectives.h"

/* Where a rank's elements of a reduction lie on the board, as they do in the program's memory. Their type is a
 * predefined one. */
static inline struct tri_place tri_board_vector(struct tri_schedule *schedule, int rank, const struct tri_blocks *data)
{
    return tri_at_board(schedule, rank, data->count * data->type->extent);
}

/* Copies elements to the board, packed; and from there. */
void tri_add_pack(struct tri_schedule *schedule, struct tri_place from, int64_t count, struct tri_datatype *type,
                  struct tri_place board);
void tri_add_unpack(struct tri_schedule *schedule, struct tri_place board, struct tri_place to, int64_t count,
                    struct tri_datatype *type);

/* Reads every other rank's block, which lies so far behind its offer of stage 0, and is done when all others are. */
void tri_add_read_all(struct tri_schedule *schedule, const struct tri_collective *call, int64_t offset);

/* All others are looked for. */
void tri_add_look_all(struct tri_schedule *schedule, const struct tri_collective *call, int stage);

/* The own contribution goes to the board and is shown. */
void tri_add_show_vector(struct tri_schedule *schedule, const struct tri_collective *call,
                         const struct tri_blocks *data, struct tri_place contribution);

/* A piece of each rank's elements. */
struct tri_pieces {
    const struct tri_blocks *data; /* on the board */
    int64_t offset, count;         /* the piece, in elements */
    int rank;
    struct tri_place own; /* of that rank: where the piece is in the program's memory */
};

/* Of a reduction: all of what each rank contributes. */
static inline struct tri_pieces tri_whole_vectors(const struct tri_collective *call)
{
    return (struct tri_pieces){
        .data = &call->send, .count = call->send.count, .rank = call->rank, .own = tri_contribution(call)};
}

/* Reduces the pieces of the ranks up to last, in their order. All but the own one are shown. */
void tri_add_fold(struct tri_schedule *schedule, const struct tri_pieces *pieces, int last, struct tri_place to);

/* Bytes of a vector that one schedule may carry. Half of the room, as the elements of pairs have holes. */
int64_t tri_board_segment(const struct tri_shape *shape);
/* Bytes of each block when all blocks of a rank lie on the board. */
int64_t tri_board_segment_blocks(const struct tri_shape *shape);

bool tri_board_fits_reduction(const struct tri_shape *shape);
bool tri_board_fits_regular(const struct tri_shape *shape);

/* Stages in each of which a rank looks at so many others, and the bytes that are shown for others or read of others:
 * they cross from cache to cache, which hides what is computed with them and what is copied within one. */
double tri_board_cost(const struct tri_machine *machine, const struct tri_shape *shape, double stages, double looks,
                      double bytes);

/* Where a rank reads so many bytes in so many others' memory; every rank, that of one block in each other's. */
double tri_read_cost(const struct tri_machine *machine, const struct tri_shape *shape, double reads, double bytes);
double tri_read_all_cost(const struct tri_machine *machine, const struct tri_shape *shape);

#define TRI_READ_SOURCE "Chakraborty, Subramoni, Panda: kernel-assisted collectives, CLUSTER 2017"
#define TRI_BOARD_SOURCE "Jain, Kaleem, Balmana, Langer, Durnov, Sannikov, Garzaran: shared memory collectives, SC 2018"

#endif
