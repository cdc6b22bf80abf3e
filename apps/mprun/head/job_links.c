/* job_links.c: mprun's links to its own node part and to the first daemons of the tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job_internal.h"
#include "map.h"

void tri_job_send(struct tri_job *job, uint32_t node, enum tri_message type,
                  const struct tri_buffer *payload)
{
    if (job->nodes[node].link != NULL && job->nodes[node].state != TRI_NODE_GONE) {
        tri_link_send(job->nodes[node].link, node, type, payload);
    }
}

/* Daemons hand it on to each other, so that mprun sends few messages. Nodes without ranks ignore
 * it. */
void tri_job_send_all(struct tri_job *job, enum tri_message type,
                      const struct tri_buffer *payload)
{
    for (uint32_t i = 0; i < job->nlinks; i++) {
        if (job->nodes[job->links[i]->node].state != TRI_NODE_GONE) {
            tri_link_send(job->links[i], TRI_NODE_ALL, type, payload);
        }
    }
}

static bool is_below(const struct tri_job *job, uint32_t node, uint32_t above)
{
    while (node != above && job->nodes[node].above != node) {
        node = job->nodes[node].above;
    }
    return node == above;
}

void tri_job_node_lost(struct tri_job *job, uint32_t lost, const char *why)
{
    for (uint32_t node = 0; node < job->nnodes; node++) {
        if (job->nodes[node].link != NULL && is_below(job, node, lost)) {
            job->nodes[node].state = TRI_NODE_GONE;
        }
    }
    tri_job_fail(job, TRI_EXIT_ERROR, "%s", why);
    tri_job_check_end(job);
}

static bool on_message(void *context, struct tri_link *link, uint32_t node,
                       enum tri_message type, struct tri_reader *reader)
{
    struct tri_job *job = context;

    if (node >= job->nnodes || job->nodes[node].link != link) {
        return false;
    }
    if (type == TRI_MSG_FENCE) {
        return tri_job_fence(job, link, reader);
    }
    return job->nodes[node].state == TRI_NODE_GONE || tri_job_take(job, node, type, reader);
}

static void on_lost(void *context, struct tri_link *link, const char *why)
{
    tri_job_node_lost(context, link->node, why);
}

static void on_finished(void *context, struct tri_link *link)
{
    struct tri_job *job = context;

    for (uint32_t node = 0; node < job->nnodes; node++) {
        if (job->nodes[node].link == link) {
            job->nodes[node].state = TRI_NODE_GONE;
        }
    }
    tri_job_check_end(job);
}

static void on_note(void *context, const char *text)
{
    tri_sink_say(((struct tri_job *)context)->sinks[1], text);
}

static const struct tri_link_calls link_calls = {on_message, on_lost, on_finished, on_note};

void tri_job_finish_links(struct tri_job *job)
{
    for (uint32_t i = 0; i < job->nlinks; i++) {
        if (job->nodes[job->links[i]->node].state != TRI_NODE_GONE) {
            tri_link_finish(job->links[i]);
        }
    }
}

void tri_job_cut_links(struct tri_job *job)
{
    for (uint32_t i = 0; i < job->nlinks; i++) {
        tri_link_cut(job->links[i]);
    }
}

/* The daemon that belongs to this mprun is beside it, also on other nodes. */
static char *daemon_dir(const struct tri_options *options)
{
    if (options->prefix != NULL) {
        return tri_format("%s/bin", options->prefix);
    }
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len <= 0) {
        return tri_copy("");
    }
    self[len] = '\0';
    *strrchr(self, '/') = '\0';
    return tri_copy(self);
}

static void describe_launch(struct tri_job *job)
{
    const struct tri_options *options = job->options;

    job->launch = (struct tri_launch){.agent = options->agent, .dir = daemon_dir(options),
                                      .fanout = options->fanout,
                                      .timeout = options->launch_timeout,
                                      .heartbeat = options->heartbeat,
                                      .verbose = options->verbose};
    tri_job_collect_env(job, &job->launch.env);
}

static void add_link(struct tri_job *job, struct tri_link *link)
{
    job->links = tri_regrow(job->links, job->nlinks + 1, sizeof *job->links);
    job->links[job->nlinks++] = link;
}

static void open_local(struct tri_job *job, uint32_t node)
{
    job->topo = tri_topology_load();
    if (job->topo == NULL) {
        tri_die(TRI_EXIT_ERROR, "hwloc cannot read the cores of this node");
    }
    job->member_of[node] = job->nlinks;
    add_link(job, tri_link_open_local(job->base, job->topo, node, &link_calls, job));
    job->nodes[node].link = job->links[job->nlinks - 1];
    job->nodes[node].above = node;
}

static void open_remote(struct tri_job *job)
{
    struct tri_branch *branch = &job->branch;
    uint32_t children = tri_branch_children(branch, job->launch.fanout);
    uint32_t *above = tri_alloc(job->nnodes, sizeof *above);

    tri_branch_note(branch, job->launch.fanout, TRI_NODE_ALL, above);
    for (uint32_t i = 0; i < children; i++) {
        uint32_t begin = tri_branch_begin(branch, children, i);
        uint32_t end = tri_branch_begin(branch, children, i + 1);
        struct tri_link *link =
            tri_link_open_remote(job->base, &job->launch, branch, begin, end, &link_calls, job);

        for (uint32_t k = begin; k < end; k++) {
            uint32_t node = branch->nodes[k];

            job->nodes[node].link = link;
            job->nodes[node].above = k == begin ? node : above[node];
            job->member_of[node] = job->nlinks;
        }
        add_link(job, link);
    }
    free(above);
}

void tri_job_open_links(struct tri_job *job)
{
    bool *needed = tri_alloc(job->nnodes, sizeof *needed);

    describe_launch(job);
    tri_map_needed(job->options, needed);
    job->member_of = tri_alloc(job->nnodes, sizeof *job->member_of);
    for (uint32_t i = 0; i < job->nnodes; i++) {
        const struct tri_host *host = &job->options->hosts.items[i];

        tri_strings_add(&job->desc.nodes, host->name);
        job->member_of[i] = TRI_ELSEWHERE;
        if (!needed[i]) {
            continue;
        }
        job->nodes[i].state = TRI_NODE_STARTING;
        if (host->local) {
            open_local(job, i);
        } else {
            tri_branch_add(&job->branch, i, host->name);
        }
    }
    open_remote(job);
    free(needed);
}
