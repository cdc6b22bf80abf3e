/* neighbor_model.h - who is whose neighbour, told by counting, and neighbourhood collectives checked against that. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_NEIGHBOR_MODEL_H
#define SPMD_NEIGHBOR_MODEL_H

#include "test.h"

enum { RANKS = 16, EDGES = 160, UNIT = 6, KINDS = 4 };

/* ---- the topology, the same at all processes ---- */

/* The neighbours of each rank; origin: which of the peer's destinations the message of a source is sent to as. */
static int outs[RANKS][EDGES], out_degree[RANKS], ins[RANKS][EDGES], in_degree[RANKS], origin[RANKS][EDGES];

static inline void model_clear(void)
{
    memset(out_degree, 0, sizeof out_degree);
    memset(in_degree, 0, sizeof in_degree);
}

/* Of several edges between the same two the first belongs to the first. */
static inline void model_match_in_order(int size)
{
    for (int r = 0; r < size; r++)
        for (int k = 0; k < in_degree[r]; k++) {
            int peer = ins[r][k], before = 0, at = -1;

            for (int j = 0; j < k; j++)
                before += ins[r][j] == peer;
            while (before >= 0)
                before -= outs[peer][++at] == r;
            origin[r][k] = at;
        }
}

/* ---- types: a unit of six ints in several layouts ---- */

struct kind {
    MPI_Datatype type;
    int ints; /* of an element; in which order they lie where */
    int offset[UNIT];
    int extent;
};

static inline void kinds_make(struct kind *kinds)
{
    static const struct kind model[KINDS] = {{MPI_DATATYPE_NULL, 1, {0}, 4},
                                             {MPI_DATATYPE_NULL, 6, {0, 4, 8, 12, 16, 20}, 24},
                                             {MPI_DATATYPE_NULL, 6, {0, 4, 12, 16, 24, 28}, 32},
                                             {MPI_DATATYPE_NULL, 6, {36, 4, 28, 12, 20, 8}, 48}};
    const int lens[] = {1, 1, 1, 1, 1, 1};
    MPI_Aint places[UNIT];
    MPI_Datatype bare;

    memcpy(kinds, model, sizeof model);
    for (int i = 0; i < UNIT; i++)
        places[i] = model[3].offset[i];
    MPI_Type_dup(MPI_INT, &kinds[0].type);
    MPI_Type_contiguous(UNIT, MPI_INT, &kinds[1].type);
    MPI_Type_vector(3, 2, 3, MPI_INT, &kinds[2].type);
    MPI_Type_create_hindexed(UNIT, lens, places, MPI_INT, &bare);
    MPI_Type_create_resized(bare, 0, 48, &kinds[3].type);
    MPI_Type_free(&bare);
    for (int k = 0; k < KINDS; k++)
        MPI_Type_commit(&kinds[k].type);
}

static inline void kinds_free(struct kind *kinds)
{
    for (int k = 0; k < KINDS; k++)
        MPI_Type_free(&kinds[k].type);
}

/* Where the i-th int of a block of that kind lies. */
static inline size_t kind_place(const struct kind *kind, int i)
{
    return (size_t)(i / kind->ints) * (size_t)kind->extent + (size_t)kind->offset[i % kind->ints];
}

static inline int kind_count(const struct kind *kind, int units)
{
    return units * (UNIT / kind->ints);
}

/* ---- calls ---- */

enum operation { ALLGATHER, ALLGATHERV, ALLTOALL, ALLTOALLV, ALLTOALLW, OPERATIONS };
enum form { BLOCKING, NONBLOCKING, PERSISTENT, FORMS };

struct side {
    int degree; /* blocks */
    unsigned char *buffer;
    size_t room;
    int kind[EDGES], units[EDGES];
    size_t place[EDGES];
    /* arguments of both faces */
    int counts[EDGES], displs[EDGES];
    MPI_Count large_counts[EDGES];
    MPI_Aint large_displs[EDGES];
    MPI_Datatype types[EDGES];
};

struct plan {
    enum operation operation;
    int rank, longest; /* units of a block */
    uint64_t key;      /* the same at all processes */
    struct kind kinds[KINDS];
    struct side out, in;
};

static inline int key_below(const struct plan *plan, int a, int b, int what, int limit)
{
    return (int)(t_mix(plan->key + (uint64_t)(a * 1009 + b * 31 + what)) % (uint64_t)limit);
}

/* What a rank sends along its k-th edge; in an allgather all edges have one block. */
static inline int units_of(const struct plan *plan, int from, int k)
{
    int longest = plan->longest;

    if (plan->operation == ALLGATHER || plan->operation == ALLTOALL)
        return longest;
    k = plan->operation == ALLGATHERV ? 0 : k;
    switch (key_below(plan, from, k, 1, 5)) {
        case 0: return 0;
        case 1: return longest;
        default: return key_below(plan, from, k, 2, longest < 40 ? longest + 1 : 40);
    }
}

static inline int value_of(const struct plan *plan, int turn, int from, int k, int i)
{
    k = plan->operation <= ALLGATHERV ? 0 : k;
    return (int)t_mix(plan->key + (uint64_t)(turn * 7919 + from * 1009 + k * 31)) + i;
}

/* Blocks that touch, or anywhere with holes between them, the last one first. */
static inline void side_place(struct plan *plan, struct side *side, int touching)
{
    size_t at = 0;

    for (int i = 0; i < side->degree; i++) {
        int b = touching ? i : side->degree - 1 - i;
        const struct kind *kind = &plan->kinds[side->kind[b]];
        size_t step = plan->operation == ALLTOALLW ? 4 : (size_t)kind->extent;

        if (!touching)
            at += step * (size_t)(1 + key_below(plan, plan->rank, b, 3, 3));
        side->place[b] = at;
        side->counts[b] = kind_count(kind, side->units[b]);
        side->large_counts[b] = side->counts[b];
        side->displs[b] = (int)(at / step);
        side->large_displs[b] = (MPI_Aint)(plan->operation == ALLTOALLW ? at : at / step);
        side->types[b] = kind->type;
        at += (size_t)side->counts[b] * (size_t)kind->extent;
    }
    side->room = at + 64;
    side->buffer = t_alloc(side->room);
}

static inline void plan_make(struct plan *plan, enum operation operation, int rank, int longest, uint64_t key)
{
    struct side *out = &plan->out, *in = &plan->in;
    int wide = operation == ALLTOALLW;

    plan->operation = operation;
    plan->rank = rank;
    plan->longest = longest;
    plan->key = key;
    kinds_make(plan->kinds);
    out->degree = operation <= ALLGATHERV ? 1 : out_degree[rank];
    in->degree = in_degree[rank];
    for (int b = 0; b < out->degree; b++) {
        out->kind[b] = key_below(plan, rank, wide ? b : 0, 4, KINDS);
        out->units[b] = units_of(plan, rank, b);
    }
    for (int b = 0; b < in->degree; b++) {
        int nobody = ins[rank][b] == MPI_PROC_NULL;

        in->kind[b] = key_below(plan, rank, wide ? b : 0, 5, KINDS);
        in->units[b] = nobody ? longest : units_of(plan, ins[rank][b], origin[rank][b]);
    }
    side_place(plan, out, operation <= ALLTOALL);
    side_place(plan, in, operation == ALLGATHER || operation == ALLTOALL);
}

static inline void plan_fill(struct plan *plan, int turn)
{
    memset(plan->in.buffer, T_GUARD_BYTE, plan->in.room);
    for (int b = 0; b < plan->out.degree; b++)
        for (int i = 0; i < plan->out.units[b] * UNIT; i++) {
            int value = value_of(plan, turn, plan->rank, b, i);

            memcpy(plan->out.buffer + plan->out.place[b] + kind_place(&plan->kinds[plan->out.kind[b]], i),
                   &value, sizeof value);
        }
}

/* The whole buffer, with what must not have been written to: holes, and blocks from nobody. */
static inline void plan_check(const struct plan *plan, int turn)
{
    const struct side *in = &plan->in;
    unsigned char *expected = t_alloc(in->room);

    for (int b = 0; b < in->degree; b++)
        for (int i = 0; i < in->units[b] * UNIT && ins[plan->rank][b] != MPI_PROC_NULL; i++) {
            int value = value_of(plan, turn, ins[plan->rank][b], origin[plan->rank][b], i);

            memcpy(expected + in->place[b] + kind_place(&plan->kinds[in->kind[b]], i), &value, sizeof value);
        }
    CHECK(memcmp(in->buffer, expected, in->room) == 0, "operation %d, longest %d, degrees %d %d", (int)plan->operation,
          plan->longest, out_degree[plan->rank], in->degree);
    CHECK(t_guards(in->buffer, in->room), "operation %d wrote beyond the buffer", (int)plan->operation);
    t_free(expected);
}

static inline void plan_end(struct plan *plan)
{
    t_free(plan->out.buffer);
    t_free(plan->in.buffer);
}

#define CALL(name, suffix, ...)                                                                                        \
    (form == BLOCKING      ? MPI_Neighbor_##name##suffix(__VA_ARGS__, comm)                                            \
     : form == NONBLOCKING ? MPI_Ineighbor_##name##suffix(__VA_ARGS__, comm, request)                                  \
                           : MPI_Neighbor_##name##_init##suffix(__VA_ARGS__, comm, MPI_INFO_NULL, request))

/* A side without blocks has nothing for the regular forms' one count and type. */
static inline void plan_call(struct plan *plan, enum form form, int large, MPI_Comm comm, MPI_Request *request)
{
    struct side *o = &plan->out, *i = &plan->in;
    const struct kind *send = &plan->kinds[key_below(plan, plan->rank, 0, 4, KINDS)],
                      *receive = &plan->kinds[key_below(plan, plan->rank, 0, 5, KINDS)];
    int n = kind_count(send, plan->operation == ALLGATHERV ? o->units[0] : plan->longest),
        m = kind_count(receive, plan->longest), code = MPI_SUCCESS;

    switch (plan->operation + (large ? OPERATIONS : 0)) {
        case ALLGATHER: code = CALL(allgather, , o->buffer, n, send->type, i->buffer, m, receive->type); break;
        case ALLGATHERV:
            code = CALL(allgatherv, , o->buffer, n, send->type, i->buffer, i->counts, i->displs, receive->type);
            break;
        case ALLTOALL: code = CALL(alltoall, , o->buffer, n, send->type, i->buffer, m, receive->type); break;
        case ALLTOALLV:
            code = CALL(alltoallv, , o->buffer, o->counts, o->displs, send->type, i->buffer, i->counts, i->displs,
                        receive->type);
            break;
        case ALLTOALLW:
            code = CALL(alltoallw, , o->buffer, o->counts, o->large_displs, o->types, i->buffer, i->counts,
                        i->large_displs, i->types);
            break;
        case OPERATIONS + ALLGATHER:
            code = CALL(allgather, _c, o->buffer, n, send->type, i->buffer, m, receive->type);
            break;
        case OPERATIONS + ALLGATHERV:
            code = CALL(allgatherv, _c, o->buffer, n, send->type, i->buffer, i->large_counts, i->large_displs,
                        receive->type);
            break;
        case OPERATIONS + ALLTOALL:
            code = CALL(alltoall, _c, o->buffer, n, send->type, i->buffer, m, receive->type);
            break;
        case OPERATIONS + ALLTOALLV:
            code = CALL(alltoallv, _c, o->buffer, o->large_counts, o->large_displs, send->type, i->buffer,
                        i->large_counts, i->large_displs, receive->type);
            break;
        default:
            code = CALL(alltoallw, _c, o->buffer, o->large_counts, o->large_displs, o->types, i->buffer,
                        i->large_counts, i->large_displs, i->types);
    }
    CHECK(code == MPI_SUCCESS, "operation %d in form %d gave %d", (int)plan->operation, (int)form, code);
    kinds_free(plan->kinds); /* what is under way keeps its types */
}

#endif
