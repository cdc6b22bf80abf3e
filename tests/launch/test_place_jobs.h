/* test_place_jobs.h: what the tests of placing share: jobs on described machines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TEST_PLACE_JOBS_H
#define TRI_TEST_PLACE_JOBS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "place_hwloc.h"
#include "place_job.h"
#include "place_message.h"

/* Machines: two packages of four NUMA domains, each with two L3 caches of four cores; and those of
 * the directory topologies. cut: of its 32 hardware threads the job may use 0-2, 14-17 and 20-23.
 * hybrid: four slow cores (0, 2, 4, 6) and four fast ones. device: a network card at domain 2, to
 * which 3 is nearest, then 1. */
#define BIG "package:2 numa:4 l3:2 core:4 pu:2"
#define SMALL "package:2 core:2 pu:1"
#define EIGHT "package:1 core:8 pu:1"
#define UNEVEN TOPOLOGIES "/asymmetric.xml"
#define CUT TOPOLOGIES "/cut.xml"
#define HYBRID TOPOLOGIES "/hybrid.xml"
#define DEVICE TOPOLOGIES "/device.xml"

struct setting {
    const char *machine;
    const char *hosts;     /* NULL: one */
    uint32_t count;        /* 0: not said */
    const char *map, *rank, *bind, *cpus;
    const char *busy;      /* cores that others have */
    const char *threads;   /* OMP_NUM_THREADS */
};

/* A job of one program on machines that are all alike. */
struct job {
    struct tri_options options;
    struct tri_request request;
    struct tri_machine *machines[4];
    struct tri_jobdesc desc;
    struct tri_layout layout;
    char *why;
};

/* A machine; the test fails if there is none. The caller frees it. */
struct tri_machine *load(const struct setting *setting);

/* Places a job, or sets why. */
void open_job(struct job *job, const struct setting *setting);
void close_job(struct job *job);

#endif
