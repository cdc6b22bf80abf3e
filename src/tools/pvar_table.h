/* The performance variables: what each is, and where its value comes from. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PVAR_TABLE_H
#define TRI_PVAR_TABLE_H

#include "tools.h"

struct tri_pvar {
    const char *name, *meaning;
    enum tri_layer layer;
    int verbosity; /* MPI_T_VERBOSITY_* */
    int class;     /* MPI_T_PVAR_CLASS_*; a timer is shown in seconds and counted in nanoseconds */
    /* The sum of two words of tri_counters; of a watermark the mark, and the level that it is the mark of. */
    uint64_t *word, *other;
    /* Bound to a communicator, whose value this is; otherwise NULL. */
    uint64_t (*of_comm)(const struct tri_comm *comm);
    uint64_t (*compute)(void); /* or this is the value */
};

extern const struct tri_pvar tri_pvars[];
extern const int tri_pvar_count;

#endif
