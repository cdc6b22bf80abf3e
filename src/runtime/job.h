/* Who this process is in its job: filled once at start from the launcher (or as a world of one). */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_JOB_H
#define TRI_JOB_H

#include "base.h"

struct tri_job {
    int rank, size;   /* in the job; the peer index of transports */
    int local_count;  /* processes on this node, own included */
    int *local;       /* their ranks, ascending */
    int appnum;       /* number of the program in an MPMD launch, or -1 */
    int universe;     /* slots that the launcher has, at least size */
    int cores;        /* cores that the processes of this node share */
    int cpus;         /* hardware threads that one of them may use which is not bound */
    bool oversubscribed; /* more local processes than cores */
    bool launched;    /* connected to the launcher that started it; false: started alone */
    char name[256];   /* the same in the whole job, different between jobs */
    char host[256];   /* name of this node */
};

extern struct tri_job tri_job;

/* Fills tri_job and connects to the launcher if there is one. Returns 0, or -1 after one line on stderr. */
int tri_job_start(void);

/* Leaves the launcher; frees what tri_job_start made. */
void tri_job_end(void);

/* Whether another process of the job runs on this node. */
bool tri_job_is_local(int rank);

/* The node of a process of the job, a number that only this process uses; -1: it does not tell. */
int tri_job_node_of(int rank);

#endif
