/* Groups (MPI 5.0, 7.3). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "api.h"

TRI_API(Group_size)(MPI_Group group, int *size)
{
    TRI_TAKE_GROUP(of, group);
    TRI_CHECK_POINTER(NULL, size);
    *size = of->size;
    return MPI_SUCCESS;
}

TRI_API(Group_rank)(MPI_Group group, int *rank)
{
    TRI_TAKE_GROUP(of, group);
    TRI_CHECK_POINTER(NULL, rank);
    *rank = of->rank;
    return MPI_SUCCESS;
}

TRI_API(Group_translate_ranks)(MPI_Group group1, int n, const int ranks1[], MPI_Group group2, int ranks2[])
{
    TRI_TAKE_GROUP(from, group1);
    TRI_TAKE_GROUP(to, group2);
    TRI_CHECK(n >= 0, NULL, MPI_ERR_ARG, "n is %d, which is negative", n);
    TRI_CHECK(n == 0 || (ranks1 && ranks2), NULL, MPI_ERR_ARG, "an array of ranks is NULL");
    for (int i = 0; i < n; i++) {
        if (ranks1[i] == MPI_PROC_NULL) {
            ranks2[i] = MPI_PROC_NULL;
            continue;
        }
        TRI_CHECK(ranks1[i] >= 0 && ranks1[i] < from->size, NULL, MPI_ERR_RANK,
                  "entry %d is rank %d, but the group has ranks 0 to %d", i, ranks1[i], from->size - 1);
        ranks2[i] = tri_group_rank_of(to, from->processes[ranks1[i]]);
    }
    return MPI_SUCCESS;
}

TRI_API(Group_compare)(MPI_Group group1, MPI_Group group2, int *result)
{
    TRI_TAKE_GROUP(left, group1);
    TRI_TAKE_GROUP(right, group2);
    TRI_CHECK_POINTER(NULL, result);
    *result = tri_group_compare(left, right);
    return MPI_SUCCESS;
}

TRI_API(Group_free)(MPI_Group *group)
{
    TRI_CHECK_POINTER(NULL, group);
    TRI_TAKE_GROUP(freed, *group);
    tri_group_release(freed);
    *group = MPI_GROUP_NULL;
    return MPI_SUCCESS;
}

/* ---- new groups: members are collected in an array with room for both sources ---- */

struct members {
    int *processes;
    int count;
    const struct tri_group *from; /* the group that the new one comes from, if any */
};

static struct members start(const struct tri_group *from, int room)
{
    return (struct members){.processes = tri_memory_take((size_t)room * sizeof(int)), .from = from};
}

static void add(struct members *members, int process)
{
    members->processes[members->count++] = process;
}

static int finish(struct members *members, MPI_Group *newgroup)
{
    struct tri_group *made = tri_group_make(members->processes, members->count);
    tri_group_inherit(made, members->from);
    *newgroup = made->handle;
    free(members->processes);
    return MPI_SUCCESS;
}

/* Adds the members of left that are (or are not) in right. */
static void add_if(struct members *members, const struct tri_group *left, const struct tri_group *right, bool wanted)
{
    for (int i = 0; i < left->size; i++) {
        if ((tri_group_rank_of(right, left->processes[i]) != MPI_UNDEFINED) == wanted) {
            add(members, left->processes[i]);
        }
    }
}

TRI_API(Group_union)(MPI_Group group1, MPI_Group group2, MPI_Group *newgroup)
{
    TRI_TAKE_GROUP(left, group1);
    TRI_TAKE_GROUP(right, group2);
    TRI_CHECK_POINTER(NULL, newgroup);
    struct members members = start(left, left->size + right->size);
    for (int i = 0; i < left->size; i++) {
        add(&members, left->processes[i]);
    }
    add_if(&members, right, left, false);
    return finish(&members, newgroup);
}

static int combine(MPI_Group group1, MPI_Group group2, MPI_Group *newgroup, bool wanted)
{
    TRI_TAKE_GROUP(left, group1);
    TRI_TAKE_GROUP(right, group2);
    TRI_CHECK_POINTER(NULL, newgroup);
    struct members members = start(left, left->size);
    add_if(&members, left, right, wanted);
    return finish(&members, newgroup);
}

TRI_API(Group_intersection)(MPI_Group group1, MPI_Group group2, MPI_Group *newgroup)
{
    return combine(group1, group2, newgroup, true);
}

TRI_API(Group_difference)(MPI_Group group1, MPI_Group group2, MPI_Group *newgroup)
{
    return combine(group1, group2, newgroup, false);
}

/* Marks the ranks of a list; an error when one is out of range or named twice. *chosen is the caller's to free. */
static int mark(const struct tri_group *of, int n, const int *ranks, bool **chosen)
{
    TRI_CHECK(n >= 0, NULL, MPI_ERR_ARG, "n is %d, which is negative", n);
    TRI_CHECK(n == 0 || ranks, NULL, MPI_ERR_ARG, "the array of ranks is NULL");
    *chosen = tri_memory_take((size_t)of->size * sizeof **chosen);
    for (int i = 0; i < of->size; i++) {
        (*chosen)[i] = false;
    }
    for (int i = 0; i < n; i++) {
        bool fine = ranks[i] >= 0 && ranks[i] < of->size;
        if (!fine || (*chosen)[ranks[i]]) {
            free(*chosen);
            return tri_error(NULL, MPI_ERR_RANK, "entry %d is rank %d, which %s", i, ranks[i],
                             fine ? "is named twice" : "the group does not have");
        }
        (*chosen)[ranks[i]] = true;
    }
    return MPI_SUCCESS;
}

static int include(const struct tri_group *of, int n, const int *ranks, MPI_Group *newgroup)
{
    bool *chosen;
    int code = mark(of, n, ranks, &chosen);
    if (code != MPI_SUCCESS) {
        return code;
    }
    free(chosen);
    struct members members = start(of, n);
    for (int i = 0; i < n; i++) {
        add(&members, of->processes[ranks[i]]);
    }
    return finish(&members, newgroup);
}

static int exclude(const struct tri_group *of, int n, const int *ranks, MPI_Group *newgroup)
{
    bool *chosen;
    int code = mark(of, n, ranks, &chosen);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct members members = start(of, of->size);
    for (int i = 0; i < of->size; i++) {
        if (!chosen[i]) {
            add(&members, of->processes[i]);
        }
    }
    free(chosen);
    return finish(&members, newgroup);
}

TRI_API(Group_incl)(MPI_Group group, int n, const int ranks[], MPI_Group *newgroup)
{
    TRI_TAKE_GROUP(of, group);
    TRI_CHECK_POINTER(NULL, newgroup);
    return include(of, n, ranks, newgroup);
}

TRI_API(Group_excl)(MPI_Group group, int n, const int ranks[], MPI_Group *newgroup)
{
    TRI_TAKE_GROUP(of, group);
    TRI_CHECK_POINTER(NULL, newgroup);
    return exclude(of, n, ranks, newgroup);
}

/* The ranks of triplets (first, last, stride), as a list for include or exclude. */
static int expand(const struct tri_group *of, int n, int ranges[][3], struct members *ranks)
{
    TRI_CHECK(n >= 0, NULL, MPI_ERR_ARG, "n is %d, which is negative", n);
    TRI_CHECK(n == 0 || ranges, NULL, MPI_ERR_ARG, "the array of ranges is NULL");
    int64_t total = 0;
    for (int i = 0; i < n; i++) {
        int first = ranges[i][0], last = ranges[i][1], stride = ranges[i][2];
        TRI_CHECK(stride != 0, NULL, MPI_ERR_ARG, "range %d has stride 0", i);
        bool inside = first >= 0 && first < of->size && last >= 0 && last < of->size;
        TRI_CHECK(inside, NULL, MPI_ERR_RANK, "range %d goes from %d to %d, but the group has ranks 0 to %d", i, first,
                  last, of->size - 1);
        int64_t steps = (last - first) / stride;
        total += steps < 0 ? 0 : steps + 1;
    }
    *ranks = start(NULL, (int)total);
    for (int i = 0; i < n; i++) {
        int stride = ranges[i][2], steps = (ranges[i][1] - ranges[i][0]) / stride;
        bool none = (ranges[i][1] - ranges[i][0]) * (int64_t)stride < 0;
        for (int k = 0; k <= steps && !none; k++) {
            add(ranks, ranges[i][0] + k * stride);
        }
    }
    return MPI_SUCCESS;
}

static int by_ranges(MPI_Group group, int n, int ranges[][3], MPI_Group *newgroup,
                     int (*make)(const struct tri_group *, int, const int *, MPI_Group *))
{
    TRI_TAKE_GROUP(of, group);
    TRI_CHECK_POINTER(NULL, newgroup);
    struct members ranks;
    int code = expand(of, n, ranges, &ranks);
    if (code == MPI_SUCCESS) {
        code = make(of, ranks.count, ranks.processes, newgroup);
        free(ranks.processes);
    }
    return code;
}

TRI_API(Group_range_incl)(MPI_Group group, int n, int ranges[][3], MPI_Group *newgroup)
{
    return by_ranges(group, n, ranges, newgroup, include);
}

TRI_API(Group_range_excl)(MPI_Group group, int n, int ranges[][3], MPI_Group *newgroup)
{
    return by_ranges(group, n, ranges, newgroup, exclude);
}
