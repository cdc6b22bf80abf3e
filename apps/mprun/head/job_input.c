/* job_input.c: passes mprun's stdin to the ranks that read it, no faster than the slowest takes it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <unistd.h>

#include "job_internal.h"

/* What a rank never reads should stay where it was: we begin with little and let the window grow
 * as bytes are really taken. */
enum { FIRST_WINDOW = 4 * 1024, LAST_WINDOW = 256 * 1024, CHUNK = 64 * 1024 };

static void send_data(struct tri_job *job, const void *data, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_blob(&payload, data, len);
    if (job->desc.reader == TRI_READER_ALL) {
        tri_job_send_all(job, TRI_MSG_STDIN, &payload);
    } else {
        tri_job_send(job, job->desc.node_of[job->desc.reader], TRI_MSG_STDIN, &payload);
    }
    tri_buffer_free(&payload);
}

/* What the slowest node has taken; UINT64_MAX when nobody reads. */
static uint64_t least_taken(const struct tri_job *job)
{
    uint64_t least = UINT64_MAX;

    for (size_t node = 0; node < job->nnodes; node++) {
        least = job->input.taken[node] < least ? job->input.taken[node] : least;
    }
    return least;
}

/* How much the slowest node may still get. */
static size_t room_for(const struct tri_job *job)
{
    const struct tri_job_input *input = &job->input;
    uint64_t least = least_taken(job);
    size_t under_way = least < input->sent ? (size_t)(input->sent - least) : 0;

    return least == UINT64_MAX || under_way > input->window ? 0 : input->window - under_way;
}

static void wait_for_more(struct tri_job *job)
{
    static const struct timeval now = {0};
    struct tri_job_input *input = &job->input;

    if (!input->ended && room_for(job) > 0) {
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
    size_t most = room_for(job);

    (void)what;
    if (most == 0) {
        return; /* whoever read has closed its stdin meanwhile */
    }
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
    input->sent += got > 0 ? (uint64_t)got : 0;
    wait_for_more(job);
}

void tri_job_input_start(struct tri_job *job)
{
    struct tri_job_input *input = &job->input;

    input->window = FIRST_WINDOW;
    input->taken = tri_alloc(job->nnodes, sizeof *input->taken);
    for (size_t node = 0; node < job->nnodes; node++) {
        input->taken[node] = UINT64_MAX;
    }
    for (uint32_t rank = 0; rank < job->desc.nranks; rank++) {
        if (tri_jobdesc_reads(&job->desc, rank)) {
            input->taken[job->desc.node_of[rank]] = 0;
        }
    }
    input->can_wait = tri_fd_can_wait(STDIN_FILENO);
    input->event = event_new(job->base, STDIN_FILENO, input->can_wait ? EV_READ : 0, on_readable,
                             job);
    wait_for_more(job);
}

void tri_job_input_taken(struct tri_job *job, uint32_t node, uint32_t len)
{
    struct tri_job_input *input = &job->input;

    if (input->event == NULL || input->taken[node] == UINT64_MAX) {
        return;
    }
    uint64_t before = least_taken(job);

    input->taken[node] = len == TRI_INPUT_UNREAD ? UINT64_MAX : input->taken[node] + len;
    if (len != TRI_INPUT_UNREAD && least_taken(job) > before && input->window < LAST_WINDOW) {
        input->window *= 2;
    }
    wait_for_more(job);
}
