/* The launcher as the library sees it; pmix.c is the one file that knows PMIx. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PMIX_H
#define TRI_PMIX_H

#include "job.h"

/* Whether the environment says that a PMIx launcher started this process. */
bool tri_pmix_present(void);

/* Connects and fills rank, size, local, appnum, universe, name. Returns 0, or -1 with one line in message. */
int tri_pmix_connect(struct tri_job *job, char *message, size_t len);

/* Publishes a value for the other processes; visible to them at once. Returns 0 or -1 (reported). */
int tri_pmix_publish(const char *key, const void *value, size_t len);

/* The value that a process published, waiting until it has. Returns its length, or -1 (reported). */
int tri_pmix_lookup(int rank, const char *key, void *value, size_t capacity);

/* Returns when all processes of the job have called it. 0 or -1. */
int tri_pmix_fence(void);

/* Asks the launcher to end the whole job with this code; message is what it shows. Does not wait for the end. */
void tri_pmix_abort(int code, const char *message);

void tri_pmix_disconnect(void);

#endif
