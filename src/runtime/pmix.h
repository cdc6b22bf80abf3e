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

/* Returns when all processes of the job have called it. 0 or -1. */
int tri_pmix_fence(void);

/* Asks the launcher to end the whole job with this code; message is what it shows. Does not wait for the end. */
void tri_pmix_abort(int code, const char *message);

void tri_pmix_disconnect(void);

#endif
