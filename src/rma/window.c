/* Windows: their making and their end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "window.h"

#include "../../collectives/collectives.h"

static struct tri_pool pool = {.kind = TRI_WINDOW, .size = sizeof(struct tri_window)};

int tri_window_create(struct tri_comm *comm, void *base, MPI_Aint size, int disp_unit, struct tri_window **result)
{
    struct tri_comm *own;
    int code = tri_comm_dup_bare(comm, &own);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_window *window = tri_pool_take(&pool);
    window->handle = (MPI_Win)(void *)window;
    window->comm = own;
    window->base = base;
    window->size = size;
    window->disp_unit = disp_unit;
    window->flavor = MPI_WIN_FLAVOR_CREATE;
    window->model = MPI_WIN_UNIFIED;
    window->hints = 0;
    window->attributes = (struct tri_attributes){0};
    own->window = window->handle;
    /* A new window's handler, whatever the communicator has (MPI 5.0, 12.6.1). */
    tri_errhandler_replace(&own->errhandler, tri_errhandler_get(MPI_ERRORS_ARE_FATAL));
    *result = window;
    return MPI_SUCCESS;
}

int tri_window_free(struct tri_window *window)
{
    int code = tri_collective_meet_blocking(window->comm);
    tri_comm_release(window->comm);
    tri_pool_give(&pool, window);
    return code;
}

void tri_window_end(void)
{
    tri_pool_end(&pool);
}
