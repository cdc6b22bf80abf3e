/* Communicators. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "comm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../collectives/collectives.h"
#include "../p2p/p2p.h"
#include "../runtime/job.h"
#include "../topology/topology.h"
#include "nodes.h"

struct tri_comm tri_comm_world, tri_comm_self;

static struct tri_pool pool = {.kind = TRI_COMM, .size = sizeof(struct tri_comm)};

/* Other threads may be in that lane. */
static struct tri_match *match_in(unsigned lane, uint32_t context)
{
    struct tri_lane_hold before = tri_lane_mine;
    tri_lane_visit(lane);
    struct tri_match *match = tri_match_make(lane, context);
    tri_lane_return_to(before);
    return match;
}

/* Everything but the object header and the handle. */
static void fill(struct tri_comm *comm, struct tri_group *group, uint32_t context, unsigned lane,
                 struct tri_errhandler *errhandler)
{
    comm->lane = lane;
    comm->messages = 0;
    comm->context = context;
    comm->collective_context = context | TRI_CONTEXT_COLLECTIVE;
    comm->group = group;
    comm->remote = NULL;
    comm->local = comm->bridge = NULL;
    comm->processes = group->processes;
    comm->rank = comm->source = group->rank;
    comm->size = comm->peers = group->size;
    comm->match = match_in(lane, context);
    comm->collective_match = tri_match_make(0, comm->collective_context);
    comm->errhandler = errhandler;
    comm->bsend = NULL;
    comm->collectives = comm->persistents = 0;
    comm->nodes = NULL;
    comm->asked = comm->boards = comm->readable = false;
    comm->board = NULL;
    memset(comm->plans, 0, sizeof comm->plans);
    comm->fixed_tag = TRI_TAGS_RUNNING;
    comm->hints = 0;
    comm->topology = NULL;
    comm->resource = NULL;
    comm->window = MPI_WIN_NULL;
    comm->inner = false;
    comm->attributes = (struct tri_attributes){NULL};
    *comm->name = '\0';
}

static void start_predefined(struct tri_comm *comm, MPI_Comm handle, struct tri_group *group, uint32_t context,
                             const char *name)
{
    *comm = (struct tri_comm){.object = {.kind = TRI_COMM, .references = 1}, .handle = handle};
    /* MPI 5.0, 9.3: errors are fatal until the program says otherwise. */
    fill(comm, group, context, 0, tri_errhandler_get(MPI_ERRORS_ARE_FATAL));
    strcpy(comm->name, name);
}

void tri_comm_start(void)
{
    int *processes = tri_memory_take((size_t)tri_job.size * sizeof *processes);
    for (int i = 0; i < tri_job.size; i++) {
        processes[i] = i;
    }
    start_predefined(&tri_comm_world, MPI_COMM_WORLD, tri_group_make(processes, tri_job.size), TRI_CONTEXT_WORLD,
                     "MPI_COMM_WORLD");
    start_predefined(&tri_comm_self, MPI_COMM_SELF, tri_group_make(&tri_job.rank, 1), TRI_CONTEXT_SELF,
                     "MPI_COMM_SELF");
    free(processes);
}

void tri_comm_end(void)
{
    struct tri_comm *predefined[] = {&tri_comm_world, &tri_comm_self};
    for (size_t i = 0; i < TRI_COUNT_OF(predefined); i++) {
        tri_group_release(predefined[i]->group);
        tri_errhandler_release(predefined[i]->errhandler);
        predefined[i]->errhandler = NULL;
        free(predefined[i]->bsend);
        tri_collective_end_comm(predefined[i]);
        tri_nodes_free(predefined[i]->nodes);
        predefined[i]->object.kind = TRI_FREED;
    }
    tri_pool_end(&pool);
}

static struct tri_comm *take(void)
{
    struct tri_comm *comm = tri_pool_take(&pool);
    comm->handle = (MPI_Comm)(void *)comm;
    return comm;
}

static struct tri_comm *make_in(unsigned lane, struct tri_group *group, uint32_t context,
                                struct tri_errhandler *errhandler)
{
    struct tri_comm *comm = take();
    tri_errhandler_hold(errhandler);
    fill(comm, group, context, lane, errhandler);
    return comm;
}

struct tri_comm *tri_comm_make(struct tri_group *group, uint32_t context, struct tri_errhandler *errhandler)
{
    return make_in(tri_p2p_choose_lane(context, group->processes, group->size), group, context, errhandler);
}

struct tri_comm *tri_comm_make_inner(struct tri_group *group, uint32_t collective_context, int fixed_tag)
{
    struct tri_comm *comm = take();
    fill(comm, group, collective_context, 0, NULL);
    comm->collective_context = collective_context;
    comm->collective_match = comm->match;
    comm->fixed_tag = fixed_tag;
    comm->source = tri_comm_source_of(comm, comm->rank);
    comm->inner = true;
    return comm;
}

struct tri_comm *tri_comm_make_inter(struct tri_group *group, struct tri_group *remote, uint32_t context,
                                     struct tri_errhandler *errhandler)
{
    struct tri_comm *comm = make_in(0, group, context, errhandler);
    comm->remote = remote;
    comm->processes = remote->processes;
    comm->peers = remote->size;
    tri_group_hold(group);
    comm->local = tri_comm_make_inner(group, context | TRI_CONTEXT_COLLECTIVE, TRI_TAGS_RUNNING);
    comm->bridge = tri_comm_make_inner(tri_group_join(group, remote), context | TRI_CONTEXT_GROUP, TRI_TAGS_RUNNING);
    return comm;
}

static void release_inter(struct tri_comm *comm)
{
    tri_comm_release(comm->local);
    tri_comm_release(comm->bridge);
    tri_group_release(comm->remote);
}

static void drop_matches(struct tri_comm *comm)
{
    for (uint32_t kind = 0; kind < TRI_CONTEXT_STEP; kind++) {
        tri_match_drop(0, comm->context | kind);
    }
    if (comm->lane) {
        struct tri_lane_hold before = tri_lane_mine;
        tri_lane_visit(comm->lane);
        tri_match_drop(comm->lane, comm->context);
        tri_lane_return_to(before);
    }
}

static void end(void *object)
{
    struct tri_comm *comm = object;
    if (comm->remote) {
        release_inter(comm);
    }
    if (!comm->inner) {
        drop_matches(comm);
        tri_context_free(comm->context);
        tri_errhandler_release(comm->errhandler);
    }
    tri_collective_end_comm(comm);
    tri_nodes_free(comm->nodes);
    /* An attached buffer is the program's again at once: copies of messages lie elsewhere. */
    free(comm->bsend);
    tri_group_release(comm->group);
    tri_attributes_drop(&comm->attributes);
    tri_topology_release(comm->topology);
    tri_pool_give(&pool, comm);
}

void tri_comm_release(struct tri_comm *comm)
{
    if (tri_object_drop(&comm->object) == 0) {
        tri_lane_in_first(end, comm);
    }
}

const char *tri_comm_name(const struct tri_comm *comm)
{
    static TRI_THREAD_LOCAL char text[40];
    if (*comm->name) {
        return comm->name;
    }
    snprintf(text, sizeof text, "%s %u", comm->window == MPI_WIN_NULL ? "communicator" : "window",
             comm->context / TRI_CONTEXT_STEP);
    return text;
}
