/* A world of ranks in one process: collectives run over messages that are copied from buffer to buffer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_WORLD_H
#define TRI_UNIT_WORLD_H

#include "unit.h"

#include "../../collectives/collectives.h"

/* Stands in for src/p2p, src/request, src/runtime/wait.c and collectives/board_make.c. Each rank is a thread, but only
 * one runs at a time: a rank goes on until it waits, then another one, drawn by lot, is next. */
enum { WORLD_MAX = 9 };

struct world_result {
    bool stuck;     /* all ranks waited for each other */
    int mismatched; /* receives whose message had another length */
    int left;       /* messages and receives that nobody took */
    int on_boards;  /* ranks that have not left all operations on their board, or did not count them as others did */
    int64_t messages, bytes;
    int64_t in_bursts; /* messages that were said to be of a burst */
};

/* Runs body in each of `size` ranks, with a communicator of them all, until it has returned in all of them. The ranks
 * are on one node, and have a board, or on several; by lot. Not to be left by a failed assertion from within body. */
struct world_result world_run(int size, uint64_t seed, void (*body)(struct tri_comm *comm, void *arg), void *arg);

/* Looks in vain, by whether the rank that was looked at lives elsewhere; of these a rank is to take WORLD_POLLS before
 * it waits. */
enum { WORLD_POLLS = 3 };
extern unsigned world_looks[2];

/* How many receives wait for their message. */
int world_receives(void);

/* Worlds have one node only. */
extern bool world_one_node;

/* Asserts that everything has come to an end. */
void world_check(const struct world_result *result);

/* What carries out a call at each rank; draw is a random number that all ranks are given alike. Returns an MPI code. */
typedef int world_runner(struct tri_collective *call, uint64_t draw);

/* A blocking collective, for use in body: by the algorithm that this draw gives, the same at all ranks. size and rank
 * of the call are filled in. Returns the code of the run. */
int world_call(struct tri_collective *call, uint64_t draw);
const struct tri_algorithm *world_draw(const struct tri_collective *call, uint64_t draw);

/* Asserts that the draws have come upon all algorithms of the operation. */
void world_check_drawn(enum tri_collective_id operation);

/* At the start and the end of a group of tests: types, operations, and for each rank two buffers, with half_room bytes
 * on both sides of where they point. */
void world_start(size_t half_room);
void world_end(void);
extern char *world_input[WORLD_MAX], *world_output[WORLD_MAX];

/* world_board.c. Boards over parts that stay; world_boards_end returns what struct world_result tells. */
struct tri_board *world_board_make(int rank, const int *members, int count);
int world_boards_end(void);
void world_boards_free(void);

#endif
