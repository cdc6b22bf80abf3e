/* jobdesc.h: what a node must know to run its part of a job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_JOBDESC_H
#define TRI_MPRUN_JOBDESC_H

#include "wire.h"

enum tri_stdin {
    TRI_STDIN_NONE,   /* nobody reads */
    TRI_STDIN_DIRECT, /* the reader inherits mprun's own descriptor */
    TRI_STDIN_RELAY,  /* readers have pipes that TRI_MSG_STDIN fills */
};

/* Instead of the rank that reads. */
#define TRI_READER_ALL UINT32_MAX
#define TRI_READER_NONE (UINT32_MAX - 1)

/* One program of the job (MPMD jobs have several). */
struct tri_app {
    struct tri_strings argv; /* argv[0] as the user wrote it */
    struct tri_strings env;  /* entries set with -x */
    char *dir;               /* absolute working directory */
    char *path;              /* directories searched before PATH, or "" */
    char *pset;              /* process set of its ranks, or "" */
    uint32_t first, count;   /* its ranks */
};

struct tri_jobdesc {
    char *nspace;
    uint32_t node;              /* the reader's own; not part of the message */
    struct tri_strings nodes;   /* names */
    uint32_t nranks;
    uint32_t *node_of;          /* node of each rank */
    uint32_t napps;
    struct tri_app *apps;
    uint32_t universe;          /* slots of all nodes */
    struct tri_strings env;     /* forwarded variables; empty for mprun's own node */
    enum tri_stdin input;
    uint32_t reader;            /* whose stdin that is */
    bool prompts;               /* a user at a terminal may be asked something by the reader */
    bool verbose;               /* tell what is done */
};

void tri_jobdesc_put(struct tri_buffer *buffer, const struct tri_jobdesc *desc);

/* Fills desc. Returns false when the message is not a consistent description. The caller calls
 * tri_jobdesc_clear in both cases. */
bool tri_jobdesc_get(struct tri_reader *reader, struct tri_jobdesc *desc);

void tri_jobdesc_clear(struct tri_jobdesc *desc);

/* The program that a rank runs. */
uint32_t tri_jobdesc_app_of(const struct tri_jobdesc *desc, uint32_t rank);

/* Whether a rank reads mprun's stdin. */
bool tri_jobdesc_reads(const struct tri_jobdesc *desc, uint32_t rank);

/* The number of ranks on a node. */
uint32_t tri_jobdesc_count_on(const struct tri_jobdesc *desc, uint32_t node);

#endif
