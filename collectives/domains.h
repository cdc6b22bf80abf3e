/* Two steps on one board: the ranks that share a cache, NUMA node or package, and then one of each of those. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_DOMAINS_H
#define TRI_DOMAINS_H

#include "board_steps.h"

/* Each domain has a rank that the others of it look at, and that looks at theirs: its first, or the root in its own.
 * Of other domains a rank looks at the leaders only. */
struct tri_domain_view {
    const struct tri_domains *domains; /* NULL: one domain */
    int count;                         /* of domains */
    int members;
    int own, root; /* this rank, and the one that stands for a root: numbers among the members */
    int domain;    /* the own one */
    int leader;    /* of that */
    bool leads;    /* this rank does */
};

struct tri_domain_view tri_domains_begin(const struct tri_domains *domains, int members, int own, int root);

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

/* Several domains, and several ranks in one of them. Reductions must be exact, too: which cores a job gets, and so its
 * domains, may depend on what else runs on the machine, and the bits of a result must not. */
bool tri_domains_are_several(const struct tri_domains *domains);
bool tri_domains_fits(const struct tri_shape *shape);
bool tri_domains_fits_reduction(const struct tri_shape *shape);

/* So many stages, in which the busiest rank looks at so many others in all and so many bytes go from cache to cache. A
 * look at another domain counts as one at the own: what it takes longer does not show where it is measured
 * (`mpbench tune`), on two ranks, and would have to be known of messages, too. */
double tri_domains_cost(const struct tri_machine *machine, const struct tri_shape *shape, int stages, int looks,
                        double bytes);

#define TRI_DOMAINS_SOURCE "Katevenis, Ploumidis, Marazakis: hierarchical single-copy collectives, CLUSTER 2022"

#endif
