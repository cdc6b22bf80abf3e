/* The collective operations: what they are given, and the algorithms that carry them out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COLLECTIVES_H
#define TRI_COLLECTIVES_H

#include "../src/runtime/counts.h"
#include "schedule.h"

enum tri_collective_id {
    TRI_BARRIER, TRI_BCAST, TRI_REDUCE, TRI_ALLREDUCE, TRI_GATHER, TRI_SCATTER, TRI_ALLGATHER, TRI_ALLTOALL,
    TRI_SCAN, TRI_EXSCAN, TRI_REDUCE_SCATTER,
    TRI_COLLECTIVES
};

/* Count and place of the block that belongs to each rank: the same for all, or by arrays. */
struct tri_blocks {
    struct tri_datatype *type;
    int64_t count;                   /* without arrays */
    tri_counts counts, displacements; /* base NULL: without; displacements in elements */
};

/* One call. send: of the blocks (or the vector) that this rank gives; receive: that it gets. In place: send is what the
 * standard makes of it for the operation, see in_place. */
struct tri_collective {
    struct tri_comm *comm;
    const void *input;
    void *output;
    bool in_place;
    struct tri_blocks send, receive;
    struct tri_op *op;
    int root;
};

/* An algorithm writes this rank's schedule of the operation. To add one: its file, and a line in select.c. */
struct tri_algorithm {
    const char *name;
    enum tri_collective_id operation;
    const char *use; /* what it is good for, one line */
    void (*build)(struct tri_schedule *schedule, const struct tri_collective *call);
};

extern const struct tri_algorithm tri_barrier_dissemination, tri_bcast_binomial, tri_reduce_binomial,
    tri_allreduce_doubling, tri_gather_linear, tri_scatter_linear, tri_allgather_ring, tri_alltoall_linear,
    tri_scan_doubling, tri_exscan_doubling, tri_reduce_scatter_binomial;

/* Runs the operation, blocking. Arguments are checked. Returns an MPI error code that has not been raised. */
int tri_collective_run(enum tri_collective_id operation, const struct tri_collective *call);

/* For communicator construction; they work on the collective context. Not blocking: everybody has come; the bitwise and
 * of 64-bit words, in place. The end may come before the call returns. What consists of several of them, beside others
 * on the same communicator, takes one tag for all when it begins: later the order is not the same everywhere. */
void tri_collective_meet(struct tri_comm *comm, int tag, tri_schedule_done_fn *done, void *owner);
void tri_collective_agree_and(struct tri_comm *comm, int tag, uint64_t *words, int count, tri_schedule_done_fn *done,
                              void *owner);
/* Blocking: everybody's bytes in order of rank; the root's bytes. Return an MPI code that has not been raised. */
int tri_collective_gather_all(struct tri_comm *comm, const void *own, int64_t len, void *all);
int tri_collective_tell_all(struct tri_comm *comm, int root, void *bytes, int64_t len);

static inline int64_t tri_block_count(const struct tri_blocks *blocks, int rank)
{
    return blocks->counts.base ? tri_counts_at(blocks->counts, (size_t)rank) : blocks->count;
}

/* Byte offset of a rank's block in its buffer. */
static inline int64_t tri_block_offset(const struct tri_blocks *blocks, int rank)
{
    int64_t elements = blocks->displacements.base ? tri_counts_at(blocks->displacements, (size_t)rank)
                                                  : (int64_t)rank * blocks->count;
    return elements * blocks->type->extent;
}

#endif
