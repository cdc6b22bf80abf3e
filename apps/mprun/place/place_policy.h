/* place_policy.h: what the user said about where ranks go. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_POLICY_H
#define TRI_MPRUN_PLACE_POLICY_H

#include "place_machine.h"

enum tri_map_by {
    TRI_MAP_SLOT,  /* fill node after node, core after core */
    TRI_MAP_TURN,  /* in turn over the objects of a level */
    TRI_MAP_PPR,   /* so many ranks on each object of a level */
    TRI_MAP_DIST,  /* from the cores nearest to a device to the farthest */
};

enum tri_rank_by {
    TRI_RANK_MAP,   /* in the order of the mapping */
    TRI_RANK_SLOT,  /* neighbours in rank are neighbours in place */
    TRI_RANK_TURN,  /* in turn over the objects of a level */
};

enum tri_bind_to {
    TRI_BIND_AUTO,  /* to cores as long as they suffice */
    TRI_BIND_NONE,
    TRI_BIND_LEVEL, /* to an object of a level */
};

/* All-zero is the default. */
struct tri_policy {
    char *map_text;           /* --map-by as written; NULL: not given */
    enum tri_map_by map;
    enum tri_level map_level;
    uint32_t per_object;      /* of TRI_MAP_PPR */
    char *device;             /* of TRI_MAP_DIST; NULL: a network device */
    uint32_t pe;              /* cores a rank; 0: not given */
    enum tri_rank_by rank;
    enum tri_level rank_level;
    enum tri_bind_to bind;
    enum tri_level bind_level;
    char *cpu_list;           /* as written; NULL: all */
    struct tri_cpus cpus;     /* the same */
};

/* Each reads an option's value. Returns NULL, or what is wrong with it: one line that the caller
 * frees. */
char *tri_policy_map_by(struct tri_policy *policy, const char *text);
char *tri_policy_rank_by(struct tri_policy *policy, const char *text);
char *tri_policy_bind_to(struct tri_policy *policy, const char *text);
char *tri_policy_cpu_list(struct tri_policy *policy, const char *text);

/* Whether a rank takes hardware threads instead of cores: it is to be bound to them, or mapped to
 * them, or several to one core. */
bool tri_policy_takes_threads(const struct tri_policy *policy);

void tri_policy_clear(struct tri_policy *policy);

#endif
