/* link.h: the connection to a child: the node part in this process, or a daemon elsewhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_LINK_H
#define TRI_MPRUN_LINK_H

#include <event2/event.h>

#include "topology.h"
#include "tree.h"

struct tri_link;

/* All are called from the event loop, never from inside a call on the link. */
struct tri_link_calls {
    /* From a node of the subtree. Returns false when the message makes no sense. */
    bool (*message)(void *context, struct tri_link *link, uint32_t node, enum tri_message type,
                    struct tri_reader *reader);
    /* The link's own node could not be reached, or is lost, and with it all that is below; why is
     * one line. Nothing follows. */
    void (*lost)(void *context, struct tri_link *link, const char *why);
    /* After tri_link_finish: the daemon has left. */
    void (*finished)(void *context, struct tri_link *link);
    /* Something worth telling a user who asked for it. */
    void (*note)(void *context, const char *text);
};

struct tri_link {
    uint32_t node;
    const struct tri_link_calls *calls;
    void *context;
    void (*send)(struct tri_link *link, uint32_t node, enum tri_message type,
                 const struct tri_buffer *payload);
    void (*finish)(struct tri_link *link);
    void (*cut)(struct tri_link *link);
};

/* Opens a link to this node. Its first message is TRI_MSG_READY. */
struct tri_link *tri_link_open_local(struct event_base *base, const struct tri_topology *topo,
                                     uint32_t node, const struct tri_link_calls *calls,
                                     void *context);

/* Starts the daemon on the node at begin in branch through the launch agent; it will start those
 * up to end. launch and branch must outlive the link. */
struct tri_link *tri_link_open_remote(struct event_base *base, const struct tri_launch *launch,
                                      const struct tri_branch *branch, uint32_t begin,
                                      uint32_t end, const struct tri_link_calls *calls,
                                      void *context);

/* Queues a message for a node of the subtree, or with TRI_NODE_ALL for all of them. */
static inline void tri_link_send(struct tri_link *link, uint32_t node, enum tri_message type,
                                 const struct tri_buffer *payload)
{
    link->send(link, node, type, payload);
}

/* Tells the subtree to leave; it has no ranks left. calls->finished follows. */
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
