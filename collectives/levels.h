/* What the algorithms with two levels share: the boards of the nodes, and messages between one rank of each. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LEVELS_H
#define TRI_LEVELS_H

#include "../src/comm/nodes.h"
#include "domains.h"

/* Each node has a rank that speaks for it: its first, or the root on the root's node. Long vectors are cut into pieces,
 * of which one is on its way between the nodes while another is within them. */
struct tri_levels {
    const struct tri_nodes *nodes;
    int speaker;                 /* of the own node: number among its ranks */
    bool speaks;                 /* this rank does */
    int *speakers;               /* by node; while the schedule is written */
    struct tri_collective upper; /* the call among the speakers: algorithm to be chosen, places to be set */
};

struct tri_levels tri_levels_begin(const struct tri_collective *call, int root);
void tri_levels_end(struct tri_levels *levels);

/* Adds the call among the speakers, by the cheapest algorithm that needs only messages. */
void tri_levels_add_upper(struct tri_schedule *schedule, struct tri_levels *levels);

/* All other ranks of the node look for the speaker; the speaker looks for all of them. */
void tri_levels_look_speaker(struct tri_schedule *schedule, const struct tri_levels *levels, int stage);
void tri_levels_look_others(struct tri_schedule *schedule, const struct tri_levels *levels, int stage);

/* The domains of the own node, with the speaker as root: taken for one where somebody who has started a nonblocking
 * operation would keep the others of a domain waiting, and for a reduction that is not exact (tri_domains_fits). */
struct tri_domain_view tri_levels_view(const struct tri_collective *call, const struct tri_levels *levels);

/* The node's ranks show their vectors; the speaker reduces them to that place: in the order of the ranks, or domain
 * by domain. */
void tri_levels_fold(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_levels *levels,
                     struct tri_place to);

/* The speaker has a vector in the output and shows it; the others copy it there. */
void tri_levels_spread(struct tri_schedule *schedule, const struct tri_levels *levels, const struct tri_blocks *data,
                       int stage);

bool tri_levels_fits(const struct tri_shape *shape);
bool tri_levels_fits_reduction(const struct tri_shape *shape);
int64_t tri_levels_segment(const struct tri_shape *shape);

/* Stages on the board with so many bytes (tri_board_cost), and the operation among the nodes. */
double tri_levels_cost(const struct tri_machine *machine, const struct tri_shape *shape,
                       enum tri_collective_id operation, double stages, double bytes);

#define TRI_LEVELS_SOURCE "Graham, Shipman: MPI support for multi-core architectures, EuroPVM/MPI 2008"

#endif
