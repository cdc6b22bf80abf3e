/* sink.c: mprun's stdout and stderr, where the ranks' lines come together. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

enum { ROOM = 256 * 1024 }; /* beyond this nothing is confirmed until some has been written */
static const uint32_t NOBODY = UINT32_MAX;
static const struct tri_line_style plain = {0}; /* for lines that are no rank's */
/* How long a rank may be silent in mid-line while others wait to print. */
static const struct timeval patience = {.tv_sec = 1};

/* Output that waits for another rank's line to end, or for its confirmation. */
struct piece {
    struct piece *next;
    uint32_t rank;
    size_t len;
    bool goes_on;
    unsigned char data[];
};

struct tri_sink {
    const struct tri_sink_calls *calls;
    void *context;
    int fd;
    uint32_t stream;
    struct tri_line_style style;
    bool waits;              /* fd can be waited for; else it is written at once */
    bool dead;
    struct evbuffer *ready;  /* in its final order */
    struct event *writable;
    struct event *stall;
    uint32_t owner;          /* whose line is unfinished and goes on, or NOBODY */
    uint32_t last;           /* who wrote last */
    bool at_line_start;
    struct piece *waiting, **waiting_end;
    struct piece *unconfirmed, **unconfirmed_end; /* len 0, only rank and number of bytes */
};

/* An open file description of our own, so that non-blocking mode does not spill over to the
 * processes that share the original (a shell, say). Sockets cannot be opened again. */
static int reopen(int fd)
{
    struct stat info;
    char path[32];

    if (fstat(fd, &info) != 0 || (!S_ISFIFO(info.st_mode) && !S_ISCHR(info.st_mode))) {
        return fd;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

    return own >= 0 ? own : fd;
}

static void put_ready(struct tri_sink *sink, uint32_t rank, const unsigned char *data, size_t len)
{
    if (len > 0 && !sink->at_line_start && sink->last != rank) {
        evbuffer_add(sink->ready, "\n", 1);
        sink->at_line_start = true;
    }
    tri_lines_put(sink->ready, rank != NOBODY ? &sink->style : &plain, rank, data, len,
                  &sink->at_line_start);
    sink->last = rank;
}

static struct piece *new_piece(uint32_t rank, const void *data, size_t len, bool goes_on,
                               bool with_data)
{
    struct piece *piece = tri_alloc(1, sizeof *piece + (with_data ? len : 0));

    piece->rank = rank;
    piece->len = len;
    piece->goes_on = goes_on;
    if (with_data && len > 0) {
        memcpy(piece->data, data, len);
    }
    return piece;
}

static void append(struct piece ***end, struct piece *piece)
{
    **end = piece;
    *end = &piece->next;
}

static void confirm_all(struct tri_sink *sink)
{
    while (sink->unconfirmed != NULL && evbuffer_get_length(sink->ready) < ROOM) {
        struct piece *piece = sink->unconfirmed;

        sink->unconfirmed = piece->next;
        if (sink->unconfirmed == NULL) {
            sink->unconfirmed_end = &sink->unconfirmed;
        }
        if (piece->rank != NOBODY) {
            sink->calls->passed(sink->context, piece->rank, sink->stream, piece->len);
        }
        free(piece);
    }
}

static void die(struct tri_sink *sink, int error)
{
    sink->dead = true;
    evbuffer_drain(sink->ready, evbuffer_get_length(sink->ready));
    sink->calls->failed(sink->context, sink->stream, error);
}

/* A write of up to PIPE_BUF bytes does not block once poll says that there is room. */
static bool has_room(const struct tri_sink *sink)
{
    struct pollfd poll_fd = {.fd = sink->fd, .events = POLLOUT};

    return !sink->waits || poll(&poll_fd, 1, 0) > 0;
}

static void write_ready(struct tri_sink *sink)
{
    while (evbuffer_get_length(sink->ready) > 0 && !sink->dead) {
        bool shared = sink->fd == (int)sink->stream;

        if (shared && !has_room(sink)) {
            break;
        }
        int written = evbuffer_write_atmost(sink->ready, sink->fd,
                                            shared && sink->waits ? 4096 : -1);

        if (written < 0 && errno == EAGAIN) {
            break;
        }
        if (written < 0 && errno != EINTR) {
            die(sink, errno);
        }
    }
    confirm_all(sink);
    if (evbuffer_get_length(sink->ready) > 0) {
        event_add(sink->writable, NULL);
    } else {
        sink->calls->drained(sink->context);
    }
}

/* Puts a piece in its final place. The caller has made sure that no other rank's line is open. */
static void place(struct tri_sink *sink, uint32_t rank, const void *data, size_t len,
                  bool goes_on)
{
    if (!sink->dead) {
        put_ready(sink, rank, data, len);
    }
    sink->owner = goes_on ? rank : NOBODY;
    append(&sink->unconfirmed_end, new_piece(rank, NULL, len, false, false));
}

/* Takes the first waiting piece that may go now. */
static struct piece *take_waiting(struct tri_sink *sink)
{
    for (struct piece **link = &sink->waiting; *link != NULL; link = &(*link)->next) {
        struct piece *piece = *link;

        if (sink->owner == NOBODY || sink->owner == piece->rank) {
            *link = piece->next;
            if (piece->next == NULL) {
                sink->waiting_end = link;
            }
            return piece;
        }
    }
    return NULL;
}

static void place_waiting(struct tri_sink *sink)
{
    for (struct piece *piece; (piece = take_waiting(sink)) != NULL;) {
        place(sink, piece->rank, piece->data, piece->len, piece->goes_on);
        free(piece);
    }
    if (sink->waiting != NULL) {
        event_add(sink->stall, &patience);
    } else {
        event_del(sink->stall);
    }
}

void tri_sink_put(struct tri_sink *sink, uint32_t rank, const void *data, size_t len,
                  bool goes_on)
{
    if (sink->owner != NOBODY && sink->owner != rank) {
        append(&sink->waiting_end, new_piece(rank, data, len, goes_on, true));
        if (!event_pending(sink->stall, EV_TIMEOUT, NULL)) {
            event_add(sink->stall, &patience);
        }
        return;
    }
    place(sink, rank, data, len, goes_on);
    place_waiting(sink);
    write_ready(sink);
}

void tri_sink_say(struct tri_sink *sink, const char *text)
{
    char *line = tri_format("mprun: %s\n", text);

    place(sink, NOBODY, line, strlen(line), false);
    free(line);
    place_waiting(sink);
    write_ready(sink);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    write_ready(context);
}

static void on_stall(evutil_socket_t fd, short what, void *context)
{
    struct tri_sink *sink = context;

    (void)fd, (void)what;
    sink->owner = NOBODY;
    place_waiting(sink);
    write_ready(sink);
}

bool tri_sink_is_empty(const struct tri_sink *sink)
{
    return evbuffer_get_length(sink->ready) == 0 && sink->waiting == NULL;
}

void tri_sink_flush(struct tri_sink *sink)
{
    sink->owner = NOBODY;
    place_waiting(sink);
    write_ready(sink);
}

struct tri_sink *tri_sink_new(struct event_base *base, int fd, const struct tri_line_style *style,
                              const struct tri_sink_calls *calls, void *context)
{
    struct tri_sink *sink = tri_alloc(1, sizeof *sink);

    *sink = (struct tri_sink){.calls = calls, .context = context, .stream = (uint32_t)fd,
                              .style = *style, .owner = NOBODY, .last = NOBODY,
                              .at_line_start = true};
    sink->waiting_end = &sink->waiting;
    sink->unconfirmed_end = &sink->unconfirmed;
    sink->fd = reopen(fd);
    sink->ready = evbuffer_new();
    sink->writable = event_new(base, sink->fd, EV_WRITE, on_writable, sink);
    sink->stall = evtimer_new(base, on_stall, sink);
    sink->waits = tri_fd_can_wait(sink->fd);
    return sink;
}

static void free_pieces(struct piece *piece)
{
    while (piece != NULL) {
        struct piece *next = piece->next;

        free(piece);
        piece = next;
    }
}

void tri_sink_free(struct tri_sink *sink)
{
    free_pieces(sink->waiting);
    free_pieces(sink->unconfirmed);
    event_free(sink->writable);
    event_free(sink->stall);
    evbuffer_free(sink->ready);
    if (sink->fd != (int)sink->stream) {
        close(sink->fd);
    }
    free(sink);
}
