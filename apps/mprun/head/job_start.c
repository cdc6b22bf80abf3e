/* job_start.c: describes the job to its nodes once all of them are ready. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "children.h"
#include "job_internal.h"
#include "place_job.h"
#include "place_message.h"

static void put_first(struct tri_strings *env, const char *name, const char *prefix,
                      const char *dir)
{
    const char *old = tri_strings_getenv(env, name);
    char *list = tri_format("%s/%s%s%s", prefix, dir, old != NULL && old[0] ? ":" : "",
                            old != NULL ? old : "");

    tri_strings_setenv(env, name, list);
    free(list);
}

/* Variables that ranks on other nodes get from here; the rest of their environment is that of the
 * node. */
void tri_job_collect_env(const struct tri_job *job, struct tri_strings *env)
{
    static const char *const names[] = {"TRIREME_", "PMIX_", "OMP_", "LD_LIBRARY_PATH=", "PATH="};

    for (char **entry = environ; *entry != NULL; entry++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strncmp(*entry, names[i], strlen(names[i])) == 0) {
                tri_strings_add(env, *entry);
            }
        }
    }
    if (job->options->prefix != NULL) {
        put_first(env, "PATH", job->options->prefix, "bin");
        put_first(env, "LD_LIBRARY_PATH", job->options->prefix, "lib");
    }
}

static char *new_nspace(void)
{
    uint32_t salt = 0;

    if (getrandom(&salt, sizeof salt, 0) < 0) {
        salt = (uint32_t)getpid();
    }
    return tri_format("trireme-%s-%d-%08x", tri_own_name(), (int)getpid(), salt);
}

void tri_job_name_parts(const struct tri_options *options, struct tri_jobdesc *desc)
{
    for (uint32_t i = 0; i < desc->napps; i++) {
        const struct tri_request *request = &options->requests[i];

        desc->apps[i].argv = request->argv;
        desc->apps[i].env = request->env;
        desc->apps[i].dir = request->dir;
        desc->apps[i].pset = request->pset;
        desc->apps[i].path = request->path;
    }
}

/* Returns false when the job cannot be had as the user wants it; it has failed then. */
static bool describe_job(struct tri_job *job)
{
    struct tri_jobdesc *desc = &job->desc;
    char *why = tri_place_job(job->options, job->machines, desc, &job->layout);

    tri_job_name_parts(job->options, desc);
    desc->nspace = new_nspace();
    if (why == NULL) {
        why = tri_place_show(job->options, job->machines, desc, &job->layout);
    }
    if (why != NULL) {
        tri_job_fail(job, TRI_EXIT_USAGE, "%s", why);
        free(why);
        return false;
    }
    return true;
}

/* A terminal is read by mprun: ranks are in process groups of their own, in the background. */
static enum tri_stdin choose_input(const struct tri_job *job)
{
    uint32_t reader = job->options->reader;

    if (reader == TRI_READER_NONE || reader == TRI_READER_ALL) {
        return reader == TRI_READER_NONE ? TRI_STDIN_NONE : TRI_STDIN_RELAY;
    }
    bool here = job->options->hosts.items[job->desc.node_of[reader]].local;

    return here && !isatty(STDIN_FILENO) ? TRI_STDIN_DIRECT : TRI_STDIN_RELAY;
}

static void send_places(struct tri_job *job, uint32_t node)
{
    struct tri_buffer payload = {0};

    tri_berths_put(&payload, &job->layout, node, job->machines[node],
                   tri_policy_takes_threads(&job->options->policy));
    tri_job_send(job, node, TRI_MSG_PLACE, &payload);
    tri_buffer_free(&payload);
}

/* What can be said only now that the number of ranks is known. */
static bool check_options(struct tri_job *job)
{
    uint32_t reader = job->options->reader;

    if (reader < TRI_READER_NONE && reader >= job->desc.nranks) {
        tri_job_fail(job, TRI_EXIT_USAGE, "option --stdin: there is no rank %u, only %u ranks",
                     reader, job->desc.nranks);
    } else if (job->files != NULL) {
        char *why = tri_files_create(job->files, job->desc.nranks);

        if (why != NULL) {
            tri_job_fail(job, TRI_EXIT_ERROR, "option --output-dir: %s", why);
        }
        free(why);
    }
    return !job->failed;
}

/* The same for all nodes behind a link. */
static void send_job(struct tri_job *job, struct tri_link *link,
                     const struct tri_strings *remote_env)
{
    struct tri_buffer payload = {0};
    struct tri_jobdesc copy = job->desc;

    if (!job->options->hosts.items[link->node].local) {
        copy.env = *remote_env;
    }
    tri_jobdesc_put(&payload, &copy);
    tri_link_send(link, TRI_NODE_ALL, TRI_MSG_JOB, &payload);
    tri_buffer_free(&payload);
}

/* Orphans in this process may then be the agent's; the ranks' are told by their environment. */
static void spare_agents(const struct tri_job *job)
{
    bool any_remote = false;

    for (size_t i = 0; i < job->nnodes; i++) {
        any_remote = any_remote || (job->nodes[i].state != TRI_NODE_UNUSED &&
                                    !job->options->hosts.items[i].local);
    }
    if (any_remote) {
        char *entry = tri_format("PMIX_NAMESPACE=%s", job->desc.nspace);

        tri_children_only_with(entry);
        free(entry);
    }
}

void tri_job_start_ranks(struct tri_job *job)
{
    struct tri_strings remote_env = {0};

    if (!describe_job(job)) {
        return;
    }
    job->mapped = true;
    if (job->options->dry_run || !check_options(job)) {
        return;
    }
    job->desc.reader = job->options->reader;
    job->desc.input = choose_input(job);
    job->desc.prompts = isatty(STDIN_FILENO);
    job->desc.verbose = job->options->verbose;
    tri_job_collect_env(job, &remote_env);
    tri_job_exchange_init(job);
    for (uint32_t rank = 0; rank < job->desc.nranks; rank++) {
        job->nodes[job->desc.node_of[rank]].state = TRI_NODE_RUNNING;
    }
    for (uint32_t node = 0; node < job->nnodes; node++) {
        if (job->nodes[node].state == TRI_NODE_RUNNING) {
            send_places(job, node);
        }
    }
    for (uint32_t i = 0; i < job->nlinks; i++) {
        send_job(job, job->links[i], &remote_env);
    }
    tri_strings_clear(&remote_env);
    spare_agents(job);
    if (job->desc.input == TRI_STDIN_RELAY) {
        tri_job_input_start(job);
    }
}
