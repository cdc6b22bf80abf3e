/* The table of a run: times of the algorithms against ranks and size, and where the selection would change. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_SWEEP_H
#define TRI_MPSIM_SWEEP_H

#include "options.h"

enum { SIM_ALGORITHMS = 32 };

/* All cells, by number of ranks, then by size. */
struct sim_cell {
    int ranks;
    int64_t bytes;
    int choice; /* the library's, -1: none */
    struct sim_answer answers[SIM_ALGORITHMS];
};

struct sim_sweep {
    const struct sim_options *options;
    int algorithm_count;
    const struct tri_algorithm *algorithms[SIM_ALGORITHMS];
    struct sim_cell *cells;
};

static inline struct sim_cell *sim_sweep_cell(const struct sim_sweep *sweep, int ranks, int bytes)
{
    return &sweep->cells[ranks * sweep->options->bytes.count + bytes];
}

/* Fills the sweep and prints the table. Ends the program after one line when a schedule is wrong. */
void sim_sweep_run(struct sim_sweep *sweep, const struct sim_options *options);
void sim_sweep_free(struct sim_sweep *sweep);

/* The quickest algorithm of a cell by simulation, -1: none. */
int sim_sweep_quickest(const struct sim_sweep *sweep, const struct sim_cell *cell);

/* choice.c: for each number of ranks what the library takes and what is quickest, and where they differ. */
void sim_choice_print(const struct sim_sweep *sweep, struct table *table);

/* plot.c: draws the sweep. Ends the program after one line when the file can not be written. */
void sim_plot(const struct sim_sweep *sweep, const char *path);

#endif
