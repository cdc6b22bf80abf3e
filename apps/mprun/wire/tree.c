/* tree.c: which daemon starts which, and what a daemon is told about it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tree.h"

#include <stdlib.h>

enum { MOST_NODES = 1 << 20 };

uint32_t tri_branch_children(const struct tri_branch *branch, uint32_t fanout)
{
    uint32_t count = (uint32_t)branch->hosts.count;

    return fanout == 0 || count < fanout ? count : fanout;
}

uint32_t tri_branch_begin(const struct tri_branch *branch, uint32_t children, uint32_t i)
{
    return (uint32_t)((uint64_t)branch->hosts.count * i / children);
}

void tri_branch_add(struct tri_branch *branch, uint32_t node, const char *host)
{
    size_t count = branch->hosts.count;

    branch->nodes = tri_regrow(branch->nodes, count + 1, sizeof *branch->nodes);
    branch->nodes[count] = node;
    tri_strings_add(&branch->hosts, host);
}

void tri_branch_note(const struct tri_branch *branch, uint32_t fanout, uint32_t above,
                     uint32_t *above_of)
{
    uint32_t children = tri_branch_children(branch, fanout);

    for (uint32_t i = 0; i < children; i++) {
        uint32_t begin = tri_branch_begin(branch, children, i);
        uint32_t end = tri_branch_begin(branch, children, i + 1);
        struct tri_branch below = {.nodes = branch->nodes + begin + 1};

        below.hosts.count = end - begin - 1;
        above_of[branch->nodes[begin]] = above;
        if (below.hosts.count > 0) {
            tri_branch_note(&below, fanout, branch->nodes[begin], above_of);
        }
    }
}

void tri_tree_put(struct tri_buffer *buffer, const struct tri_launch *launch,
                  const struct tri_branch *branch, uint32_t begin, uint32_t end)
{
    tri_put_strings(buffer, &launch->agent);
    tri_put_strings(buffer, &launch->env);
    tri_put_string(buffer, launch->dir);
    tri_put_u32(buffer, launch->fanout);
    tri_put_u32(buffer, launch->timeout);
    tri_put_u32(buffer, launch->heartbeat);
    tri_put_u32(buffer, launch->verbose);
    tri_put_u32(buffer, branch->nodes[begin]);
    tri_put_string(buffer, branch->hosts.items[begin]);
    tri_put_u32(buffer, end - begin - 1);
    for (uint32_t i = begin + 1; i < end; i++) {
        tri_put_u32(buffer, branch->nodes[i]);
        tri_put_string(buffer, branch->hosts.items[i]);
    }
}

bool tri_tree_get(struct tri_reader *reader, struct tri_launch *launch, uint32_t *own,
                  char **own_name, struct tri_branch *branch)
{
    bool good = true;

    tri_get_strings(reader, &launch->agent);
    tri_get_strings(reader, &launch->env);
    launch->dir = tri_get_string(reader);
    launch->fanout = tri_get_u32(reader);
    launch->timeout = tri_get_u32(reader);
    launch->heartbeat = tri_get_u32(reader);
    launch->verbose = tri_get_u32(reader) != 0;
    *own = tri_get_u32(reader);
    *own_name = tri_get_string(reader);
    uint32_t count = tri_get_count(reader, 8);

    for (uint32_t i = 0; i < count && good; i++) {
        uint32_t node = tri_get_u32(reader);
        char *host = tri_get_string(reader);

        good = node < MOST_NODES;
        tri_branch_add(branch, node, host);
        free(host);
    }
    return good && *own < MOST_NODES && !reader->bad && launch->agent.count > 0;
}
