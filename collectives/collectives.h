/* The collective operations: what they are given, and the algorithms that carry them out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COLLECTIVES_H
#define TRI_COLLECTIVES_H

#include "../src/runtime/counts.h"
#include "model.h"
#include "run.h"

struct tri_request;

enum tri_collective_id {
    TRI_BARRIER,
    TRI_BCAST,
    TRI_REDUCE,
    TRI_ALLREDUCE,
    TRI_GATHER,
    TRI_SCATTER,
    TRI_ALLGATHER,
    TRI_ALLTOALL,
    TRI_SCAN,
    TRI_EXSCAN,
    TRI_REDUCE_SCATTER,
    TRI_NEIGHBOR_ALLGATHER,
    TRI_NEIGHBOR_ALLTOALL,
    TRI_COLLECTIVES
};

/* Count and place of the block that belongs to each rank (or neighbour): the same for all, or by arrays. */
struct tri_blocks {
    struct tri_datatype *type;
    int64_t count;                    /* without arrays */
    int64_t stride;                   /* without arrays: bytes from block to block; 0: they touch */
    tri_counts counts, displacements; /* base NULL: without; displacements in elements */
    const MPI_Datatype *types;        /* NULL, or the type of each block: displacements are in bytes then */
};

enum tri_form { TRI_BLOCKING, TRI_NONBLOCKING, TRI_PERSISTENT };

/* One call. send: of the blocks (or the vector) that this rank gives; receive: that it gets. In place: send is what the
 * standard makes of it for the operation. An algorithm sees size and rank, the numbers among those who take part, and
 * not the communicator. */
struct tri_collective {
    enum tri_collective_id operation;
    struct tri_comm *comm;
    const void *input;
    void *output;
    bool in_place;
    bool irregular; /* counts, or types, of each rank: the same at all ranks */
    enum tri_form form;
    struct tri_blocks send, receive;
    struct tri_op *op;
    int root; /* intercommunicator: rank in the remote group, MPI_ROOT or MPI_PROC_NULL */
    int size, rank;
    const struct tri_place
        *partial; /* part of a larger schedule: where the own contribution to a reduction lies; or NULL */
    const struct tri_neighbors *neighbors; /* neighbourhood collectives; borrowed for the call */
};

/* Field by field: a structure of this size is cleared by gcc with rep stos, which takes longer than all other checks of
 * a call. */
static inline void tri_collective_clear(struct tri_collective *call, enum tri_collective_id operation,
                                        struct tri_comm *comm)
{
    call->operation = operation;
    call->comm = comm;
    call->input = NULL;
    call->output = NULL;
    call->in_place = call->irregular = false;
    call->form = TRI_BLOCKING;
    call->send = call->receive = (struct tri_blocks){0};
    call->op = NULL;
    call->root = call->size = call->rank = 0;
    call->partial = NULL;
    call->neighbors = NULL;
}

/* An algorithm writes this rank's schedule of the operation. To add one: its file, and a line in src/local.mk.
 *
 * segment: NULL, or how many bytes of the vector (of each block) one schedule should carry at most; longer ones are
 * done by several runs of it, overlapped. Only for algorithms that treat each element alike and take touching blocks
 * with the stride that the call says. */
struct tri_algorithm {
    const char *name;
    enum tri_collective_id operation;
    const char *use;                             /* what it is good for, one line */
    const char *source;                          /* where it and its cost come from */
    bool inter;                                  /* for intercommunicators, and only for those */
    bool board;                                  /* uses the board of the one node that all are on */
    bool reads;                                  /* reads other ranks' memory: only with a board */
    bool levels;                                 /* uses a board on each node, and messages between them */
    bool (*fits)(const struct tri_shape *shape); /* NULL: always */
    double (*cost)(const struct tri_machine *machine, const struct tri_shape *shape); /* seconds */
    int64_t (*segment)(const struct tri_shape *shape);
    void (*build)(struct tri_schedule *schedule, const struct tri_collective *call);
};

/* registry.c: all algorithms, ended by NULL; the one of an operation with that name, or NULL. */
extern const struct tri_algorithm *const tri_algorithms[];
const struct tri_algorithm *tri_algorithm_find(enum tri_collective_id operation, const char *name);
extern const char *const tri_collective_names[TRI_COLLECTIVES]; /* "barrier", ... */

/* start.c. Arguments are checked. Blocking: returns an MPI error code that has not been raised. Nonblocking and
 * persistent: the request, which keeps all that it needs but the buffers. */
int tri_collective_run(struct tri_collective *call);
struct tri_request *tri_collective_start(struct tri_collective *call);
struct tri_request *tri_collective_prepare(struct tri_collective *call);
/* Starts a persistent one (MPI_Start); takes it back (MPI_Request_free). */
void tri_collective_restart(struct tri_request *request);
void tri_collective_forget(struct tri_request *request);

/* Once at the library's start, returns 0 or -1 after one line on stderr; at its end; at the end of a communicator. */
int tri_collectives_start(void);
void tri_collectives_end(void);
void tri_collective_end_comm(struct tri_comm *comm);

/* internal.c: for communicator construction; over messages only, on the collective context. Not blocking: everybody has
 * come; the bitwise and of 64-bit words, in place. The end may come before the call returns. What consists of several
 * of them, beside others on the same communicator, takes one tag for all when it begins: later the order is not the
 * same everywhere. */
void tri_collective_meet(struct tri_comm *comm, int tag, tri_run_done_fn *done, void *owner);
void tri_collective_agree_and(struct tri_comm *comm, int tag, uint64_t *words, int count, tri_run_done_fn *done,
                              void *owner);
/* Blocking: everybody has come; the largest of each word, in place; everybody's bytes in order of rank; the root's
 * bytes. Return an MPI code that has not been raised. */
int tri_collective_agree_max(struct tri_comm *comm, uint64_t *words, int count);
int tri_collective_meet_blocking(struct tri_comm *comm);
int tri_collective_gather_all(struct tri_comm *comm, const void *own, int64_t len, void *all);
int tri_collective_tell_all(struct tri_comm *comm, int root, void *bytes, int64_t len);

static inline int64_t tri_block_count(const struct tri_blocks *blocks, int rank)
{
    return blocks->counts.base ? tri_counts_at(blocks->counts, (size_t)rank) : blocks->count;
}

static inline struct tri_datatype *tri_block_type(const struct tri_blocks *blocks, int rank)
{
    return blocks->types ? tri_datatype_get(blocks->types[rank]) : blocks->type;
}

/* Byte offset of a rank's block in its buffer. */
static inline int64_t tri_block_offset(const struct tri_blocks *blocks, int rank)
{
    if (!blocks->displacements.base) {
        return rank * (blocks->stride ? blocks->stride : blocks->count * blocks->type->extent);
    }
    return tri_counts_at(blocks->displacements, (size_t)rank) * (blocks->types ? 1 : blocks->type->extent);
}

/* Adds the transfer of a whole block. */
static inline void tri_add_send_block(struct tri_schedule *schedule, int peer, enum tri_slot slot,
                                      const struct tri_blocks *blocks, int block)
{
    tri_add_send(schedule, peer, tri_at(slot, tri_block_offset(blocks, block)), tri_block_count(blocks, block),
                 tri_block_type(blocks, block));
}

static inline void tri_add_receive_block(struct tri_schedule *schedule, int peer, enum tri_slot slot,
                                         const struct tri_blocks *blocks, int block)
{
    tri_add_receive(schedule, peer, tri_at(slot, tri_block_offset(blocks, block)), tri_block_count(blocks, block),
                    tri_block_type(blocks, block));
}

/* Where the call's own contribution to a reduction lies. */
static inline struct tri_place tri_contribution(const struct tri_collective *call)
{
    return call->partial ? *call->partial : tri_at(call->in_place ? TRI_OUTPUT : TRI_INPUT, 0);
}

#endif
