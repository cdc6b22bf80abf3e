/* channel.h: messages over a pair of pipes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_CHANNEL_H
#define TRI_MPRUN_CHANNEL_H

#include <event2/event.h>

#include "wire.h"

struct tri_channel;

struct tri_channel_calls {
    /* A line of text, while the channel is still in text mode. The call may switch it over. */
    void (*line)(void *context, const char *text);
    /* A message. Returns false if it makes no sense; the channel is then closed. */
    bool (*message)(void *context, uint32_t node, enum tri_message type,
                    struct tri_reader *reader);
    /* The other side is gone or talks nonsense. Called once; nothing follows. */
    void (*closed)(void *context);
};

/* Reads from one descriptor and writes to the other, without blocking; owns both. With text set it
 * begins in text mode. */
struct tri_channel *tri_channel_new(struct event_base *base, int read_fd, int write_fd, bool text,
                                    const struct tri_channel_calls *calls, void *context);

/* From here on messages instead of lines. */
void tri_channel_leave_text(struct tri_channel *channel);

/* Queues a message; on a channel that is closed it does nothing. */
void tri_channel_send(struct tri_channel *channel, uint32_t node, enum tri_message type,
                      const struct tri_buffer *payload);

/* Queues bytes as they are. */
void tri_channel_send_raw(struct tri_channel *channel, const void *data, size_t len);

/* Writes what is queued, waiting for at most a second, and closes without calling anyone. */
void tri_channel_finish(struct tri_channel *channel);

#endif
