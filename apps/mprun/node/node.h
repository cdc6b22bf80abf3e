/* node.h: the part of the launcher that runs on each node: PMIx server, ranks, their output. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_NODE_H
#define TRI_MPRUN_NODE_H

#include <event2/event.h>

#include "topology.h"
#include "wire.h"

struct tri_node;

/* How the node part answers: called on the event loop's thread, with a payload that is valid only
 * during the call. */
typedef void (*tri_node_send_fn)(void *context, enum tri_message type,
                                 const struct tri_buffer *payload);

/* Makes the node part; at most one in a process, because PMIx permits one server. It borrows base
 * and topo. When the other end of the descriptor lifeline (-1: none) is closed and this process does
 * not end by itself, it and its ranks are killed. From here on this process adopts the orphans of its children. */
struct tri_node *tri_node_new(struct event_base *base, const struct tri_topology *topo,
                              int lifeline, tri_node_send_fn send, void *context);

/* Which node of the job this one is; before its first message. */
void tri_node_set_number(struct tri_node *node, uint32_t number);

/* Appends the hardware of this node, with what other jobs have claimed of it, to a message. */
void tri_node_put_machine(const struct tri_node *node, struct tri_buffer *buffer);

/* Handles one message from mprun. Returns false when the message makes no sense. */
bool tri_node_deliver(struct tri_node *node, enum tri_message type, struct tri_reader *reader);

/* Kills what is left at once and waits (briefly) until it is gone. For when mprun is lost. */
void tri_node_end(struct tri_node *node);

#endif
