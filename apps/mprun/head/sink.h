/* sink.h: mprun's stdout and stderr, where the ranks' lines come together. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_SINK_H
#define TRI_MPRUN_SINK_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"

struct tri_sink;

struct tri_sink_calls {
    /* Bytes of a rank have been passed on (or have a place in the small buffer): more may come. */
    void (*passed)(void *context, uint32_t rank, uint32_t stream, size_t len);
    /* Writing failed for good; error is an errno value. Called once. Everything is swallowed and
     * confirmed from then on. */
    void (*failed)(void *context, uint32_t stream, int error);
    /* Everything put in so far has been written. */
    void (*drained)(void *context);
};

/* Opens the sink over descriptor fd (1 or 2, also the number of the stream); copies style. Never
 * changes the mode of a descriptor that other processes share. */
struct tri_sink *tri_sink_new(struct event_base *base, int fd, const struct tri_line_style *style,
                              const struct tri_sink_calls *calls, void *context);

/* Takes a piece of a rank's output: whole lines, or with goes_on set a part of a long line. Lines
 * of different ranks are not mixed: others wait until a begun line is complete, or, when its rank
 * falls silent in mid-line, a newline is put in. */
void tri_sink_put(struct tri_sink *sink, uint32_t rank, const void *data, size_t len,
                  bool goes_on);

/* Prints "mprun: text" as a line of its own. */
void tri_sink_say(struct tri_sink *sink, const char *text);

/* Whether everything put in has been written. */
bool tri_sink_is_empty(const struct tri_sink *sink);

/* Writes what it can without waiting; for the end. */
void tri_sink_flush(struct tri_sink *sink);

/* Frees the sink; what has not been written is lost. */
void tri_sink_free(struct tri_sink *sink);

#endif
