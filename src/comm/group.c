/* Groups. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/job.h"

static struct tri_pool pool = {.kind = TRI_GROUP, .size = sizeof(struct tri_group)};
static struct tri_group empty = {.object = {.kind = TRI_GROUP, .references = 1},
                                 .handle = MPI_GROUP_EMPTY,
                                 .rank = MPI_UNDEFINED,
                                 .predefined = true};

void tri_group_end(void)
{
    tri_pool_end(&pool);
}

struct tri_group *tri_group_get(MPI_Group handle)
{
    if (handle == MPI_GROUP_EMPTY) {
        return &empty;
    }
    return tri_object_is(handle, TRI_GROUP) ? (struct tri_group *)(void *)handle : NULL;
}

struct tri_group *tri_group_make(const int *processes, int size)
{
    if (size == 0) {
        return &empty;
    }
    struct tri_group *group = tri_pool_take(&pool);
    group->handle = (MPI_Group)(void *)group;
    group->predefined = false;
    group->session = NULL;
    group->size = size;
    group->processes = tri_memory_take((size_t)size * sizeof *group->processes);
    memcpy(group->processes, processes, (size_t)size * sizeof *group->processes);
    group->rank = tri_group_rank_of(group, tri_job.rank);
    return group;
}

void tri_group_inherit(struct tri_group *group, const struct tri_group *from)
{
    if (!group->predefined) {
        group->session = from->session;
    }
}

struct tri_group *tri_group_concat(const struct tri_group *left, const struct tri_group *right)
{
    int *processes = tri_memory_take((size_t)(left->size + right->size) * sizeof *processes);
    memcpy(processes, left->processes, (size_t)left->size * sizeof *processes);
    memcpy(processes + left->size, right->processes, (size_t)right->size * sizeof *processes);
    struct tri_group *both = tri_group_make(processes, left->size + right->size);
    free(processes);
    tri_group_inherit(both, left->session ? left : right);
    return both;
}

struct tri_group *tri_group_join(const struct tri_group *group, const struct tri_group *other)
{
    return group->processes[0] < other->processes[0] ? tri_group_concat(group, other) : tri_group_concat(other, group);
}

void tri_group_hold(struct tri_group *group)
{
    group->object.references += !group->predefined;
}

void tri_group_release(struct tri_group *group)
{
    if (group->predefined || --group->object.references > 0) {
        return;
    }
    free(group->processes);
    tri_pool_give(&pool, group);
}

int tri_group_rank_of(const struct tri_group *group, int process)
{
    /* In most groups a process stands near its rank in the job, or not far before. */
    if (process < group->size && group->processes[process] == process) {
        return process;
    }
    for (int i = 0; i < group->size; i++) {
        if (group->processes[i] == process) {
            return i;
        }
    }
    return MPI_UNDEFINED;
}

int tri_group_compare(const struct tri_group *left, const struct tri_group *right)
{
    if (left->size != right->size) {
        return MPI_UNEQUAL;
    }
    if (left->size == 0 || !memcmp(left->processes, right->processes, (size_t)left->size * sizeof *left->processes)) {
        return MPI_IDENT;
    }
    for (int i = 0; i < left->size; i++) {
        if (tri_group_rank_of(right, left->processes[i]) == MPI_UNDEFINED) {
            return MPI_UNEQUAL;
        }
    }
    return MPI_SIMILAR;
}
