/* server.h: the PMIx server of a node; only server*.c include pmix_server.h. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_SERVER_H
#define TRI_MPRUN_SERVER_H

#include <event2/event.h>

#include "jobdesc.h"
#include "place_message.h"
#include "topology.h"

/* What ranks do, told on the event loop's thread in the order in which it happened. */
struct tri_server_hooks {
    void (*connected)(void *context, uint32_t rank);
    void (*finalized)(void *context, uint32_t rank);
    void (*aborted)(void *context, uint32_t rank, uint32_t code, const char *message);
    /* All local participants entered a fence; answer with tri_server_fence_done. */
    void (*fence)(void *context, uint64_t id, const struct tri_buffer *participants,
                  const void *data, size_t len);
    /* A local rank wants what a rank elsewhere published; answer with tri_server_modex_done. */
    void (*modex_ask)(void *context, uint64_t id, uint32_t rank);
    /* The answer to tri_server_modex_get. */
    void (*modex_give)(void *context, uint64_t id, uint32_t status, const void *data, size_t len);
};

/* In a list of participants: every rank of the job. */
#define TRI_ALL_RANKS UINT32_MAX

/* Statuses that messages carry; 0 is success. */
enum { TRI_STATUS_OK = 0, TRI_STATUS_FAILED = 1 };

/* Starts the server for this node's part of desc, which must outlive it, and whose ranks have these
 * berths. One a process; it runs until the process ends. Returns NULL, or one line that says why
 * not (caller frees). */
char *tri_server_start(struct event_base *base, const struct tri_topology *topo,
                       const struct tri_jobdesc *desc, const struct tri_berths *berths,
                       const struct tri_server_hooks *hooks, void *context);

/* Sets the variables by which a rank finds the server. */
void tri_server_setup_env(const char *nspace, uint32_t rank, struct tri_strings *env);

/* Calls the hooks for everything that happened so far. Call it before judging a rank's exit. */
void tri_server_poll(void);

void tri_server_fence_done(uint64_t id, uint32_t status, const void *data, size_t len);
void tri_server_modex_done(uint64_t id, uint32_t status, const void *data, size_t len);

/* Asks for what a local rank published; waits until it has. The hook modex_give has the answer. */
void tri_server_modex_get(const char *nspace, uint64_t id, uint32_t rank);

#endif
