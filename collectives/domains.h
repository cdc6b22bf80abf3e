/* Two steps on one board: the ranks that share a cache, NUMA node or package, and then one of each of those. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_DOMAINS_H
#define TRI_DOMAINS_H

#include "board_steps.h"

/* Each domain has a rank that the others of it look at, and that looks at theirs: its first, or the root in its own. So
 * a flag, and data, go once from domain to domain, and not to each rank there. */
struct tri_domain_view {
    const struct tri_domains *domains;
    int members;
    int own, root; /* this rank, and the one that stands for a root: numbers among the members */
    int domain;    /* the own one */
    int leader;    /* of that */
    bool leads;    /* this rank does */
};

struct tri_domain_view tri_domains_begin(const struct tri_board *board, int own, int root);
int tri_domains_leader(const struct tri_domain_view *view, int domain);

/* Whether there are two steps: several domains, and several ranks in one of them. */
bool tri_domains_are_several(const struct tri_domain_view *view);

/* Looks at the others of the own domain; at all other leaders. */
void tri_domains_look_members(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage);
void tri_domains_look_leaders(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage);

/* All show their vectors, the leaders instead what they and the others of their domains have, reduced in the order of
 * the ranks: on their parts of the board, stage 0. */
void tri_domains_gather(struct tri_schedule *schedule, const struct tri_collective *call,
                        const struct tri_domain_view *view);

/* What the leaders show, reduced in the order of the domains, to a place of the program's memory. */
void tri_domains_fold(struct tri_schedule *schedule, const struct tri_collective *call,
                      const struct tri_domain_view *view, struct tri_place to);

/* What the root has in its output goes to that of all others, over the leaders (with one domain only, straight): at
 * that stage. */
void tri_domains_spread(struct tri_schedule *schedule, const struct tri_domain_view *view,
                        const struct tri_blocks *data, int stage);

/* For the choice: the same question; for reductions also whether the order of the ranks is kept, where it matters. */
bool tri_domains_fits(const struct tri_shape *shape);
bool tri_domains_fits_reduction(const struct tri_shape *shape);

/* A step in the domains, in which a rank looks at so many others and as many bytes go from cache to cache, and one
 * between them, in which all together have so many bytes brought from domain to domain. */
double tri_domains_cost(const struct tri_machine *machine, const struct tri_shape *shape, double looks, double bytes,
                        double far_looks, double far_bytes);

#define TRI_DOMAINS_SOURCE "Katevenis, Ploumidis, Marazakis: hierarchical single-copy collectives, CLUSTER 2022"

#endif
