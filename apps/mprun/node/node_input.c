/* node_input.c: hands stdin data to the ranks that read it, as fast as the slowest takes it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "node_internal.h"

static void send_taken(struct tri_node *node, uint32_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, len);
    tri_node_send(node, TRI_MSG_TAKEN, &payload);
}

/* mprun reads on only as bytes are taken, so what a program does not read stays in mprun's stdin,
 * but for a few kilobytes. */
static void tell_taken(struct tri_node *node)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < node->nlocals; i++) {
        const struct tri_input *input = &node->locals[i].in;

        if (input->fd >= 0 && input->taken < least) {
            least = input->taken;
        }
    }
    if (least == UINT64_MAX && !node->input_unread) {
        node->input_unread = true;
        send_taken(node, TRI_INPUT_UNREAD);
    } else if (least != UINT64_MAX && least > node->input_told) {
        send_taken(node, (uint32_t)(least - node->input_told));
        node->input_told = least;
    }
}

static void close_input(struct tri_input *input)
{
    event_free(input->event);
    close(input->fd);
    evbuffer_free(input->data);
    input->fd = -1;
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    struct tri_input *input = context;

    (void)what;
    if (evbuffer_get_length(input->data) > 0) {
        int written = evbuffer_write(input->data, fd);

        if (written < 0 && errno != EAGAIN && errno != EINTR) {
            close_input(input); /* the rank closed its stdin */
            tell_taken(input->node);
            return;
        }
        input->taken += written > 0 ? (uint64_t)written : 0;
        tell_taken(input->node);
    }
    if (evbuffer_get_length(input->data) > 0) {
        event_add(input->event, NULL);
    } else if (input->node->input_ended) {
        close_input(input);
    }
}

void tri_input_open(struct tri_input *input, struct tri_node *node, int fd)
{
    tri_fd_prepare(fd, true);
    fcntl(fd, F_SETPIPE_SZ, 4096);
    *input = (struct tri_input){.node = node, .fd = fd, .data = evbuffer_new()};
    input->event = event_new(node->base, fd, EV_WRITE, on_writable, input);
}

void tri_input_give(struct tri_node *node, const void *data, size_t len)
{
    node->input_ended = node->input_ended || len == 0;
    for (uint32_t i = 0; i < node->nlocals; i++) {
        struct tri_input *input = &node->locals[i].in;

        if (input->fd >= 0) {
            evbuffer_add(input->data, data, len);
            event_add(input->event, NULL);
        }
    }
}
