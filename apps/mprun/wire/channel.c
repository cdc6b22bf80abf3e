/* channel.c: messages over a pair of pipes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "channel.h"

#include <errno.h>
#include <event2/buffer.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { LONGEST_LINE = 64 * 1024 };

struct tri_channel {
    const struct tri_channel_calls *calls;
    void *context;
    int read_fd, write_fd;
    bool text, open;
    struct evbuffer *in, *out;
    struct event *readable, *writable;
};

static void shut(struct tri_channel *channel)
{
    if (channel->open) {
        channel->open = false;
        event_free(channel->readable);
        event_free(channel->writable);
        close(channel->read_fd);
        close(channel->write_fd);
    }
}

static void lose(struct tri_channel *channel)
{
    if (channel->open) {
        shut(channel);
        channel->calls->closed(channel->context);
    }
}

/* Returns whether there was a whole line. */
static bool take_line(struct tri_channel *channel)
{
    char *line = evbuffer_readln(channel->in, NULL, EVBUFFER_EOL_CRLF);

    if (line == NULL) {
        if (evbuffer_get_length(channel->in) > LONGEST_LINE) {
            evbuffer_drain(channel->in, LONGEST_LINE);
        }
        return false;
    }
    channel->calls->line(channel->context, line);
    free(line);
    return true;
}

/* Returns whether there was a whole message. */
static bool take_message(struct tri_channel *channel)
{
    unsigned char header[TRI_WIRE_HEADER];

    if (evbuffer_copyout(channel->in, header, sizeof header) < (ev_ssize_t)sizeof header) {
        return false;
    }
    struct tri_reader reader = {.at = header, .left = sizeof header};
    uint32_t len = tri_get_u32(&reader), type = tri_get_u32(&reader);
    uint32_t node = tri_get_u32(&reader);

    if (len > TRI_WIRE_MAX_PAYLOAD) {
        lose(channel);
        return false;
    }
    if (evbuffer_get_length(channel->in) < sizeof header + len + 1) {
        return false;
    }
    evbuffer_drain(channel->in, sizeof header);
    reader.at = evbuffer_pullup(channel->in, (ev_ssize_t)len + 1);
    reader.left = len;
    bool good = reader.at[len] == TRI_WIRE_END &&
                channel->calls->message(channel->context, node, (enum tri_message)type, &reader);

    evbuffer_drain(channel->in, len + 1);
    if (!good) {
        lose(channel);
    }
    return good;
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
    struct tri_channel *channel = context;
    int got = evbuffer_read(channel->in, fd, 256 * 1024);

    (void)what;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    while (channel->open && (channel->text ? take_line(channel) : take_message(channel))) {
    }
    if (got <= 0) {
        lose(channel);
    }
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    struct tri_channel *channel = context;

    (void)what;
    if (evbuffer_write(channel->out, fd) < 0 && errno != EAGAIN && errno != EINTR) {
        lose(channel);
    } else if (evbuffer_get_length(channel->out) > 0) {
        event_add(channel->writable, NULL);
    }
}

struct tri_channel *tri_channel_new(struct event_base *base, int read_fd, int write_fd, bool text,
                                    const struct tri_channel_calls *calls, void *context)
{
    struct tri_channel *channel = tri_alloc(1, sizeof *channel);

    *channel = (struct tri_channel){.calls = calls, .context = context, .read_fd = read_fd,
                                    .write_fd = write_fd, .text = text, .open = true};
    tri_fd_prepare(read_fd, true);
    tri_fd_prepare(write_fd, true);
    channel->in = evbuffer_new();
    channel->out = evbuffer_new();
    channel->readable = event_new(base, read_fd, EV_READ | EV_PERSIST, on_readable, channel);
    channel->writable = event_new(base, write_fd, EV_WRITE, on_writable, channel);
    event_add(channel->readable, NULL);
    return channel;
}

void tri_channel_leave_text(struct tri_channel *channel)
{
    channel->text = false;
}

void tri_channel_send_raw(struct tri_channel *channel, const void *data, size_t len)
{
    if (channel->open) {
        evbuffer_add(channel->out, data, len);
        event_add(channel->writable, NULL);
    }
}

void tri_channel_send(struct tri_channel *channel, uint32_t node, enum tri_message type,
                      const struct tri_buffer *payload)
{
    struct tri_buffer header = {0};

    tri_put_u32(&header, (uint32_t)payload->len);
    tri_put_u32(&header, type);
    tri_put_u32(&header, node);
    tri_channel_send_raw(channel, header.data, header.len);
    tri_channel_send_raw(channel, payload->data, payload->len);
    tri_channel_send_raw(channel, &(char){TRI_WIRE_END}, 1);
    tri_buffer_free(&header);
}

void tri_channel_finish(struct tri_channel *channel)
{
    struct pollfd out = {.fd = channel->write_fd, .events = POLLOUT};

    while (channel->open && evbuffer_get_length(channel->out) > 0 && poll(&out, 1, 1000) > 0 &&
           evbuffer_write(channel->out, channel->write_fd) >= 0) {
    }
    shut(channel);
}
