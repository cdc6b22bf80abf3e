/* The command line of mpsim. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_OPTIONS_H
#define TRI_MPSIM_OPTIONS_H

#include "../../benchmarks/common/bench.h"
#include "question.h"

struct sim_options {
    enum tri_collective_id operation;
    const struct tri_algorithm *algorithm; /* NULL: all of the operation */
    struct list ranks, bytes;
    struct sim_layout layout;
    bool board;
    int64_t limit;
    enum table_format format;
    const char *plot;    /* file, or NULL */
    const char *compare; /* file, or NULL */
    bool trace, print;
    int print_rank;
};

/* Fills *options and tri_machine; ends the program after one line when something is wrong, and after --help. */
void sim_options_read(int argc, char **argv, struct sim_options *options);

/* The question of one cell of the table. */
struct sim_question sim_options_question(const struct sim_options *options, int ranks, int64_t bytes);

#endif
