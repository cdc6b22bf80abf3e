/* node_internal.h: what the files of the node part share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_NODE_INTERNAL_H
#define TRI_MPRUN_NODE_INTERNAL_H

#include <event2/buffer.h>
#include <sched.h>
#include <sys/types.h>

#include "jobdesc.h"
#include "node.h"
#include "place_message.h"
#include "server.h"

/* Gathers one output stream of one rank into whole lines. */
struct tri_collector {
    struct tri_node *node;
    uint32_t rank, stream;
    int fd;               /* -1: closed */
    struct event *event;
    bool listening;       /* event is added */
    struct event *prompt; /* where it may be a question to the user: sends an unfinished line */
    unsigned char *data;  /* the beginning of a line */
    size_t used, capacity;
    bool in_line;         /* part of the current line has been sent */
    size_t unconfirmed;   /* bytes sent that mprun has not passed on yet */
};

/* The stdin of a rank that reads mprun's. */
struct tri_input {
    struct tri_node *node;
    int fd;                /* our end of the pipe, -1 if there is none (any more) */
    struct evbuffer *data; /* what the rank has not taken yet */
    struct event *event;
    uint64_t taken;        /* bytes so far */
};

struct tri_local_rank {
    struct tri_node *node;
    uint32_t rank;
    pid_t pid;
    bool running, connected, finalized;
    struct tri_input in;
    struct tri_collector out[2];
};

struct tri_node {
    struct event_base *base;
    const struct tri_topology *topo;
    tri_node_send_fn send;
    void *context;
    uint32_t number;      /* index of this node in desc */
    struct tri_jobdesc desc;
    bool has_job;         /* desc is filled in */
    struct tri_local_rank *locals;
    uint32_t nlocals;     /* ranks that were started */
    uint32_t nrunning;
    struct tri_berths berths; /* where each of locals runs */
    bool killing, idle;
    unsigned unread;      /* how often the kill timer found all ranks gone but output left */
    struct event *kill_timer;
    uint64_t input_told;  /* how many bytes of stdin every reader here has taken, as mprun knows */
    bool input_ended, input_unread;
};

/* node_output.c */
void tri_collector_open(struct tri_collector *collector, struct tri_node *node, uint32_t rank,
                        uint32_t stream, int fd);
/* Reads what is there now. With last set nobody is left who could write more: closes at the end. */
void tri_collector_drain(struct tri_collector *collector, bool last);
/* Closes it and drops what was not sent yet. */
void tri_collector_abandon(struct tri_collector *collector);
void tri_collector_confirm(struct tri_collector *collector, size_t len);
bool tri_collector_is_done(const struct tri_collector *collector);

/* node_input.c */
void tri_input_open(struct tri_input *input, struct tri_node *node, int fd);
/* For every reader on this node. */
void tri_input_give(struct tri_node *node, const void *data, size_t len);

/* node_spawn.c: starts all ranks of this node. Returns 0, or the exit code for mprun with one
 * line in *why (caller frees). Ranks started before the failure stay in node->locals. */
int tri_node_spawn(struct tri_node *node, char **why);

/* node_bind.c: what mprun says about where this node's ranks run, before it tells of the job; the
 * cores are claimed at once. Returns false for nonsense. */
bool tri_node_take_berths(struct tri_node *node, struct tri_reader *reader);
/* Fills mask (size bytes) with the hardware threads of the local-th rank. Returns false when it is
 * not bound. */
bool tri_node_bind_mask(const struct tri_node *node, uint32_t local, cpu_set_t *mask, size_t size);
/* Sets the rank's OpenMP variables, but for those that the user has set, in its environment.
 * Returns what mprun is told about where it runs; the caller frees it. */
char *tri_node_bind_env(const struct tri_node *node, uint32_t local, struct tri_strings *env);

/* program.c: the absolute path of an app's program. path is the PATH of its ranks. Returns 0, or
 * the exit code for mprun with one line in *why. The caller frees both. */
int tri_program_find(const struct tri_app *app, const char *path, const char *node, char **file,
                     char **why);

/* node_kill.c */
void tri_node_signal(struct tri_node *node, int signum);
void tri_node_kill(struct tri_node *node, bool now);
void tri_node_kill_stop(struct tri_node *node);

/* node.c */
void tri_node_send(struct tri_node *node, enum tri_message type, struct tri_buffer *payload);
void tri_node_rank_ended(void *local, pid_t pid, int status);
/* Looks whether everything here is over, and tells mprun. */
void tri_node_check_idle(struct tri_node *node);

#endif
