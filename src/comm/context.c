/* Context ids: what keeps the messages of communicators apart. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../../collectives/collectives.h"
#include "../runtime/wait.h"
#include "comm.h"

/* Each process keeps a mask of the contexts that it does not use; the lowest one that all processes of the parent have
 * free is taken. Two threads may agree on different parents at the same time: only one of them offers the mask, the
 * other offers nothing and tries again. The one with the lowest parent context has the right of way, in all processes
 * alike, so that two agreements can not block each other for ever. */

enum { CONTEXTS = TRI_CONTEXT_LIMIT / 2, WORDS = CONTEXTS / 64 };

static uint64_t used[WORDS]; /* a bit for each pair of contexts in use */
static bool offered;         /* some thread has offered the mask */
static uint32_t lowest = UINT32_MAX; /* parent of the agreement with the right of way */

static void offer(uint64_t mask[WORDS], bool mine)
{
    for (int i = 0; i < WORDS; i++) {
        mask[i] = mine ? ~used[i] : 0;
    }
    if (mine) {
        /* World, self and what lies before them. */
        mask[0] &= ~(UINT64_C(0) | 7);
    }
}

static uint32_t first_common(const uint64_t mask[WORDS])
{
    for (int i = 0; i < WORDS; i++) {
        if (mask[i]) {
            return (uint32_t)(2 * (64 * i + __builtin_ctzll(mask[i])));
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

/* One round. The last word of the message tells whether all processes offered their masks. */
static int try_once(struct tri_comm *comm, uint32_t *context, bool *all_offered)
{
    lowest = TRI_MIN(lowest, comm->context);
    bool mine = !offered && lowest == comm->context;
    offered |= mine;
    uint64_t mask[WORDS + 1];
    offer(mask, mine);
    mask[WORDS] = mine ? ~UINT64_C(0) : 0;
    int code = tri_collective_agree_and(comm, mask, WORDS + 1);
    *all_offered = mask[WORDS] != 0;
    *context = code == MPI_SUCCESS ? first_common(mask) : 0;
    if (*context) {
        used[*context / 128] |= UINT64_C(1) << (*context / 2 % 64);
    }
    if (mine) {
        offered = false;
        if (*context || *all_offered) {
            lowest = UINT32_MAX;
        }
    }
    return code;
}

int tri_context_agree(struct tri_comm *comm, uint32_t *context)
{
    struct tri_wait wait = {0};
    bool all_offered = false;
    do {
        int code = try_once(comm, context, &all_offered);
        if (code != MPI_SUCCESS) {
            return code;
        }
        if (!*context) {
            tri_wait_step(&wait);
        }
    } while (!*context && !all_offered);
    if (!*context) {
        return tri_error(comm, MPI_ERR_OTHER,
                         "all %d contexts are in use%s: free communicators that are no longer needed", CONTEXTS,
                         is_exhausted() ? "" : " in some process");
    }
    return MPI_SUCCESS;
}

void tri_context_free(uint32_t context)
{
    used[context / 128] &= ~(UINT64_C(1) << (context / 2 % 64));
}
