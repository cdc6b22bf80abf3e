/* coll_run.h - fills, runs and checks a planned call of a collective. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_RUN_H
#define SPMD_COLL_RUN_H

#include "coll_plan.h"
#include <sched.h>

static inline MPI_Count coll_draw_bytes(uint64_t *random, int max_bytes)
{
    const int limits[] = {64, 300, 5000, max_bytes};
    int limit = limits[t_random(random, 4)];

    return t_random(random, limit < max_bytes ? limit : max_bytes);
}

/* Any call: the same one on all ranks whose numbers are at the same place. */
static inline struct coll_case coll_draw(uint64_t *random, enum coll_form form,
                                         const struct coll_group *g, int max_bytes)
{
    struct coll_case c = {.form = form};

    c.operation = (enum coll_id)t_random(random, COLL_OPERATIONS);
    c.large = t_random(random, 2);
    c.bytes = coll_draw_bytes(random, max_bytes);
    int pair = t_random(random, T_COUNT(coll_pairs)), kind = t_random(random, COLL_REDUCED);
    int root = t_random(random, g->local), in_place = t_random(random, 2);
    c.in_place = in_place && c.operation > COLL_BCAST;
    c.root = coll_rooted(c.operation) ? root : 0;
    c.out = coll_reduces(c.operation) ? &coll_reduced[kind] : &coll_moved[coll_pairs[pair].out];
    c.in = coll_reduces(c.operation) ? &coll_reduced[kind] : &coll_moved[coll_pairs[pair].in];
    return c;
}

/* Plans a call; end it with coll_end(). */
static inline void coll_begin(struct coll_plan *p, const struct coll_case *c,
                              const struct coll_group *g)
{
    int size = c->in->size;

    memset(p, 0, sizeof *p);
    p->c = *c;
    p->g = *g;
    p->unit = c->in->values > c->out->values ? c->in->values : c->out->values;
    p->units = (c->bytes + p->unit * size - 1) / (p->unit * size);
    p->loose = -1;
    p->request = MPI_REQUEST_NULL;
    switch (c->operation) {
        case COLL_BARRIER: break;
        case COLL_BCAST: coll_plan_bcast(p); break;
        case COLL_GATHER:
        case COLL_GATHERV:
        case COLL_ALLGATHER:
        case COLL_ALLGATHERV: coll_plan_gather(p); break;
        case COLL_SCATTER:
        case COLL_SCATTERV: coll_plan_scatter(p); break;
        case COLL_ALLTOALL:
        case COLL_ALLTOALLV:
        case COLL_ALLTOALLW: coll_plan_alltoall(p); break;
        default: coll_plan_reduce(p);
    }
    for (int i = 0; i < 2; i++) {
        struct coll_buffer *buffer = i ? &p->send : &p->receive;
        for (int k = 0; k < buffer->count; k++) {
            const struct coll_block *b = &buffer->block[k];
            size_t end = (size_t)(b->at + b->items * b->kind->extent);
            buffer->bytes = end > buffer->bytes ? end : buffer->bytes;
        }
        coll_buffer_start(buffer);
    }
    coll_plan_args(p);
}

static inline void coll_end(struct coll_plan *p)
{
    coll_buffer_end(&p->send);
    coll_buffer_end(&p->receive);
}

/* Says which call it is. */
static inline const char *coll_describe(const struct coll_plan *p)
{
    static _Thread_local char text[256];
    const struct coll_case *c = &p->c;

    snprintf(text, sizeof text, "%s %s%s, %lld bytes, %s to %s, root %d.%d%s, rank %d.%d of %d(%d)",
             coll_forms[c->form], coll_names[c->operation], c->large ? "_c" : "",
             (long long)c->bytes, c->out->name, c->in->name, c->root_side, c->root,
             c->in_place ? ", in place" : "", p->g.side, p->g.rank, p->g.local, p->g.remote);
    return text;
}

/* Puts the data of `key` into the buffers, guard bytes everywhere else. */
static inline void coll_fill(struct coll_plan *p, uint64_t key)
{
    p->key = key;
    coll_clear(&p->send, p->send.data);
    coll_clear(&p->receive, p->receive.data);
    for (int i = 0; i < p->send.count && p->send.used; i++)
        coll_place(&p->send.block[i], p->send.data, key);
    memcpy(p->send.image - COLL_MARGIN, p->send.data - COLL_MARGIN,
           p->send.bytes + 2 * COLL_MARGIN);
    for (int i = 0; i < p->initial.count; i++)
        coll_place(&p->initial.block[i], p->receive.data, key);
}

static inline void coll_compare(const struct coll_plan *p, const struct coll_buffer *buffer,
                                const char *which)
{
    long at = coll_differs(buffer);

    if (at == LONG_MIN)
        return;
    CHECK(0, "%s: %s buffer: byte %ld is %02x, not %02x: %s", coll_describe(p), which, at,
          buffer->data[at], buffer->image[at], coll_where(buffer, at));
}

/* Compares both buffers, all of them, with what the model says. */
static inline void coll_check(struct coll_plan *p)
{
    struct coll_buffer *r = &p->receive;
    bool undefined = r->used && p->loose == 0;

    coll_compare(p, &p->send, "send");
    coll_clear(r, r->image);
    /* What a reduction in place leaves of its input is anybody's guess. */
    for (int i = 0; i < p->initial.count; i++) {
        coll_place(&p->initial.block[i], r->image, p->key);
        if (coll_reduces(p->c.operation))
            coll_copy(&p->initial.block[i], p->loose, r->image, r->data);
    }
    for (int i = 0; i < r->count && !undefined; i++)
        coll_place(&r->block[i], r->image, p->key);
    if (undefined)
        coll_copy(&r->block[0], 0, r->image, r->data);
    coll_compare(p, r, "receive");
}

/* Runs it (blocking), starts it (nonblocking) or makes its request (persistent). */
static inline void coll_issue(struct coll_plan *p)
{
    int code = coll_call(p->c.operation, p->c.form, p->c.large, &p->args, &p->request);

    CHECK(code == MPI_SUCCESS, "%s: returned code %d", coll_describe(p), code);
}

static inline void coll_wait(struct coll_plan *p)
{
    int done = 0, code = MPI_SUCCESS;

    /* Half of them by polling; on a busy machine the others must get to their part. */
    while (p->key % 2 && !done && code == MPI_SUCCESS) {
        code = MPI_Test(&p->request, &done, MPI_STATUS_IGNORE);
        if (!done)
            sched_yield();
    }
    if (!done)
        code = MPI_Wait(&p->request, MPI_STATUS_IGNORE);
    CHECK(code == MPI_SUCCESS, "%s: waiting returned code %d", coll_describe(p), code);
}

/* The whole life of a call: a persistent one runs twice with other data. */
static inline void coll_run(struct coll_plan *p, uint64_t key)
{
    if (p->c.form == COLL_PERSISTENT)
        coll_issue(p);
    for (int turn = 0; turn < (p->c.form == COLL_PERSISTENT ? 2 : 1); turn++) {
        coll_fill(p, key + (uint64_t)turn * 7919);
        if (p->c.form == COLL_PERSISTENT)
            CHECK_OK(MPI_Start(&p->request));
        else
            coll_issue(p);
        if (p->c.form != COLL_BLOCKING)
            coll_wait(p);
        coll_check(p);
    }
    if (p->c.form == COLL_PERSISTENT)
        CHECK_OK(MPI_Request_free(&p->request));
}

#endif
