/* tree.h: which daemon starts which, and what a daemon is told about it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_TREE_H
#define TRI_MPRUN_TREE_H

#include "wire.h"

/* How daemons are started, the same in the whole tree. */
struct tri_launch {
    struct tri_strings agent; /* words of the launch agent's command */
    struct tri_strings env;   /* entries that the agent gets on every node */
    char *dir;                /* where mprund is, or "" to look in PATH only */
    uint32_t fanout;          /* how many daemons one starts at most; 0: mprun starts all */
    uint32_t timeout;         /* seconds for a daemon to report */
    uint32_t heartbeat;       /* seconds that a daemon may be silent; 0: for ever */
    bool verbose;             /* tell what is done */
};

/* A list of nodes that are not this one. Each starts with the first of a part of the list, and
 * that one starts the rest of its part. */
struct tri_branch {
    uint32_t *nodes;
    struct tri_strings hosts;
};

/* How many children a node with this branch has. */
uint32_t tri_branch_children(const struct tri_branch *branch, uint32_t fanout);

/* Where child number i of those begins in the branch; with i the number of children: the end. */
uint32_t tri_branch_begin(const struct tri_branch *branch, uint32_t children, uint32_t i);

void tri_branch_add(struct tri_branch *branch, uint32_t node, const char *host);

/* Notes for the nodes of a branch below "above" which node starts each: above_of[node]. */
void tri_branch_note(const struct tri_branch *branch, uint32_t fanout, uint32_t above,
                     uint32_t *above_of);

/* The message TRI_MSG_TREE to the child that begins at begin and whose part ends at end. */
void tri_tree_put(struct tri_buffer *buffer, const struct tri_launch *launch,
                  const struct tri_branch *branch, uint32_t begin, uint32_t end);

/* The other way round: the receiver's number and name (it frees that), and the nodes below it.
 * Returns false for nonsense. */
bool tri_tree_get(struct tri_reader *reader, struct tri_launch *launch, uint32_t *own,
                  char **own_name, struct tri_branch *branch);

#endif
