/* Context ids: what keeps the messages of communicators apart. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "../runtime/progress.h"
#include "../runtime/wait.h"
#include "comm.h"

/* Each process keeps a mask of the contexts that it does not use; the lowest one that all processes of the communicator
 * have free is taken. Several agreements may be under way at a time, of other threads or nonblocking ones: only one of
 * them offers the mask, the others offer nothing and try again. The one with the lowest priority number has the right
 * of way, in all processes alike, so that they can not block each other for ever. Nobody offers the mask before all
 * processes have come: otherwise an agreement whose last process waits for another agreement would hold that one up. */

enum { IDS = TRI_CONTEXT_LIMIT / TRI_CONTEXT_STEP, WORDS = IDS / 64 };

static uint64_t used[WORDS]; /* a bit for each id in use */
static bool offered;         /* some agreement has offered the mask */
static uint64_t lowest = UINT64_MAX; /* priority of the agreement with the right of way */

struct tri_agreement {
    struct tri_later later; /* before another round */
    struct tri_comm *comm;
    int tag;
    uint64_t priority;
    bool mine; /* this one has offered the mask */
    uint64_t mask[WORDS + 1]; /* the last word tells whether all processes offered theirs */
    void (*done)(void *owner, int code, uint32_t context);
    void *owner;
};

static void offer(uint64_t mask[WORDS], bool mine)
{
    for (int i = 0; i < WORDS; i++) {
        mask[i] = mine ? ~used[i] : 0;
    }
    if (mine) {
        mask[0] &= ~UINT64_C(7); /* nobody's, world's and self's */
    }
}

static uint32_t first_common(const uint64_t mask[WORDS])
{
    for (int i = 0; i < WORDS; i++) {
        if (mask[i]) {
            return (uint32_t)(TRI_CONTEXT_STEP * (64 * i + __builtin_ctzll(mask[i])));
        }
    }
    return 0;
}

static bool is_exhausted(void)
{
    uint64_t mask[WORDS];
    offer(mask, true);
    return first_common(mask) == 0;
}

static uint64_t *word_of(uint32_t context)
{
    return &used[context / TRI_CONTEXT_STEP / 64];
}

static uint64_t bit_of(uint32_t context)
{
    return UINT64_C(1) << (context / TRI_CONTEXT_STEP % 64);
}

void tri_context_free(uint32_t context)
{
    *word_of(context) &= ~bit_of(context);
}

static void end(struct tri_agreement *agreement, int code, uint32_t context)
{
    agreement->done(agreement->owner, code, context);
    free(agreement);
}

/* A round has told what all have in common. */
static void round_done(void *owner, int code)
{
    struct tri_agreement *agreement = owner;
    uint32_t context = code == MPI_SUCCESS ? first_common(agreement->mask) : 0;
    bool all_offered = agreement->mask[WORDS] != 0;
    if (context) {
        *word_of(context) |= bit_of(context);
    }
    if (agreement->mine) {
        offered = false;
        if (context || all_offered) {
            lowest = UINT64_MAX;
        }
    }
    if (code != MPI_SUCCESS || context || all_offered) {
        end(agreement, code, context);
    } else {
        tri_progress_later(&agreement->later);
    }
}

static void next_round(struct tri_agreement *agreement)
{
    lowest = TRI_MIN(lowest, agreement->priority);
    agreement->mine = !offered && lowest == agreement->priority;
    offered |= agreement->mine;
    offer(agreement->mask, agreement->mine);
    agreement->mask[WORDS] = agreement->mine ? ~UINT64_C(0) : 0;
    tri_collective_agree_and(agreement->comm, agreement->tag, agreement->mask, WORDS + 1, round_done, agreement);
}

static void run_later(struct tri_later *later)
{
    next_round(tri_container_of(later, struct tri_agreement, later));
}

static void all_came(void *owner, int code)
{
    struct tri_agreement *agreement = owner;
    if (code == MPI_SUCCESS) {
        next_round(agreement);
    } else {
        end(agreement, code, 0);
    }
}

void tri_context_agree_start(struct tri_comm *comm, void (*done)(void *owner, int code, uint32_t context), void *owner)
{
    struct tri_agreement *agreement = tri_memory_take(sizeof *agreement);
    agreement->later.run = run_later;
    agreement->comm = comm;
    agreement->tag = tri_comm_next_tag(comm);
    agreement->priority = (uint64_t)comm->collective_context << 32 | (uint32_t)agreement->tag;
    agreement->done = done;
    agreement->owner = owner;
    tri_collective_meet(comm, agreement->tag, all_came, agreement);
}

struct result {
    bool ended;
    int code;
    uint32_t context;
};

static void note_result(void *owner, int code, uint32_t context)
{
    struct result *result = owner;
    *result = (struct result){true, code, context};
}

/* The code of an agreement, or that there is no context left. */
static int verdict(struct tri_comm *on, const struct result *result)
{
    if (result->code == MPI_SUCCESS && !result->context) {
        return tri_error(on, MPI_ERR_OTHER,
                         "all %d contexts are in use%s: free communicators that are no longer needed", IDS,
                         is_exhausted() ? "" : " in some process");
    }
    return tri_request_raise(on, result->code);
}

int tri_context_agree(struct tri_comm *comm, struct tri_comm *on, uint32_t *context)
{
    struct result result = {0};
    struct tri_wait wait = {0};
    tri_context_agree_start(comm, note_result, &result);
    while (!result.ended) {
        tri_wait_step(&wait);
    }
    *context = result.context;
    return verdict(on, &result);
}
