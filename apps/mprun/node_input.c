/* node_input.c: hands stdin data to rank 0 as fast as that takes it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "node_internal.h"

static void close_input(struct tri_node *node)
{
    if (node->input_fd >= 0) {
        event_free(node->input_event);
        close(node->input_fd);
        evbuffer_free(node->input);
        node->input_fd = -1;
    }
}

/* mprun reads on only as bytes are taken, so what a program does not read stays in mprun's stdin,
 * but for a few kilobytes. */
static void tell_taken(struct tri_node *node, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, (uint32_t)len);
    tri_node_send(node, TRI_MSG_TAKEN, &payload);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    struct tri_node *node = context;

    (void)what;
    if (evbuffer_get_length(node->input) > 0) {
        int written = evbuffer_write(node->input, fd);

        if (written < 0 && errno != EAGAIN && errno != EINTR) {
            close_input(node); /* rank 0 closed its stdin */
            return;
        }
        if (written > 0) {
            tell_taken(node, (size_t)written);
        }
    }
    if (evbuffer_get_length(node->input) > 0) {
        event_add(node->input_event, NULL);
    } else if (node->input_ended) {
        close_input(node);
    }
}

void tri_input_open(struct tri_node *node, int fd)
{
    tri_fd_prepare(fd, true);
    fcntl(fd, F_SETPIPE_SZ, 4096);
    node->input_fd = fd;
    node->input = evbuffer_new();
    node->input_event = event_new(node->base, fd, EV_WRITE, on_writable, node);
}

void tri_input_give(struct tri_node *node, const void *data, size_t len)
{
    if (node->input_fd < 0) {
        return;
    }
    if (len == 0) {
        node->input_ended = true;
    } else {
        evbuffer_add(node->input, data, len);
    }
    event_add(node->input_event, NULL);
}
