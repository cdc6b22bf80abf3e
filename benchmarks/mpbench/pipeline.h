/* The plan of a pipeline: service times, and what an ideal machine would reach with them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRIREME_PIPELINE_H
#define TRIREME_PIPELINE_H

#include "../common/bench.h"

struct plan {
    struct list service; /* us of each stage; the last value counts for all further stages */
    double jitter;       /* 0.5: between half and one and a half times the service time */
    int items;
};

/* Seconds that a stage works on an item; the same on every rank and in every run. */
double plan_service(const struct plan *plan, int stage, int item);

/* Items a second that the slowest stage could do alone: 1 / max t_i, t_i being the mean of the
 * times that were drawn. */
double plan_bound(const struct plan *plan, int stages);

/* Items a second if handing over took no time, with that many slots between two stages. */
double plan_ideal(const struct plan *plan, int stages, int slots);

#endif
