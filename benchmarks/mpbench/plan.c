/* The plan of a pipeline: service times, and what an ideal machine would reach with them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"
#include "pipeline.h"

#include <stdint.h>
#include <stdlib.h>

/* An even number from 0 to 1 that depends on stage and item only (a mixing of 64 bits). */
static double noise(int stage, int item)
{
    uint64_t bits = ((uint64_t)stage << 32 | (uint32_t)item) + 1;

    for (int round = 0; round < 3; round++) {
        bits *= 0x9E3779B97F4A7C15u;
        bits ^= bits >> 29;
    }
    return (double)(bits >> 11) / (double)(1ull << 53);
}

static double mean_service(const struct plan *plan, int stage)
{
    int last = plan->service.count - 1;

    return 1e-6 * plan->service.value[stage < last ? stage : last];
}

double plan_service(const struct plan *plan, int stage, int item)
{
    return mean_service(plan, stage) * (1 + plan->jitter * (2 * noise(stage, item) - 1));
}

static double later(double a, double b)
{
    return a > b ? a : b;
}

double plan_bound(const struct plan *plan, int stages)
{
    double slowest = 0;

    for (int stage = 0; stage < stages; stage++) {
        double sum = 0;
        for (int item = 1; item < plan->items; item++)
            sum += plan_service(plan, stage, item);
        slowest = later(slowest, sum);
    }
    return (plan->items - 1) / slowest;
}

/* Follows item after item through all stages. taken[stage][item] is when the stage begins with the
 * item, left[stage] when it last became free. A stage is free again once the next one has taken the
 * item (no slot), or has taken the item `slots` before (then there is room for this one). */
double plan_ideal(const struct plan *plan, int stages, int slots)
{
    size_t items = (size_t)plan->items;
    double *taken = calloc((size_t)(stages + 1) * items, sizeof *taken);
    double *left = calloc((size_t)stages + 1, sizeof *left);
    double first = 0, done = 0;

    if (!taken || !left)
        bench_die("mpbench pipeline: no memory to follow %zu items", items);
    for (int item = 0; item < plan->items; item++) {
        double offered = 0;
        for (int stage = 0; stage < stages; stage++) {
            double *own = taken + (size_t)stage * items, *next = own + items;
            own[item] = later(offered, left[stage]);
            done = own[item] + plan_service(plan, stage, item);
            if (stage == stages - 1)
                left[stage] = done;
            else if (slots == 0)
                left[stage] = later(done, left[stage + 1]);
            else
                left[stage] = later(done, item >= slots ? next[item - slots] : 0);
            offered = left[stage];
        }
        if (item == 0)
            first = done;
    }
    free(taken);
    free(left);
    return (plan->items - 1) / (done - first);
}
