/* Communicators. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COMM_H
#define TRI_COMM_H

#include "errhandler.h"
#include "group.h"

struct tri_match;

/* Messages of the program travel in the communicator's context, those of collectives in the next odd one. */
enum {
    TRI_CONTEXT_COLLECTIVE = 1,
    TRI_CONTEXT_WORLD = 2,
    TRI_CONTEXT_SELF = 4,
    TRI_CONTEXT_FIRST = 6,
    TRI_CONTEXT_LIMIT = 16384, /* so many contexts at most: 8,192 communicators at a time */
};

struct tri_comm {
    struct tri_object object;
    MPI_Comm handle;
    uint32_t context;
    int rank, size;
    int *processes; /* the group's: rank in the job of each rank here */
    struct tri_group *group;
    struct tri_match *match; /* queues of the two contexts, see p2p.h */
    struct tri_match *collective_match;
    struct tri_errhandler *errhandler;
    uint32_t collectives; /* number of collective operations started, gives them their tags */
    char name[MPI_MAX_OBJECT_NAME];
};

extern struct tri_comm tri_comm_world, tri_comm_self;

void tri_comm_start(void);
void tri_comm_end(void);

static inline struct tri_comm *tri_comm_get(MPI_Comm handle)
{
    if (TRI_LIKELY(handle == MPI_COMM_WORLD)) {
        return &tri_comm_world;
    }
    if (handle == MPI_COMM_SELF) {
        return &tri_comm_self;
    }
    return tri_object_is(handle, TRI_COMM) ? (struct tri_comm *)(void *)handle : NULL;
}

/* A communicator of these processes over an agreed context. Takes over the reference to the group. */
struct tri_comm *tri_comm_make(struct tri_group *group, uint32_t context, const struct tri_comm *parent);
void tri_comm_release(struct tri_comm *comm);

static inline void tri_comm_hold(struct tri_comm *comm)
{
    comm->object.references++;
}

/* For messages: the name that the user or the standard gave, or its context. Overwritten by the next call. */
const char *tri_comm_name(const struct tri_comm *comm);

/* context.c: collective over comm; all its processes get the same unused context. Returns an MPI error code. */
int tri_context_agree(struct tri_comm *comm, uint32_t *context);
void tri_context_free(uint32_t context);

/* split.c: collective over comm. *result is NULL for color MPI_UNDEFINED. Returns an MPI error code. */
int tri_comm_split(struct tri_comm *comm, int color, int key, struct tri_comm **result);
int tri_comm_dup(struct tri_comm *comm, struct tri_comm **result);
int tri_comm_create(struct tri_comm *comm, struct tri_group *group, struct tri_comm **result);

#endif
