/* A world of ranks in one process: collectives run over messages that are copied from buffer to buffer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_WORLD_H
#define TRI_UNIT_WORLD_H

#include "unit.h"

#include "../../collectives/collectives.h"

/* Stands in for src/p2p, src/request and src/runtime/wait.c. Each rank is a thread, but only one runs at a time: a rank
 * goes on until it waits, then another one, drawn by lot, is next. */
enum { WORLD_MAX = 9 };

struct world_result {
    bool stuck;     /* all ranks waited for each other */
    int mismatched; /* receives whose message had another length */
    int left;       /* messages and receives that nobody took */
    int64_t messages, bytes;
};

/* Runs body in each of `size` ranks, with a communicator of them all, until it has returned in all of them. Not to be
 * left by a failed assertion from within body. */
struct world_result world_run(int size, uint64_t seed, void (*body)(struct tri_comm *comm, void *arg), void *arg);

#endif
