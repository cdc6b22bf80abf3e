/* job.c: mprun's view of the whole job, driven by messages from the nodes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "job.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "children.h"
#include "job_internal.h"

/* How long the nodes may take to kill and clean up after a failure before mprun leaves anyway. */
static const struct timeval kill_limit = {.tv_sec = 5};
/* How long a reader that does not read can hold up the end of a failed job. */
static const struct timeval drain_limit = {.tv_usec = 500 * 1000};

void tri_job_fail(struct tri_job *job, int code, const char *format, ...)
{
    struct tri_buffer payload = {0};
    va_list args;
    char *line;

    if (job->failed) {
        return;
    }
    job->failed = true;
    job->exit_code = code;
    va_start(args, format);
    if (vasprintf(&line, format, args) >= 0) {
        tri_sink_say(job->sinks[1], line);
        free(line);
    }
    va_end(args);
    tri_put_u32(&payload, 0);
    tri_job_send_all(job, TRI_MSG_KILL, &payload);
    tri_buffer_free(&payload);
    event_add(job->deadline, &kill_limit);
    tri_job_check_end(job);
}

/* Everything has ended once no node has ranks, all output is written and all daemons have left. */
void tri_job_check_end(struct tri_job *job)
{
    bool gone = true;

    for (size_t i = 0; i < job->nnodes; i++) {
        enum tri_node_state state = job->nodes[i].state;

        if (state == TRI_NODE_RUNNING || (state == TRI_NODE_STARTING && !job->failed)) {
            return;
        }
        gone = gone && (state == TRI_NODE_UNUSED || state == TRI_NODE_GONE);
    }
    if (!job->mapped && !job->failed) {
        return;
    }
    if (!job->finishing) {
        job->finishing = true;
        tri_job_finish_links(job);
        if (job->failed) {
            event_add(job->deadline, &drain_limit);
        }
        return;
    }
    if (gone && (job->output_lost || (tri_sink_is_empty(job->sinks[0]) &&
                                      tri_sink_is_empty(job->sinks[1])))) {
        event_base_loopbreak(job->base);
    }
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    struct tri_job *job = context;

    (void)fd, (void)what;
    if (job->finishing) {
        job->output_lost = true;
        tri_job_check_end(job);
        return;
    }
    for (size_t i = 0; i < job->nnodes; i++) {
        if (job->nodes[i].state == TRI_NODE_RUNNING) {
            tri_say("node %s did not confirm that its processes have ended",
                    job->desc.nodes.items[i]);
        }
    }
    job->given_up = true;
    event_base_loopbreak(job->base);
}

static void on_timeout(evutil_socket_t fd, short what, void *context)
{
    struct tri_job *job = context;

    (void)fd, (void)what;
    tri_job_fail(job, TRI_EXIT_TIMEOUT, "the job ran longer than the %u s of --timeout",
                 job->options->timeout);
}

static void on_passed(void *context, uint32_t rank, uint32_t stream, size_t len)
{
    struct tri_job *job = context;
    struct tri_buffer payload = {0};
    struct tri_job_node *node = &job->nodes[job->desc.node_of[rank]];

    if (node->state == TRI_NODE_RUNNING) {
        tri_put_u32(&payload, rank);
        tri_put_u32(&payload, stream);
        tri_put_u32(&payload, (uint32_t)len);
        tri_job_send(job, job->desc.node_of[rank], TRI_MSG_ACK, &payload);
        tri_buffer_free(&payload);
    }
}

static void put_in_file(struct tri_job *job, uint32_t rank, uint32_t stream, const void *data,
                        size_t len)
{
    char *why = job->output_lost ? NULL : tri_files_put(job->files, rank, stream, data, len);

    if (why != NULL) {
        job->output_lost = true;
        tri_job_fail(job, TRI_EXIT_ERROR, "option --output-dir: %s", why);
        free(why);
    }
    on_passed(job, rank, stream, len);
}

static bool on_output(struct tri_job *job, struct tri_reader *reader)
{
    size_t len;
    uint32_t rank = tri_get_u32(reader), stream = tri_get_u32(reader);
    bool goes_on = tri_get_u32(reader) != 0;
    const void *data = tri_get_blob(reader, &len);

    if (reader->bad || rank >= job->desc.nranks || stream < 1 || stream > 2) {
        return false;
    }
    if (job->files != NULL) {
        put_in_file(job, rank, stream, data, len);
    } else {
        tri_sink_put(job->sinks[stream - 1], rank, data, len, goes_on);
    }
    return true;
}

static bool on_started(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    uint32_t rank = tri_get_u32(reader), pid = tri_get_u32(reader);
    char *binding = tri_get_string(reader);

    if (job->options->verbose && !reader->bad) {
        char *line = tri_format("rank %u on node %s: pid %u, %s", rank,
                                job->desc.nodes.items[node], pid, binding);

        tri_sink_say(job->sinks[1], line);
        free(line);
    }
    free(binding);
    return !reader->bad;
}

static bool on_failed(struct tri_job *job, struct tri_reader *reader)
{
    int code = (int)tri_get_u32(reader);
    char *why = tri_get_string(reader);

    if (!reader->bad) {
        tri_job_fail(job, code, "%s", why);
    }
    free(why);
    return !reader->bad;
}

static bool on_ready(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    if (job->nodes[node].state != TRI_NODE_STARTING) {
        return true;
    }
    job->machines[node] = tri_machine_get(reader);
    if (job->machines[node] == NULL) {
        return false;
    }
    job->nodes[node].state = TRI_NODE_READY;
    for (size_t i = 0; i < job->nnodes; i++) {
        if (job->nodes[i].state == TRI_NODE_STARTING) {
            return true;
        }
    }
    if (!job->failed) {
        tri_job_start_ranks(job);
        tri_job_check_end(job);
    }
    return true;
}

static bool on_text(struct tri_job *job, uint32_t node, enum tri_message type,
                    struct tri_reader *reader)
{
    char *text = tri_get_string(reader);

    if (!reader->bad && type == TRI_MSG_LOST) {
        tri_job_node_lost(job, node, text);
    } else if (!reader->bad) {
        tri_sink_say(job->sinks[1], text);
    }
    free(text);
    return !reader->bad;
}

bool tri_job_take(struct tri_job *job, uint32_t node, enum tri_message type,
                  struct tri_reader *reader)
{
    switch (type) {
    case TRI_MSG_READY:
        return on_ready(job, node, reader);
    case TRI_MSG_LOST:
    case TRI_MSG_NOTE:
        return on_text(job, node, type, reader);
    case TRI_MSG_STARTED:
        return on_started(job, node, reader);
    case TRI_MSG_OUTPUT:
        return on_output(job, reader);
    case TRI_MSG_TAKEN:
        tri_job_input_taken(job, node, tri_get_u32(reader));
        return !reader->bad;
    case TRI_MSG_MODEX_ASK:
        return tri_job_modex_ask(job, node, reader);
    case TRI_MSG_MODEX_GIVE:
        return tri_job_modex_give(job, node, reader);
    case TRI_MSG_EXIT:
        return tri_job_rank_exited(job, node, reader);
    case TRI_MSG_ABORT:
        return tri_job_rank_aborted(job, node, reader);
    case TRI_MSG_FAIL:
        return on_failed(job, reader);
    case TRI_MSG_IDLE:
        job->nodes[node].state = TRI_NODE_IDLE;
        tri_job_check_end(job);
        return true;
    default:
        return false;
    }
}

static void on_sink_failed(void *context, uint32_t stream, int error)
{
    const char *name = stream == 1 ? "standard output" : "standard error";

    if (error == EPIPE) {
        tri_job_fail(context, TRI_EXIT_SIGNAL + SIGPIPE, "%s was closed, the job is ended", name);
    } else {
        tri_job_fail(context, TRI_EXIT_ERROR, "cannot write to %s: %s", name, strerror(error));
    }
}

static void on_drained(void *context)
{
    struct tri_job *job = context;

    if (job->finishing) {
        tri_job_check_end(job);
    }
}

static void open_base(struct tri_job *job)
{
    static const struct tri_sink_calls sink_calls = {on_passed, on_sink_failed, on_drained};
    struct tri_line_style style = {.stamp = job->options->stamp, .tag = job->options->tag};

    job->base = event_base_new();
    if (job->base == NULL) {
        tri_die(TRI_EXIT_ERROR, "cannot start the event loop: %s", strerror(errno));
    }
    tri_children_init(job->base);
    tri_job_signals_init(job);
    job->sinks[0] = tri_sink_new(job->base, 1, &style, &sink_calls, job);
    job->sinks[1] = tri_sink_new(job->base, 2, &style, &sink_calls, job);
    if (job->options->output_dir != NULL) {
        job->files = tri_files_new(job->options->output_dir, &style);
    }
    job->deadline = evtimer_new(job->base, on_deadline, job);
    if (job->options->timeout > 0) {
        struct timeval limit = {.tv_sec = job->options->timeout};

        job->timeout = evtimer_new(job->base, on_timeout, job);
        event_add(job->timeout, &limit);
    }
}

int tri_job_run(struct tri_options *options)
{
    struct tri_job *job = tri_alloc(1, sizeof *job);

    job->options = options;
    job->nnodes = options->hosts.count;
    job->nodes = tri_alloc(job->nnodes, sizeof *job->nodes);
    job->machines = tri_alloc(job->nnodes, sizeof *job->machines);
    open_base(job);
    tri_job_open_links(job);
    event_base_dispatch(job->base);
    if (job->given_up) {
        tri_job_cut_links(job);
    }
    tri_sink_flush(job->sinks[0]);
    tri_sink_flush(job->sinks[1]);
    tri_sink_free(job->sinks[0]);
    tri_sink_free(job->sinks[1]);
    return job->exit_code;
}
