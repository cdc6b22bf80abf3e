/* The launcher as the library sees it; pmix.c is the one file that knows PMIx. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PMIX_H
#define TRI_PMIX_H

#include "job.h"

/* Whether the environment says that a PMIx launcher started this process. */
bool tri_pmix_present(void);

/* Connects and fills rank, size, local, appnum, universe, name. Returns 0, or -1 with one line in message. */
int tri_pmix_connect(struct tri_job *job, char *message, size_t len);

/* Puts a value for the other processes in; they see it from the commit on. Returns 0 or -1 (reported). */
int tri_pmix_publish(const char *key, const void *value, size_t len);

/* Shows all values to the others. Once, when all are in: a process that asks gets what there is after the first commit
 * and would not hear of a second one. Returns 0 or -1 (reported). */
int tri_pmix_commit(void);

/* The value that a process published, waiting until that one has committed. Returns its length, or -1 (reported). */
int tri_pmix_lookup(int rank, const char *key, void *value, size_t capacity);

/* The node of a process of the job: a number that is this process's own; -1: it does not tell. Does not wait. */
int tri_pmix_node_of(int rank);

/* A fence of all processes of the job, without waiting: 0 or -1; and whether all have come. */
int tri_pmix_fence_start(void);
bool tri_pmix_fence_ended(void);

/* The launcher's process sets: their number, and their names (an array and strings to be freed). */
int tri_pmix_psets(char ***names);
/* Ranks of a set, ascending; an array to be freed. -1: there is no such set. */
int tri_pmix_pset_members(const char *name, int **ranks);

/* Asks the launcher to end the whole job with this code; message is what it shows. Does not wait for the end. */
void tri_pmix_abort(int code, const char *message);

void tri_pmix_disconnect(void);

#endif
