/* Which processes of a communicator share a node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_NODES_H
#define TRI_NODES_H

#include "comm.h"

/* Nodes are numbered in the order of their first rank. Everything but the own node's part is the same at all ranks. */
struct tri_nodes {
    int count;    /* 0: the launcher does not tell where the processes are, and they are not all on this node */
    int most;     /* ranks of the node with the most of them */
    bool even;    /* consecutive ranks share a node, and all nodes have as many */
    int *leaders; /* the first rank of each node */
    int *node_of; /* of each rank */
    int node;     /* the own one */
    int own;      /* own place among the ranks of the node */
    int local_count;
    int *locals; /* ranks of the own node, ascending */
};

/* Made at the first call; not for intercommunicators. */
const struct tri_nodes *tri_nodes_of(struct tri_comm *comm);
void tri_nodes_free(struct tri_nodes *nodes);

#endif
