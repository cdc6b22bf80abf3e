/* mpsim: simulates collective operations on machines of any size by the library's own schedules. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "compare.h"
#include "standin.h"
#include "sweep.h"

/* The schedule of one rank for each cell. */
static void print_schedules(const struct sim_options *options)
{
    for (int i = 0; i < options->ranks.count * options->bytes.count; i++) {
        int ranks = (int)options->ranks.value[i / options->bytes.count];
        int64_t bytes = (int64_t)options->bytes.value[i % options->bytes.count];
        const struct sim_question question = sim_options_question(options, ranks, bytes);
        const struct tri_algorithm *algorithm =
            options->algorithm ? options->algorithm : sim_question_choice(&question);
        if (options->print_rank >= ranks) {
            sim_die(SIM_EXIT_USAGE, "--print=%d: there are %d ranks, from 0", options->print_rank, ranks);
        }
        printf("# %s by %s, rank %d of %d, %lld bytes\n", tri_collective_names[options->operation], algorithm->name,
               options->print_rank, ranks, (long long)bytes);
        if (!sim_question_print(&question, algorithm, options->print_rank, stdout)) {
            puts("not for this");
        }
    }
}

static void run_sweep(const struct sim_options *options)
{
    struct sim_sweep sweep;
    sim_sweep_run(&sweep, options);
    if (options->plot) {
        sim_plot(&sweep, options->plot);
    }
    sim_sweep_free(&sweep);
}

int main(int argc, char **argv)
{
    struct sim_options options;
    sim_options_read(argc, argv, &options);
    sim_question_start();
    if (options.print) {
        print_schedules(&options);
    } else if (options.compare) {
        sim_compare(&options);
    } else {
        run_sweep(&options);
    }
    sim_question_end();
    if (ferror(stdout) || fflush(stdout)) {
        sim_die(SIM_EXIT_FAILED, "standard output can not be written");
    }
    return EXIT_SUCCESS;
}
