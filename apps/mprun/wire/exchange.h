/* exchange.h: one place in the tree where fences come together: contributions of the subtree become
 * one on the way up, and the result goes the same way down. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_EXCHANGE_H
#define TRI_MPRUN_EXCHANGE_H

#include "jobdesc.h"

struct tri_exchange;

/* Of a node that is not in this subtree. */
#define TRI_ELSEWHERE UINT32_MAX

struct tri_exchange_calls {
    /* A fence is over for a member, which called it id; payload is that of TRI_MSG_FENCE_DONE. */
    void (*release)(void *context, uint32_t member, const struct tri_buffer *payload);
    /* All members have entered a fence, in which nodes elsewhere take part too; payload is that
     * of TRI_MSG_FENCE for the place above. Its answer goes to tri_exchange_answer. */
    void (*pass_up)(void *context, const struct tri_buffer *payload);
};

/* Members are the children here and the node itself, numbered from 0. desc and member_of, which
 * says for every node which member it belongs to, must outlive the exchange. */
struct tri_exchange *tri_exchange_new(const struct tri_jobdesc *desc, const uint32_t *member_of,
                                      uint32_t nmembers, const struct tri_exchange_calls *calls,
                                      void *context);

/* A member's TRI_MSG_FENCE. Returns false when it makes no sense. */
bool tri_exchange_enter(struct tri_exchange *exchange, uint32_t member,
                        struct tri_reader *reader);

/* TRI_MSG_FENCE_DONE from above. Returns false when it makes no sense. */
bool tri_exchange_answer(struct tri_exchange *exchange, struct tri_reader *reader);

#endif
