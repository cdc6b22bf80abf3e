/* Stands in for src/runtime: job, variables and messages to the user. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "standin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../collectives/select.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/log.h"
#include "../../src/runtime/variables.h"

struct tri_job tri_job;
static char algorithms[100];

/* ---- places ---- */

static struct tri_nodes nodes;
static int ranks, ranks_a_node;
static int *all_ranks; /* 0, 1, 2, ...: of which the ranks of a node are a part */

static void make_nodes(void)
{
    size_t bytes = (size_t)ranks * sizeof(int);
    nodes.count = (ranks - 1) / ranks_a_node + 1;
    nodes.most = TRI_MIN(ranks, ranks_a_node);
    nodes.even = ranks % nodes.most == 0;
    nodes.leaders = tri_memory_grow(nodes.leaders, bytes);
    nodes.node_of = tri_memory_grow(nodes.node_of, bytes);
    all_ranks = tri_memory_grow(all_ranks, bytes);
    for (int i = 0; i < ranks; i++) {
        all_ranks[i] = i;
        nodes.node_of[i] = i / ranks_a_node;
        nodes.leaders[i / ranks_a_node] = i - i % ranks_a_node;
    }
}

void sim_standin_place(int count, const struct sim_layout *layout)
{
    if (count != ranks || layout->ranks_a_node != ranks_a_node) {
        ranks = count;
        ranks_a_node = layout->ranks_a_node;
        make_nodes();
    }
    tri_job.size = ranks;
    tri_job.local_count = nodes.most;
    tri_job.cores = layout->cores_a_node ? layout->cores_a_node : tri_job.local_count;
    tri_job.oversubscribed = tri_job.local_count > tri_job.cores;
}

struct tri_nodes *sim_standin_nodes(void)
{
    return &nodes;
}

void sim_standin_be(int rank)
{
    int first = rank - rank % ranks_a_node;
    tri_job.rank = rank;
    nodes.node = rank / ranks_a_node;
    nodes.own = rank - first;
    nodes.locals = all_ranks + first;
    nodes.local_count = TRI_MIN(ranks_a_node, ranks - first);
}

void sim_standin_end(void)
{
    free(nodes.leaders);
    free(nodes.node_of);
    free(all_ranks);
    nodes.leaders = nodes.node_of = all_ranks = NULL;
    ranks = 0;
}

int tri_job_node_of(int rank)
{
    return rank / ranks_a_node;
}

bool tri_job_is_local(int rank)
{
    return tri_job_node_of(rank) == nodes.node;
}

/* ---- variables ---- */

void sim_standin_force(const struct tri_algorithm *algorithm)
{
    static const struct tri_algorithm *forced;
    static bool read;
    if (read && algorithm == forced) {
        return;
    }
    *algorithms = '\0';
    if (algorithm) {
        snprintf(algorithms, sizeof algorithms, "%s=%s", tri_collective_names[algorithm->operation], algorithm->name);
    }
    if (tri_select_start()) {
        exit(SIM_EXIT_FAILED);
    }
    forced = algorithm;
    read = true;
}

const char *tri_variable_text(enum tri_variable_id id)
{
    return id == TRI_VAR_ALGORITHMS ? algorithms : "";
}

int64_t tri_variable_number(enum tri_variable_id id)
{
    return id == TRI_VAR_BOARD;
}

/* ---- messages ---- */

static void say(const char *format, va_list args)
{
    fputs("mpsim: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void tri_log_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void tri_log_note(const char *format, ...)
{
    (void)format;
}

void tri_log_fatal(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    exit(code);
}

void sim_die(int code, const char *format, ...)
{
    va_list args;
    fflush(stdout);
    va_start(args, format);
    say(format, args);
    exit(code);
}
