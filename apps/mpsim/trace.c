/* Telling what happens in a simulation, and what went wrong. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>

#include "state.h"

void sim_trace(const struct sim *sim, double time, int rank, const char *format, ...)
{
    if (!sim->trace) {
        return;
    }
    va_list args;
    va_start(args, format);
    fprintf(sim->trace, "%12.3f us  rank %d ", time * 1e6, rank);
    vfprintf(sim->trace, format, args);
    fputc('\n', sim->trace);
    va_end(args);
}

/* A run that has not come to its end, or NULL. */
static const struct sim_run *stuck_run(const struct sim *sim, int *rank)
{
    for (size_t i = 0; i < (size_t)sim->program->ranks * (size_t)sim->window; i++) {
        if (sim->runs[i].part) {
            *rank = (int)(i / (size_t)sim->window);
            return &sim->runs[i];
        }
    }
    return NULL;
}

void sim_explain(struct sim *sim)
{
    int rank = 0;
    const struct sim_run *run = stuck_run(sim, &rank);
    const struct sim_letter *letter = sim_pairs_any(&sim->pairs);
    if (!run && !letter) {
        return;
    }
    sim->failed = true;
    if (run && run->looking) {
        snprintf(sim->problem, sizeof sim->problem, "rank %d waits for ever in round %d for what rank %d never shows",
                 rank, run->round, sim->program->peers[run->part->peers + (size_t)run->look]);
    } else if (letter && letter->kind == SIM_RECEIVE) {
        snprintf(sim->problem, sizeof sim->problem, "rank %d waits for ever for a message from rank %d", letter->target,
                 letter->source);
    } else if (letter) {
        snprintf(sim->problem, sizeof sim->problem, "a message of %lld bytes from rank %d to %d is never received",
                 (long long)letter->bytes, letter->source, letter->target);
    } else {
        snprintf(sim->problem, sizeof sim->problem, "rank %d does not come to an end in round %d", rank, run->round);
    }
}

void sim_check(struct sim *sim, const struct sim_letter *receive, const struct sim_letter *message)
{
    if (sim->failed || (receive->bytes == message->bytes && receive->piece == message->piece)) {
        return;
    }
    sim->failed = true;
    const char *what = receive->bytes == message->bytes ? "of another piece, one of" : "of";
    snprintf(sim->problem, sizeof sim->problem,
             "rank %d sends %lld bytes to rank %d, which has a receive %s %lld bytes", message->source,
             (long long)message->bytes, message->target, what, (long long)receive->bytes);
}
