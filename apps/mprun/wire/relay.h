/* relay.h: a daemon's place in the tree: starts the daemons below, and passes on what goes up and
 * down between mprun and them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_RELAY_H
#define TRI_MPRUN_RELAY_H

#include <event2/event.h>

#include "channel.h"
#include "node.h"

struct tri_relay;

/* Called once when the job is over and all daemons below have left. */
typedef void (*tri_relay_over_fn)(void *context);

/* Borrows all. */
struct tri_relay *tri_relay_new(struct event_base *base, tri_relay_over_fn over, void *context);

/* Where mprun's side is, and this node's own part. */
void tri_relay_connect(struct tri_relay *relay, struct tri_channel *above,
                       struct tri_node *node);

/* A message from above. Returns false when it makes no sense. */
bool tri_relay_from_above(struct tri_relay *relay, uint32_t node, enum tri_message type,
                          struct tri_reader *reader);

/* A message of this node's own part. */
void tri_relay_from_here(struct tri_relay *relay, enum tri_message type,
                         const struct tri_buffer *payload);

/* mprun is lost: breaks the connections to the daemons below, which then leave by themselves. */
void tri_relay_cut(struct tri_relay *relay);

#endif
