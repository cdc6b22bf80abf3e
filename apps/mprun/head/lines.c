/* lines.c: what stands before each line of the ranks' output. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "lines.h"

#include <string.h>
#include <time.h>

static void put_stamp(struct evbuffer *out)
{
    struct timespec now;
    struct tm local;
    char text[32];

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
    evbuffer_add_printf(out, "%s.%03ld ", text, now.tv_nsec / 1000000);
}

static void put_plain(struct evbuffer *out, const unsigned char *data, size_t len, bool *at_start)
{
    if (len > 0) {
        evbuffer_add(out, data, len);
        *at_start = data[len - 1] == '\n';
    }
}

void tri_lines_put(struct evbuffer *out, const struct tri_line_style *style, uint32_t rank,
                   const void *data, size_t len, bool *at_start)
{
    const unsigned char *next = data;

    if (!style->tag && !style->stamp) {
        put_plain(out, next, len, at_start);
        return;
    }
    while (len > 0) {
        const unsigned char *newline = memchr(next, '\n', len);
        size_t part = newline != NULL ? (size_t)(newline + 1 - next) : len;

        if (*at_start && style->stamp) {
            put_stamp(out);
        }
        if (*at_start && style->tag) {
            evbuffer_add_printf(out, "[%u] ", rank);
        }
        put_plain(out, next, part, at_start);
        next += part;
        len -= part;
    }
}
