/* What a rank does by itself in a round: copying and reading. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "local.h"

#include <string.h>

#include "../src/runtime/cache.h"
#include "../src/runtime/counters.h"
#include "board.h"

/* A copy between two layouts goes through a packed piece, unless one of them is a plain run of bytes. */
static void copy_pieces(char *from, const struct tri_step *step, char *to, int64_t bytes)
{
    char piece[4096];
    for (int64_t done = 0; done < bytes;) {
        int64_t len = TRI_MIN(bytes - done, (int64_t)sizeof piece);
        tri_datatype_copy(step->type, from, done, piece, len, TRI_PACK);
        tri_datatype_copy(step->to_type, to, done, piece, len, TRI_UNPACK);
        done += len;
    }
}

/* Between the board and memory of the program data cross from one core's cache to another's. */
static void copy_run(const struct tri_step *step, char *from, char *to, size_t bytes)
{
    if (step->from.slot == TRI_BULK || step->to.slot == TRI_BULK) {
        tri_cache_copy(to, from, bytes);
    } else {
        memmove(to, from, bytes);
    }
}

void tri_local_copy(const struct tri_step *step, char *from, char *to)
{
    int64_t bytes = step->count * step->type->size;
    if (from == to && step->type == step->to_type) {
        return;
    }
    if (step->type->contiguous && step->to_type->contiguous) {
        if (bytes == 8) {
            memcpy(to, from, 8); /* frequent, and far quicker than a call */
        } else {
            copy_run(step, from, to, (size_t)bytes);
        }
    } else if (step->to_type->contiguous) {
        tri_datatype_copy(step->type, from, 0, to, bytes, TRI_PACK);
    } else if (step->type->contiguous) {
        tri_datatype_copy(step->to_type, to, 0, from, bytes, TRI_UNPACK);
    } else {
        copy_pieces(from, step, to, bytes);
    }
}

/* What goes to where there are holes comes here first: as much at once as hides the call of the kernel. */
enum { READ_PIECE = 16384 };

static void read_pieces(const struct tri_step *step, struct tri_board *board, uint64_t number, char *to)
{
    char piece[READ_PIECE];
    int64_t bytes = step->count * step->type->size;
    for (int64_t done = 0; done < bytes;) {
        int64_t len = TRI_MIN(bytes - done, (int64_t)sizeof piece);
        tri_board_read(board, step->peer, number, step->stage, step->offset + done, piece, (size_t)len);
        tri_datatype_copy(step->type, to, done, piece, len, TRI_UNPACK);
        done += len;
    }
}

void tri_local_read(const struct tri_step *step, struct tri_board *board, uint64_t number, char *to)
{
    tri_counters->collective_reads++;
    if (step->type->contiguous) {
        tri_board_read(board, step->peer, number, step->stage, step->offset, to,
                       (size_t)(step->count * step->type->size));
    } else {
        read_pieces(step, board, number, to);
    }
}
