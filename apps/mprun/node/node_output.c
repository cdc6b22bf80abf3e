/* node_output.c: reads what ranks print and sends it on in whole lines, with bounded memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "node_internal.h"

enum {
    LONGEST_PIECE = 64 * 1024,     /* a longer line travels in several pieces */
    MOST_UNCONFIRMED = 128 * 1024, /* beyond this a rank waits in write() until mprun catches up */
};

static void listen_for_more(struct tri_collector *collector, bool more)
{
    if (more == collector->listening || collector->fd < 0) {
        return;
    }
    collector->listening = more;
    if (more) {
        event_add(collector->event, NULL);
    } else {
        event_del(collector->event);
    }
}

/* Sends the first len bytes of the buffer. */
static void send_piece(struct tri_collector *collector, size_t len, bool line_goes_on)
{
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, collector->rank);
    tri_put_u32(&payload, collector->stream);
    tri_put_u32(&payload, line_goes_on);
    tri_put_blob(&payload, collector->data, len);
    collector->used -= len;
    memmove(collector->data, collector->data + len, collector->used);
    collector->in_line = line_goes_on;
    collector->unconfirmed += len;
    tri_node_send(collector->node, TRI_MSG_OUTPUT, &payload);
}

/* Sends the complete lines, or a piece of a line that has outgrown the buffer. */
static void send_lines(struct tri_collector *collector, size_t fresh)
{
    const unsigned char *begin = collector->data + collector->used - fresh;
    const unsigned char *newline = memrchr(begin, '\n', fresh);

    if (newline != NULL) {
        send_piece(collector, (size_t)(newline + 1 - collector->data), false);
    }
    if (collector->used == LONGEST_PIECE) {
        send_piece(collector, collector->used, true);
    }
}

static void close_collector(struct tri_collector *collector)
{
    if (collector->used > 0 || collector->in_line) {
        send_piece(collector, collector->used, false);
    }
    listen_for_more(collector, false);
    event_free(collector->event);
    if (collector->prompt != NULL) {
        event_free(collector->prompt);
    }
    close(collector->fd);
    collector->fd = -1;
    free(collector->data);
    collector->data = NULL;
}

/* Small at first: most ranks print little. */
static void make_room(struct tri_collector *collector)
{
    if (collector->used == collector->capacity) {
        collector->capacity = collector->capacity > 0 ? 2 * collector->capacity : 4096;
        collector->data = tri_regrow(collector->data, collector->capacity, 1);
    }
}

/* A line that stays unfinished for a moment may be what the user has to answer. */
static void expect_prompt(struct tri_collector *collector)
{
    static const struct timeval moment = {.tv_usec = 50 * 1000};

    if (collector->prompt != NULL && collector->used > 0) {
        event_add(collector->prompt, &moment);
    }
}

static void on_prompt(evutil_socket_t fd, short what, void *context)
{
    struct tri_collector *collector = context;

    (void)fd, (void)what;
    if (collector->used > 0) {
        send_piece(collector, collector->used, false);
    }
}

void tri_collector_drain(struct tri_collector *collector, bool last)
{
    while (collector->fd >= 0) {
        if (collector->unconfirmed >= MOST_UNCONFIRMED) {
            listen_for_more(collector, false);
            return;
        }
        make_room(collector);
        ssize_t got = read(collector->fd, collector->data + collector->used,
                           collector->capacity - collector->used);

        if (got > 0) {
            collector->used += (size_t)got;
            send_lines(collector, (size_t)got);
        } else if (got < 0 && errno == EINTR) {
            continue;
        } else if (got < 0 && errno == EAGAIN && !last) {
            listen_for_more(collector, true);
            expect_prompt(collector);
            return;
        } else {
            close_collector(collector);
        }
    }
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
    struct tri_collector *collector = context;

    (void)fd, (void)what;
    tri_collector_drain(collector, false);
    tri_node_check_idle(collector->node);
}

void tri_collector_open(struct tri_collector *collector, struct tri_node *node, uint32_t rank,
                        uint32_t stream, int fd)
{
    *collector = (struct tri_collector){.node = node, .rank = rank, .stream = stream, .fd = fd};
    tri_fd_prepare(fd, true);
    collector->event = event_new(node->base, fd, EV_READ | EV_PERSIST, on_readable, collector);
    if (node->desc.prompts && stream == 1 && tri_jobdesc_reads(&node->desc, rank)) {
        collector->prompt = evtimer_new(node->base, on_prompt, collector);
    }
    listen_for_more(collector, true);
}

void tri_collector_abandon(struct tri_collector *collector)
{
    if (collector->fd >= 0) {
        collector->used = 0;
        close_collector(collector);
    }
}

void tri_collector_confirm(struct tri_collector *collector, size_t len)
{
    collector->unconfirmed -= len < collector->unconfirmed ? len : collector->unconfirmed;
    if (collector->unconfirmed < MOST_UNCONFIRMED) {
        listen_for_more(collector, true);
    }
}

bool tri_collector_is_done(const struct tri_collector *collector)
{
    return collector->fd < 0;
}
