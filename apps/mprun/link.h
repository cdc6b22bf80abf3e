/* link.h: mprun's connection to the node part on one node, in this process or in a daemon. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_LINK_H
#define TRI_MPRUN_LINK_H

#include <event2/event.h>

#include "options.h"
#include "topology.h"
#include "wire.h"

/* All are called from the event loop, never from inside a call on the link. */
struct tri_link_calls {
    /* The node can take a job; it has so many cores. */
    void (*ready)(void *context, uint32_t node, uint32_t cores);
    /* Returns false when the message makes no sense. */
    bool (*message)(void *context, uint32_t node, enum tri_message type,
                    struct tri_reader *reader);
    /* The node could not be reached, or is lost; why is one line. Nothing follows. */
    void (*lost)(void *context, uint32_t node, const char *why);
    /* After tri_link_finish: the daemon has left. */
    void (*finished)(void *context, uint32_t node);
};

struct tri_link {
    uint32_t node;
    const struct tri_link_calls *calls;
    void *context;
    void (*send)(struct tri_link *link, enum tri_message type, const struct tri_buffer *payload);
    void (*finish)(struct tri_link *link);
    void (*cut)(struct tri_link *link);
};

/* Opens a link to this node. */
struct tri_link *tri_link_open_local(struct event_base *base, const struct tri_topology *topo);

/* Starts the daemon on another node through the launch agent. */
struct tri_link *tri_link_open_remote(struct event_base *base, const struct tri_options *options,
                                      const char *host);

/* Queues a message. */
static inline void tri_link_send(struct tri_link *link, enum tri_message type,
                                 const struct tri_buffer *payload)
{
    link->send(link, type, payload);
}

/* Tells the node to leave; it has no ranks left. calls->finished follows. */
static inline void tri_link_finish(struct tri_link *link)
{
    link->finish(link);
}

/* Breaks the connection at once: a daemon then kills its ranks by itself; this process kills its
 * own before it returns. Nothing is called any more. */
static inline void tri_link_cut(struct tri_link *link)
{
    link->cut(link);
}

#endif
