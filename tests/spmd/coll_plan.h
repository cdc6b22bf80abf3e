/* coll_plan.h - one call of a collective: buffers, arguments, and what must come out of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_PLAN_H
#define SPMD_COLL_PLAN_H

#include "coll_call.h"
#include "coll_kinds.h"

/* What all ranks know of a call. */
struct coll_case {
    enum coll_id operation;
    enum coll_form form;
    bool large; /* the face with large counts */
    bool in_place;
    MPI_Count bytes;                 /* of data in a block; the blocks of "v" operations differ */
    const struct coll_kind *out, *in; /* a reduction has `in` only */
    int root, root_side;
};

/* This rank in its communicator. The peers are the remote group, or all ranks. */
struct coll_group {
    MPI_Comm comm;
    bool inter;
    int side, rank, local, remote;
};

struct coll_plan {
    struct coll_case c;
    struct coll_group g;
    MPI_Count units;        /* of data in a block */
    int unit;               /* values in a unit: what the items of both kinds can hold */
    struct coll_buffer send, receive, initial; /* `initial`: blocks in the receive buffer before */
    MPI_Count loose;        /* items of the first received block from here on may be anything */
    MPI_Count wide_counts[2][COLL_RANKS];
    MPI_Aint wide_displs[2][COLL_RANKS];
    int narrow_counts[2][COLL_RANKS], narrow_displs[2][COLL_RANKS];
    MPI_Datatype types[2][COLL_RANKS];
    struct coll_args args;
    uint64_t key;
    MPI_Request request;
};

static inline struct coll_group coll_intra(MPI_Comm comm)
{
    struct coll_group g = {.comm = comm};

    MPI_Comm_rank(comm, &g.rank);
    MPI_Comm_size(comm, &g.local);
    g.remote = g.local;
    return g;
}

static inline int coll_root_id(const struct coll_plan *p)
{
    return p->c.root_side * COLL_RANKS + p->c.root;
}

static inline int coll_own_id(const struct coll_plan *p)
{
    return p->g.side * COLL_RANKS + p->g.rank;
}

static inline int coll_peer_id(const struct coll_plan *p, int rank)
{
    return (p->g.inter ? 1 - p->g.side : 0) * COLL_RANKS + rank;
}

static inline bool coll_is_root(const struct coll_plan *p)
{
    return coll_own_id(p) == coll_root_id(p);
}

/* Whether this rank is one that a root gets from or gives to. */
static inline bool coll_is_leaf(const struct coll_plan *p)
{
    return !p->g.inter || p->g.side != p->c.root_side;
}

static inline bool coll_by_arrays(enum coll_id op)
{
    return op == COLL_GATHERV || op == COLL_SCATTERV || op == COLL_ALLGATHERV ||
           op == COLL_ALLTOALLV || op == COLL_ALLTOALLW || op == COLL_REDUCE_SCATTER;
}

static inline bool coll_reduces(enum coll_id op)
{
    return op >= COLL_REDUCE;
}

static inline bool coll_rooted(enum coll_id op)
{
    return (op >= COLL_BCAST && op <= COLL_SCATTERV) || op == COLL_REDUCE;
}

/* How much `from` sends to `to`: by arrays 0, 1/2, 1 or 3/2 of a block; in place as much as it
 * gets. */
static inline MPI_Count coll_units(const struct coll_plan *p, int from, int to)
{
    if (!coll_by_arrays(p->c.operation))
        return p->units;
    if (p->c.in_place && p->c.operation >= COLL_ALLTOALL)
        return p->units * ((from + to + 1) % 4) / 2;
    return p->units * ((3 * from + 2 * to + 1) % 4) / 2;
}

static inline void coll_add_moved(struct coll_plan *p, struct coll_buffer *buffer,
                                  const struct coll_kind *kind, int from, int part,
                                  MPI_Count units)
{
    coll_add(buffer, (struct coll_block){.kind = kind,
                                         .items = units * p->unit / kind->values,
                                         .from = from,
                                         .last = from,
                                         .part = part});
}

/* ---- operations that move data ---- */

static inline void coll_plan_bcast(struct coll_plan *p)
{
    const struct coll_kind *kind = p->g.rank % 2 ? p->c.in : p->c.out;

    if (coll_is_root(p) || coll_is_leaf(p))
        coll_add_moved(p, &p->receive, kind, coll_root_id(p), 0, p->units);
    if (coll_is_root(p))
        p->initial = p->receive;
}

static inline void coll_plan_gather(struct coll_plan *p)
{
    bool all = !coll_rooted(p->c.operation);

    if (all || coll_is_leaf(p))
        coll_add_moved(p, &p->send, p->c.out, coll_own_id(p), 0, coll_units(p, p->g.rank, 0));
    for (int r = 0; r < p->g.remote && (all || coll_is_root(p)); r++)
        coll_add_moved(p, &p->receive, p->c.in, coll_peer_id(p, r), 0, coll_units(p, r, 0));
    coll_lay_out(&p->receive, coll_by_arrays(p->c.operation));
    if (p->c.in_place && (all || coll_is_root(p))) {
        p->send.used = false;
        coll_add(&p->initial, p->receive.block[p->g.rank]);
    }
}

static inline void coll_plan_scatter(struct coll_plan *p)
{
    for (int r = 0; r < p->g.remote && coll_is_root(p); r++)
        coll_add_moved(p, &p->send, p->c.out, coll_own_id(p), r, coll_units(p, 0, r));
    coll_lay_out(&p->send, coll_by_arrays(p->c.operation));
    if (coll_is_leaf(p) && !(p->c.in_place && coll_is_root(p)))
        coll_add_moved(p, &p->receive, p->c.in, coll_root_id(p), p->g.rank,
                       coll_units(p, 0, p->g.rank));
}

static inline void coll_plan_alltoall(struct coll_plan *p)
{
    bool mixed = p->c.operation == COLL_ALLTOALLW;

    for (int r = 0; r < p->g.remote; r++) {
        bool swap = mixed && (r + p->g.rank) % 2;
        coll_add_moved(p, &p->send, swap ? p->c.in : p->c.out, coll_own_id(p), r,
                       coll_units(p, p->g.rank, r));
        coll_add_moved(p, &p->receive, swap ? p->c.out : p->c.in, coll_peer_id(p, r), p->g.rank,
                       coll_units(p, r, p->g.rank));
    }
    coll_lay_out(&p->send, coll_by_arrays(p->c.operation));
    coll_lay_out(&p->receive, coll_by_arrays(p->c.operation));
    p->send.used = !p->c.in_place;
    for (int r = 0; r < p->g.remote && p->c.in_place; r++) {
        struct coll_block *b = coll_add(&p->initial, p->receive.block[r]);
        b->from = b->last = coll_own_id(p);
        b->part = r;
    }
}

/* ---- reductions ---- */

/* Items of a rank's part of a reduce-scatter. On an intercommunicator both groups get as many. */
static inline MPI_Count coll_part(const struct coll_plan *p, int rank)
{
    bool pair = rank % 2 || rank + 1 < p->g.local;

    if (p->c.operation == COLL_REDUCE_SCATTER_BLOCK)
        return p->g.inter ? p->units * p->g.remote : p->units;
    if (!p->g.inter)
        return coll_units(p, rank, 0);
    return p->units * (p->g.remote + (!pair ? 0 : rank % 2 ? 1 : -1));
}

static inline void coll_plan_reduce(struct coll_plan *p)
{
    enum coll_id op = p->c.operation;
    bool scatter = op == COLL_REDUCE_SCATTER || op == COLL_REDUCE_SCATTER_BLOCK;
    bool gives = op != COLL_REDUCE || coll_is_leaf(p), gets = op != COLL_REDUCE || coll_is_root(p);
    MPI_Count total = 0, first = 0;
    struct coll_block all = {.kind = p->c.in, .from = coll_own_id(p), .last = coll_own_id(p)};
    struct coll_block got = {.kind = p->c.in, .from = coll_peer_id(p, 0)};

    for (int r = 0; r < p->g.local; r++) {
        first += scatter && r < p->g.rank ? coll_part(p, r) : 0;
        total += scatter ? coll_part(p, r) : r == 0 ? p->units : 0;
    }
    all.items = total;
    got.items = scatter ? coll_part(p, p->g.rank) : total;
    got.first = first;
    got.last = coll_peer_id(p, op == COLL_SCAN     ? p->g.rank
                               : op == COLL_EXSCAN ? p->g.rank - 1
                                                   : p->g.remote - 1);
    p->loose = op == COLL_EXSCAN && p->g.rank == 0 ? 0 : got.items;
    if (gives && !(p->c.in_place && gets))
        coll_add(&p->send, all);
    if (gets) {
        coll_add(&p->receive, got);
        if (p->c.in_place)
            coll_add(&p->initial, all);
    }
    p->receive.bytes = p->c.in_place ? (size_t)(total * p->c.in->extent) : 0;
}

/* ---- arguments ---- */

static inline void coll_plan_side(struct coll_plan *p, struct coll_side *side, bool sends)
{
    const struct coll_buffer *buffer = sends ? &p->send : &p->receive;

    *side = (struct coll_side){.buffer = NULL, .count = 0, .type = MPI_DATATYPE_NULL};
    if (!buffer->used)
        return;
    for (int i = 0; i < buffer->count; i++) {
        const struct coll_block *b = &buffer->block[i];
        MPI_Aint displ = p->c.operation == COLL_ALLTOALLW ? b->at : b->at / b->kind->extent;
        p->wide_counts[sends][i] = b->items;
        p->wide_displs[sends][i] = displ;
        p->narrow_counts[sends][i] = (int)b->items;
        p->narrow_displs[sends][i] = (int)displ;
        p->types[sends][i] = b->kind->type;
    }
    side->buffer = buffer->data;
    side->count = buffer->block[0].items;
    side->type = buffer->block[0].kind->type;
    side->types = p->types[sends];
    side->narrow = (struct coll_narrow){p->narrow_counts[sends], p->narrow_displs[sends]};
    side->wide = (struct coll_wide){p->wide_counts[sends], p->wide_displs[sends]};
}

/* A reduction has one count and type, and all ranks give them. */
static inline void coll_plan_vector(struct coll_plan *p)
{
    bool scatter = p->c.operation == COLL_REDUCE_SCATTER;

    for (int r = 0; r < p->g.local && scatter; r++) {
        p->wide_counts[0][r] = coll_part(p, r);
        p->narrow_counts[0][r] = (int)coll_part(p, r);
    }
    if (p->c.operation == COLL_REDUCE)
        p->args.receive.count = p->units;
    p->args.receive.type = p->c.in->type;
    p->args.op = p->c.in->op;
#ifdef MPICH_VERSION /* checks buffers also where they are not significant */
    static char nothing;
    if (p->args.send.buffer == NULL && !p->c.in_place)
        p->args.send.buffer = &nothing;
    if (p->args.receive.buffer == NULL && p->g.inter)
        p->args.receive.buffer = &nothing + 1;
#endif
}

static inline void coll_plan_args(struct coll_plan *p)
{
    bool root = coll_is_root(p);

    coll_plan_side(p, &p->args.send, true);
    coll_plan_side(p, &p->args.receive, false);
    if (coll_reduces(p->c.operation))
        coll_plan_vector(p);
    p->args.comm = p->g.comm;
    p->args.root = !p->g.inter ? p->c.root : root ? MPI_ROOT : p->c.root;
    if (p->g.inter && !root && !coll_is_leaf(p))
        p->args.root = MPI_PROC_NULL;
    if (!p->c.in_place)
        return;
    if (p->receive.used && !p->send.used)
        p->args.send.buffer = MPI_IN_PLACE;
    if ((p->c.operation == COLL_SCATTER || p->c.operation == COLL_SCATTERV) && root) {
        p->args.receive.buffer = MPI_IN_PLACE;
        p->args.send.buffer = p->send.data;
    }
}

#endif
