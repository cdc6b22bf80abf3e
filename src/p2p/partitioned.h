/* Partitioned communication: a persistent message whose parts are sent when the program says that they are ready. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PARTITIONED_H
#define TRI_PARTITIONED_H

#include "p2p.h"

/* A persistent, inactive request; op has the count of all partitions together and may have the peer MPI_PROC_NULL. */
struct tri_request *tri_partitioned_make(const struct tri_operation *op, int partitions, enum tri_request_type type);

/* Begins a round: the request has just become active. */
void tri_partitioned_start(struct tri_request *request);

/* Frees a request that is inactive or complete. */
void tri_partitioned_free(struct tri_request *request);

int tri_partitioned_count(const struct tri_request *request);

/* Send: whether the partition has been marked in this round; marks it and sends it. */
bool tri_partitioned_is_ready(const struct tri_request *request, int partition);
void tri_partitioned_ready(struct tri_request *request, int partition);

/* Receive, active: whether all of the partition is there. No progress is made. */
bool tri_partitioned_arrived(const struct tri_request *request, int partition);

void tri_partitioned_end(void);

#endif
