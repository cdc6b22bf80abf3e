/* Communicators. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COMM_H
#define TRI_COMM_H

#include "../runtime/attribute.h"
#include "errhandler.h"
#include "group.h"

struct tri_match;
struct tri_bsend_buffer;
struct tri_board;
struct tri_nodes;
struct tri_plan;
struct tri_request;
struct tri_topology;

/* A communicator's context id stands for TRI_CONTEXT_STEP contexts, so that its kinds of messages never meet. Those of
 * the program travel in the first. */
enum {
    TRI_CONTEXT_COLLECTIVE = 1,
    TRI_CONTEXT_PARTITIONED = 2, /* partitioned requests that look for each other */
    TRI_CONTEXT_GROUP = 3,       /* making communicators out of some of its processes */
    TRI_CONTEXT_PARTITIONS = 4,  /* what partitioned requests send each other */
    TRI_CONTEXT_STEP = 8,
    TRI_CONTEXT_NOBODY = 0, /* base of what is made from groups alone, without any communicator */
    TRI_CONTEXT_WORLD = TRI_CONTEXT_STEP,
    TRI_CONTEXT_SELF = 2 * TRI_CONTEXT_STEP,
    TRI_CONTEXT_LIMIT = 65536, /* so many contexts at most: 8,192 communicators at a time */
};

/* Collective operations get TRI_TAGS_EACH tags each, for runs of their schedule that overlap; persistent ones have a
 * range of their own, as theirs live long. */
enum { TRI_TAGS_RUNNING = -1, TRI_TAGS_EACH = 4, TRI_TAGS_PERSISTENT = 1 << 30, TRI_PLANS = 32 };

/* In the order of their names in src/api/comm_info.c. */
enum {
    TRI_HINT_NO_ANY_SOURCE = 1,
    TRI_HINT_NO_ANY_TAG = 2,
    TRI_HINT_EXACT_LENGTH = 4,
    TRI_HINT_ALLOW_OVERTAKING = 8,
};

struct tri_comm {
    struct tri_object object;
    MPI_Comm handle;
    uint32_t context;
    uint32_t collective_context;
    unsigned lane;  /* of the program's messages; all others are in lane 0 */
    int messages;   /* that hold it, in its lane: all together have one reference */
    int rank, size; /* in the (local) group */
    int source; /* what its messages say they come from: rank; in an inner one with a fixed tag the rank in the job */
    int peers;  /* ranks that messages go to: those of the group, or of the remote group */
    int *processes; /* rank in the job of each of them */
    struct tri_group *group;
    struct tri_group *remote; /* intercommunicator: the other group; NULL: intracommunicator */
    struct tri_comm *local;   /* intercommunicator: inner communicator of the own group */
    struct tri_comm *bridge;  /* intercommunicator: inner communicator of both groups, in the same order at both */
    struct tri_match *match;  /* queues of the two contexts, see p2p.h */
    struct tri_match *collective_match;
    struct tri_errhandler *errhandler;
    struct tri_bsend_buffer *bsend;    /* of MPI_Comm_attach_buffer; NULL: there never was one */
    uint32_t collectives;              /* number of collective operations started, gives them their tags */
    uint32_t persistents;              /* number of persistent ones made */
    int fixed_tag;                     /* TRI_TAGS_RUNNING, or the tag of all of them */
    struct tri_nodes *nodes;           /* see nodes.h; NULL: nobody has asked yet */
    bool asked;                        /* whether there can be boards */
    bool boards;                       /* the ranks of each node have a board, where a node has more than one */
    bool readable;                     /* with boards: the ranks of each node can read each other's memory */
    struct tri_board *board;           /* see collectives/board.h; NULL: none (yet) */
    struct tri_plan *plans[TRI_PLANS]; /* of latest collectives, see collectives/plan.h */
    unsigned hints;                    /* TRI_HINT_ bits: what the program promises */
    struct tri_topology *topology;     /* see src/topology; NULL: none. Its own reference */
    const char *resource; /* the hardware that its processes share, when it was split by that; or NULL. Constant */
    MPI_Win window; /* that it is the communicator of: its errors are raised here; or MPI_WIN_NULL */
    bool inner;           /* only for collectives of the library, over the context of another one */
    struct tri_attributes attributes;
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

/* A communicator of these processes over an agreed context. Takes over the references to the groups; holds the handler.
 */
struct tri_comm *tri_comm_make(struct tri_group *group, uint32_t context, struct tri_errhandler *errhandler);
struct tri_comm *tri_comm_make_inter(struct tri_group *group, struct tri_group *remote, uint32_t context,
                                     struct tri_errhandler *errhandler);

/* An inner communicator: collectives run on it in a context that belongs to another one. With a fixed tag several of
 * them may share a context, also one after the other with the same tag: a rank in one group may be another process in
 * the next, so that their messages go by ranks in the job. Takes over the reference to the group. */
struct tri_comm *tri_comm_make_inner(struct tri_group *group, uint32_t collective_context, int fixed_tag);
void tri_comm_release(struct tri_comm *comm);

static inline void tri_comm_hold(struct tri_comm *comm)
{
    tri_object_hold(&comm->object);
}

/* The same for a request of that lane: those of the communicator's own are counted without an atomic operation. */
static inline void tri_comm_hold_from(struct tri_comm *comm, unsigned lane)
{
    if (lane != comm->lane || comm->messages++ == 0) {
        tri_comm_hold(comm);
    }
}

static inline void tri_comm_release_from(struct tri_comm *comm, unsigned lane)
{
    if (lane != comm->lane || --comm->messages == 0) {
        tri_comm_release(comm);
    }
}

/* The first tag of the next collective operation; to be asked in the order of the operations. */
static inline int tri_comm_next_tag(struct tri_comm *comm)
{
    return comm->fixed_tag == TRI_TAGS_RUNNING ? (int)(comm->collectives++ * TRI_TAGS_EACH & (TRI_TAGS_PERSISTENT - 1))
                                               : comm->fixed_tag;
}

/* The same for a persistent one: in the order in which they are made. */
static inline int tri_comm_next_persistent_tag(struct tri_comm *comm)
{
    return (int)(TRI_TAGS_PERSISTENT | (comm->persistents++ * TRI_TAGS_EACH & (TRI_TAGS_PERSISTENT - 1)));
}

/* What messages from that rank of the group say they come from. */
static inline int tri_comm_source_of(const struct tri_comm *comm, int rank)
{
    return comm->fixed_tag == TRI_TAGS_RUNNING ? rank : comm->processes[rank];
}

/* For messages: the name that the user or the standard gave, or its context. Overwritten by the next call. */
const char *tri_comm_name(const struct tri_comm *comm);

/* cache.c: attributes at a dup of any kind, and at the end of a handle. A callback's error has been raised on the (old)
 * communicator when these return it; after one the new communicator has no attributes, the old one all that had not
 * been deleted. */
int tri_comm_copy_attributes(struct tri_comm *from, struct tri_comm *to);
int tri_comm_delete_attributes(struct tri_comm *comm);

/* cache.c: what MPI_Finalize does first (MPI 5.0, 11.2.4): MPI_COMM_SELF's attributes, then MPI_COMM_WORLD's. */
int tri_comm_end_attributes(void);

/* context.c: an agreement of all processes of an intracommunicator on a context that none of them uses. It goes on
 * while anybody makes progress, and ends with a call of done, which may come at once. */
void tri_context_agree_start(struct tri_comm *comm, void (*done)(void *owner, int code, uint32_t context), void *owner);
/* Blocking. Returns an MPI error code, which has been raised on the communicator `on`. */
int tri_context_agree(struct tri_comm *comm, struct tri_comm *on, uint32_t *context);
void tri_context_free(uint32_t context);

/* split.c: collective over comm (which may be an intercommunicator). *result is NULL for a process that is in none, as
 * with color MPI_UNDEFINED. These and all constructions below return an MPI error code that has been raised. */
int tri_comm_split(struct tri_comm *comm, int color, int key, struct tri_comm **result);
int tri_comm_dup(struct tri_comm *comm, struct tri_comm **result);
/* Without the attributes. */
int tri_comm_dup_bare(struct tri_comm *comm, struct tri_comm **result);
int tri_comm_create(struct tri_comm *comm, struct tri_group *group, struct tri_comm **result);
/* idup.c: fills *result before the request completes. */
struct tri_request *tri_comm_idup(struct tri_comm *comm, unsigned hints, MPI_Comm *result);
/* Like comm, its topology included, over a context that was agreed for it. */
struct tri_comm *tri_comm_twin(struct tri_comm *comm, uint32_t context);

/* Whether this holds at any process of comm. */
int tri_comm_any(struct tri_comm *comm, bool here, bool *anywhere);

/* split_type.c: by an instance of a kind of hardware ("hwloc://Package", "mpi_shared_memory"; NULL: none) that the
 * process is bound to; by a process set; by the largest kind that parts the processes, which *resource names. */
int tri_comm_split_hardware(struct tri_comm *comm, const char *resource, int key, struct tri_comm **result);
int tri_comm_split_pset(struct tri_comm *comm, const char *name, int key, struct tri_comm **result);
int tri_comm_split_next_level(struct tri_comm *comm, bool takes_part, int key, const char **resource,
                              struct tri_comm **result);

/* Collective over the group; messages go over a context of the library with that tag. */
int tri_comm_create_group(struct tri_group *group, uint32_t context, int tag, struct tri_errhandler *errhandler,
                          struct tri_comm **result);

/* intercomm.c. The communicators and groups are those that the standard's functions are given; remote_group counts at
 * the leader only. */
int tri_intercomm_create(struct tri_comm *local, int leader, struct tri_comm *peer, int remote_leader, int tag,
                         struct tri_comm **result);
int tri_intercomm_create_from_groups(struct tri_group *group, int leader, struct tri_group *remote, int remote_leader,
                                     uint32_t tag, struct tri_errhandler *errhandler, struct tri_comm **result);
int tri_intercomm_merge(struct tri_comm *inter, bool high, struct tri_comm **result);

#endif
