/* lines.h: what stands before each line of the ranks' output. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_LINES_H
#define TRI_MPRUN_LINES_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tri_line_style {
    bool stamp; /* the time */
    bool tag;   /* the rank */
};

/* Adds a piece of a rank's output to out, with what stands before lines where lines begin.
 * at_start says whether one begins, and is kept up to date. */
void tri_lines_put(struct evbuffer *out, const struct tri_line_style *style, uint32_t rank,
                   const void *data, size_t len, bool *at_start);

#endif
