/* server_psets.h: the process sets of a job, for ranks that ask. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_SERVER_PSETS_H
#define TRI_MPRUN_SERVER_PSETS_H

#include <pmix_server.h>

#include "jobdesc.h"

/* Before the first question. The description must not change any more and outlive the server. */
void tri_server_describe_psets(const struct tri_jobdesc *desc);

/* A pmix_server_query_fn_t: the names of the sets, the members of one. Called by PMIx's thread. */
pmix_status_t tri_server_on_query(pmix_proc_t *asking, pmix_query_t *queries, size_t count,
                                  pmix_info_cbfunc_t done, void *cookie);

#endif
