/* place_machine.h: a node's hardware, as far as it matters for where ranks go. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_MACHINE_H
#define TRI_MPRUN_PLACE_MACHINE_H

#include "place_cpus.h"
#include "wire.h"

/* From the whole to its parts, but that an L3 cache may be larger than a NUMA domain. */
enum tri_level {
    TRI_LEVEL_NODE,
    TRI_LEVEL_PACKAGE,
    TRI_LEVEL_NUMA,
    TRI_LEVEL_L3,
    TRI_LEVEL_CORE,
    TRI_LEVEL_HWTHREAD,
};
enum { TRI_LEVELS = 6 };

/* Where a core is in no object of a level, or a device near no domain. */
#define TRI_NOWHERE UINT32_MAX

/* A hardware thread. */
struct tri_pu {
    uint32_t os;    /* the system's number */
    uint32_t core;  /* index of its core */
    bool usable;    /* neither cgroup, affinity nor the user forbid it */
};

struct tri_core {
    uint32_t os;
    uint32_t in[TRI_LEVELS];  /* index of the object of each level around it, up to its own */
    uint32_t kind;            /* faster cores have larger ones */
    uint32_t first, count;    /* its hardware threads */
    bool busy;                /* another job has bound its ranks to it */
};

struct tri_device {
    char *name;
    bool network;
    uint32_t numa;  /* index of the domain that it is at, or TRI_NOWHERE if not known */
};

/* Plain data: what is drawn, sent and computed with comes from here and not from hwloc. */
struct tri_machine {
    uint32_t ncores, npus;
    struct tri_core *cores;
    struct tri_pu *pus;
    uint32_t count[TRI_LEVELS];  /* objects; 0: the machine has no such level */
    uint32_t *os[TRI_LEVELS];    /* the system's numbers of packages and NUMA domains, else NULL */
    uint32_t *distance;          /* between NUMA domains, row by row; NULL: not known */
    uint32_t ndevices;
    struct tri_device *devices;
};

/* "NUMA domain" and the like, for messages. */
const char *tri_level_name(enum tri_level level);
/* The word that options use, "numa". */
const char *tri_level_word(enum tri_level level);
/* Returns false when it is none of the words. */
bool tri_level_parse(const char *word, enum tri_level *level);

/* Appends the machine to a message. */
void tri_machine_put(struct tri_buffer *buffer, const struct tri_machine *machine);

/* Takes it out again. Returns NULL when it is not consistent; the caller frees the result with
 * tri_machine_free. */
struct tri_machine *tri_machine_get(struct tri_reader *reader);

void tri_machine_free(struct tri_machine *machine);

/* Makes everything but cpus unusable. */
void tri_machine_restrict(struct tri_machine *machine, const struct tri_cpus *cpus);

/* A core is usable if one of its hardware threads is. */
bool tri_machine_core_is_usable(const struct tri_machine *machine, uint32_t core);
/* How many usable cores, or (level TRI_LEVEL_HWTHREAD) hardware threads there are. */
uint32_t tri_machine_usable(const struct tri_machine *machine, enum tri_level level);
/* The same within one object of another level. */
uint32_t tri_machine_usable_in(const struct tri_machine *machine, enum tri_level outer,
                               uint32_t object, enum tri_level level);
/* The index of the object of a level around a hardware thread, or TRI_NOWHERE. */
uint32_t tri_machine_around(const struct tri_machine *machine, uint32_t pu, enum tri_level level);
/* How far two NUMA domains are from each other; 10 is the distance to itself. */
uint32_t tri_machine_distance(const struct tri_machine *machine, uint32_t a, uint32_t b);
/* The levels that the machine has, as "package, numa, core"; the caller frees it. */
char *tri_machine_levels(const struct tri_machine *machine);
/* "2 packages, 8 NUMA domains, 64 cores, 128 hardware threads"; the caller frees it. */
char *tri_machine_summary(const struct tri_machine *machine);
/* The number by which the user knows an object. */
uint32_t tri_machine_os(const struct tri_machine *machine, enum tri_level level, uint32_t object);

#endif
