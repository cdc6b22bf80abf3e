/* options.h: what the user asked for on mprun's command line. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_OPTIONS_H
#define TRI_MPRUN_OPTIONS_H

#include "display.h"
#include "hosts.h"
#include "place_policy.h"
#include "util.h"

/* One program with its own options; MPMD command lines have several. */
struct tri_request {
    struct tri_strings argv;
    struct tri_strings env;     /* complete NAME=value entries of -x */
    char *dir;                  /* absolute */
    char *path;                 /* "" when not given */
    char *pset;                 /* process set of its ranks; "" when not given */
    uint32_t count;             /* ranks; 0: not given */
    struct tri_host_list hosts; /* empty: all hosts of the job */
};

struct tri_options {
    struct tri_request *requests;
    size_t nrequests;
    struct tri_hosts hosts;     /* at least one */
    struct tri_strings agent;   /* words of the launch agent's command */
    bool tag, verbose;
    struct tri_policy policy;   /* where ranks run */
    struct tri_display display;
    bool dry_run;
    struct tri_strings topologies; /* machines to plan for; none: ask the nodes */
    uint32_t timeout;           /* seconds; 0: none */
    uint32_t launch_timeout;    /* seconds for a daemon to report */
    uint32_t fanout;            /* daemons that one node starts; 0: all are started from here */
    uint32_t heartbeat;         /* seconds that a daemon may be silent; 0: for ever */
    char *prefix;               /* where Trireme is on other nodes; NULL: where it is here */
    uint32_t reader;            /* who reads mprun's stdin, as in tri_jobdesc */
    char *output_dir;           /* a file there for each rank's output; NULL: all to mprun's own */
    bool stamp;                 /* the time before each line of output */
};

/* Reads the command line. Ends the process with a message when it makes no sense, and after
 * --help and --version. */
void tri_options_parse(struct tri_options *options, int argc, char **argv);

#endif
