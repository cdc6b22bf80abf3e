/* Windows: memory that the processes of a communicator open to each other (MPI 5.0, 12.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_WINDOW_H
#define TRI_WINDOW_H

#include "../comm/comm.h"

/* In the order of their names in src/api/window.c. */
enum {
    TRI_WINDOW_NO_LOCKS = 1,
    TRI_WINDOW_SAME_SIZE = 2,
    TRI_WINDOW_SAME_DISP_UNIT = 4,
};

struct tri_window {
    struct tri_object object;
    MPI_Win handle;
    /* Its own, with the same processes. Errors on the window are raised on it: it has the window's error handler and
     * name, and its handle is not known to the program. */
    struct tri_comm *comm;
    void *base;
    MPI_Aint size;
    int disp_unit;
    int flavor;     /* MPI_WIN_FLAVOR_ */
    int model;      /* MPI_WIN_UNIFIED or MPI_WIN_SEPARATE */
    unsigned hints; /* TRI_WINDOW_ bits: what the program promises */
    struct tri_attributes attributes;
};

static inline struct tri_window *tri_window_get(MPI_Win handle)
{
    return tri_object_is(handle, TRI_WINDOW) ? (struct tri_window *)(void *)handle : NULL;
}

/* Collective over comm, an intracommunicator; blocks. The memory stays the program's. An MPI error code that has been
 * raised on comm. */
int tri_window_create(struct tri_comm *comm, void *base, MPI_Aint size, int disp_unit, struct tri_window **result);

/* Collective over the window; blocks until all processes are here, as nobody may touch its memory after that. The
 * delete callbacks of the attributes have run. */
int tri_window_free(struct tri_window *window);

/* Frees the memory of windows that the program has left. */
void tri_window_end(void);

#endif
