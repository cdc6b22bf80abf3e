/* job_internal.h: what the files of mprun's job part share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_JOB_INTERNAL_H
#define TRI_MPRUN_JOB_INTERNAL_H

#include <event2/event.h>

#include "exchange.h"
#include "files.h"
#include "jobdesc.h"
#include "link.h"
#include "place.h"
#include "options.h"
#include "sink.h"

enum tri_node_state {
    TRI_NODE_UNUSED,   /* no link was opened */
    TRI_NODE_STARTING,
    TRI_NODE_READY,    /* can take a job */
    TRI_NODE_RUNNING,  /* has ranks, or output of theirs */
    TRI_NODE_IDLE,     /* every rank there is gone */
    TRI_NODE_GONE,     /* the link is closed */
};

struct tri_job_node {
    struct tri_link *link;   /* over which it is reached */
    uint32_t above;          /* the node that starts it; itself when that is mprun */
    enum tri_node_state state;
};

/* A request for a rank's data that was passed on to the rank's node. */
struct tri_route {
    struct tri_route *next;
    uint64_t id, asker_id;
    uint32_t asker, owner;
};

/* mprun's stdin on its way to the ranks that read it. */
struct tri_job_input {
    struct event *event;    /* readable, or a timer for what is always ready */
    bool can_wait;
    size_t window;          /* how much may be under way to the slowest node */
    uint64_t sent;          /* bytes so far */
    uint64_t *taken;        /* by node; UINT64_MAX: nobody reads there */
    bool ended;
};

struct tri_job {
    struct event_base *base;
    struct tri_options *options;
    struct tri_topology *topo;  /* NULL if this node has no ranks */
    struct tri_jobdesc desc;
    struct tri_job_node *nodes;
    size_t nnodes;
    struct tri_machine **machines; /* of each node; NULL: it has not told yet, or is not used */
    struct tri_layout layout;
    struct tri_launch launch;
    struct tri_branch branch;   /* the nodes that need a daemon */
    struct tri_link **links;    /* to this node's part, if it has one, and to the first daemons */
    uint32_t nlinks;
    uint32_t *member_of;        /* link of each node, for the exchange */
    bool mapped;                /* desc has been sent to the nodes */
    bool failed, finishing, given_up;
    bool output_lost;           /* nobody reads it: do not wait for that any longer */
    int exit_code;
    struct tri_sink *sinks[2];
    struct tri_files *files;    /* in place of the sinks for output of ranks, or NULL */
    struct tri_exchange *exchange;
    struct tri_route *routes;
    uint64_t next_route;
    struct tri_job_input input;
    struct event *timeout, *deadline, *stop_timer;
};

/* job.c: ends the job with this code and one line. Only the first call counts. */
void tri_job_fail(struct tri_job *job, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void tri_job_check_end(struct tri_job *job);
/* A message from a node, for link_calls. */
bool tri_job_take(struct tri_job *job, uint32_t node, enum tri_message type,
                  struct tri_reader *reader);

/* job_links.c: opens the links to all nodes that the job can need. */
void tri_job_open_links(struct tri_job *job);
/* Sends to a node, or to every node. */
void tri_job_send(struct tri_job *job, uint32_t node, enum tri_message type,
                  const struct tri_buffer *payload);
void tri_job_send_all(struct tri_job *job, enum tri_message type,
                      const struct tri_buffer *payload);
/* The node is lost, and with it all that it started. */
void tri_job_node_lost(struct tri_job *job, uint32_t node, const char *why);
void tri_job_finish_links(struct tri_job *job);
void tri_job_cut_links(struct tri_job *job);

/* job_start.c: maps the ranks and sends the nodes their parts of the job. */
void tri_job_start_ranks(struct tri_job *job);
/* Enters what the command line says about the programs, which stays the owner of it. */
void tri_job_name_parts(const struct tri_options *options, struct tri_jobdesc *desc);
/* Adds the variables that go along to other nodes. */
void tri_job_collect_env(const struct tri_job *job, struct tri_strings *env);

/* job_exchange.c: fences and requests for published data. All return false for nonsense. */
void tri_job_exchange_init(struct tri_job *job);
bool tri_job_fence(struct tri_job *job, const struct tri_link *link, struct tri_reader *reader);
bool tri_job_modex_ask(struct tri_job *job, uint32_t node, struct tri_reader *reader);
bool tri_job_modex_give(struct tri_job *job, uint32_t node, struct tri_reader *reader);

/* job_report.c */
bool tri_job_rank_exited(struct tri_job *job, uint32_t node, struct tri_reader *reader);
bool tri_job_rank_aborted(struct tri_job *job, uint32_t node, struct tri_reader *reader);

/* job_input.c */
void tri_job_input_start(struct tri_job *job);
void tri_job_input_taken(struct tri_job *job, uint32_t node, uint32_t len);

/* job_signals.c: Ctrl-C and its kin. */
void tri_job_signals_init(struct tri_job *job);

#endif
