/* job_input.c: passes mprun's stdin to rank 0 no faster than rank 0 takes it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <unistd.h>

#include "job_internal.h"

/* What rank 0 never reads should stay where it was: we begin with little and let the window grow
 * as bytes are really taken. */
enum { FIRST_WINDOW = 4 * 1024, LAST_WINDOW = 256 * 1024, CHUNK = 64 * 1024 };

static void send_data(struct tri_job *job, const void *data, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_blob(&payload, data, len);
    tri_job_send(job, job->desc.node_of[0], TRI_MSG_STDIN, &payload);
    tri_buffer_free(&payload);
}

static void wait_for_more(struct tri_job_input *input)
{
    static const struct timeval now = {0};

    if (!input->ended && input->sent < input->window) {
        event_add(input->event, input->can_wait ? NULL : &now);
    }
}

/* In the background a terminal is not ours to read; look again later. */
static void retry_later(struct tri_job_input *input)
{
    static const struct timeval pause = {.tv_usec = 300 * 1000};

    event_add(input->event, &pause);
}

static bool in_background(void)
{
    pid_t foreground = tcgetpgrp(STDIN_FILENO);

    return foreground > 0 && foreground != getpgrp();
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
    struct tri_job *job = context;
    struct tri_job_input *input = &job->input;
    static char data[CHUNK];
    size_t most = input->window - input->sent;

    (void)what;
    if (in_background()) {
        event_del(input->event);
        retry_later(input);
        return;
    }
    ssize_t got = read(fd, data, most < sizeof data ? most : sizeof data);

    if (got < 0 && (errno == EAGAIN || errno == EINTR || errno == EIO)) {
        retry_later(input);
        return;
    }
    input->ended = got <= 0;
    send_data(job, data, got > 0 ? (size_t)got : 0);
    input->sent += got > 0 ? (size_t)got : 0;
    wait_for_more(input);
}

void tri_job_input_start(struct tri_job *job)
{
    struct tri_job_input *input = &job->input;

    input->window = FIRST_WINDOW;
    input->can_wait = tri_fd_can_wait(STDIN_FILENO);
    input->event = event_new(job->base, STDIN_FILENO, input->can_wait ? EV_READ : 0, on_readable,
                             job);
    wait_for_more(input);
}

void tri_job_input_taken(struct tri_job *job, size_t len)
{
    struct tri_job_input *input = &job->input;

    if (input->event == NULL) {
        return;
    }
    input->sent -= len < input->sent ? len : input->sent;
    if (input->window < LAST_WINDOW) {
        input->window *= 2;
    }
    wait_for_more(input);
}
