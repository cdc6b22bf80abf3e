/* Sessions of performance variables and the handles in them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PVAR_H
#define TRI_PVAR_H

#include "pvar_table.h"

struct MPI_ABI_T_pvar_handle {
    struct MPI_ABI_T_pvar_handle *next; /* in its session */
    const struct tri_pvar *row;
    struct tri_comm *comm; /* holds a reference; NULL: not bound, or MPI_Finalize came */
    bool started;
    /* What other handles and sessions do leaves these alone: a counter shows value plus what was added to the words
     * since base while started; a watermark shows the largest of value and the mark while started. */
    uint64_t value, base;
};

struct MPI_ABI_T_pvar_session {
    struct MPI_ABI_T_pvar_session *next;
    struct MPI_ABI_T_pvar_handle *handles;
};

/* All sessions, so that a wrong handle is known without a look at it. Under the tools' lock. */
extern struct MPI_ABI_T_pvar_session *tri_pvar_sessions;

/* The link that leads to it, or NULL. */
struct MPI_ABI_T_pvar_session **tri_pvar_find_session(MPI_T_pvar_session session);
struct MPI_ABI_T_pvar_handle **tri_pvar_find_handle(MPI_T_pvar_session session, MPI_T_pvar_handle handle);

/* Tells how something is now: neither started and stopped nor written; others count from their start. */
static inline bool tri_pvar_is_state(const struct tri_pvar *row)
{
    return row->class == MPI_T_PVAR_CLASS_LEVEL || row->class == MPI_T_PVAR_CLASS_SIZE;
}

#endif
