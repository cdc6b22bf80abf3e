/* Going through all ranks, sizes and algorithms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "sweep.h"

#include <math.h>
#include <stdlib.h>

#include "standin.h"

static void find_algorithms(struct sim_sweep *sweep)
{
    const struct sim_options *options = sweep->options;
    for (size_t i = 0; tri_algorithms[i] && sweep->algorithm_count < SIM_ALGORITHMS; i++) {
        const struct tri_algorithm *algorithm = tri_algorithms[i];
        if (algorithm->operation == options->operation && !algorithm->inter &&
            (!options->algorithm || options->algorithm == algorithm)) {
            sweep->algorithms[sweep->algorithm_count++] = algorithm;
        }
    }
}

static int index_of(const struct sim_sweep *sweep, const struct tri_algorithm *algorithm)
{
    for (int i = 0; i < sweep->algorithm_count; i++) {
        if (sweep->algorithms[i] == algorithm) {
            return i;
        }
    }
    return -1;
}

static void fill(const struct sim_sweep *sweep, struct sim_cell *cell)
{
    const struct sim_question question = sim_options_question(sweep->options, cell->ranks, cell->bytes);
    cell->choice = index_of(sweep, sim_question_choice(&question));
    for (int i = 0; i < sweep->algorithm_count; i++) {
        const struct tri_algorithm *algorithm = sweep->algorithms[i];
        cell->answers[i] = sim_question_ask(&question, algorithm, sweep->options->trace ? stdout : NULL);
        if (cell->answers[i].outcome == SIM_BROKEN) {
            sim_die(SIM_EXIT_FAILED, "%s by %s with %d ranks and %lld bytes is wrong: %s",
                    tri_collective_names[question.operation], algorithm->name, cell->ranks, (long long)cell->bytes,
                    cell->answers[i].problem);
        }
    }
}

static double microseconds(const struct sim_answer *answer, double seconds)
{
    return answer->outcome == SIM_DONE ? seconds * 1e6 : NAN;
}

static void print_row(const struct sim_sweep *sweep, const struct sim_cell *cell, struct table *table)
{
    double row[SIM_ALGORITHMS + 10] = {cell->ranks, (double)cell->bytes};
    const struct sim_answer *one = &cell->answers[0];
    for (int i = 0; i < sweep->algorithm_count; i++) {
        row[2 + i] = microseconds(&cell->answers[i], cell->answers[i].result.last);
    }
    if (sweep->options->algorithm) {
        row[3] = microseconds(one, one->result.mean);
        row[4] = microseconds(one, one->result.first);
        row[5] = one->formula * 1e6;
        row[6] = one->outcome == SIM_DONE ? (double)one->messages : NAN;
    }
    table_row(table, row);
}

static struct table *open_table(const struct sim_sweep *sweep, struct column *columns)
{
    static char names[SIM_ALGORITHMS][64];
    static const struct column more[] = {{"mean_us", 3}, {"first_us", 3}, {"formula_us", 3}, {"messages", 0}};
    int count = 0;
    columns[count++] = (struct column){"ranks", 0};
    columns[count++] = (struct column){"size_B", 0};
    for (int i = 0; i < sweep->algorithm_count; i++) {
        snprintf(names[i], sizeof names[i], "%s_us", sweep->algorithms[i]->name);
        columns[count++] = (struct column){names[i], 3};
    }
    for (size_t i = 0; sweep->options->algorithm && i < TRI_COUNT_OF(more); i++) {
        columns[count++] = more[i];
    }
    return table_open(sweep->options->format, tri_collective_names[sweep->options->operation], columns, count);
}

/* What the table does not show by itself. */
static void print_gaps(const struct sim_sweep *sweep, struct table *table)
{
    int large = 0, cells = sweep->options->ranks.count * sweep->options->bytes.count;
    for (int i = 0; i < cells * sweep->algorithm_count; i++) {
        const struct sim_cell *cell = &sweep->cells[i / sweep->algorithm_count];
        large += cell->answers[i % sweep->algorithm_count].outcome == SIM_LARGE;
    }
    if (large) {
        table_fact(table, "left out", "%d for more than %lld messages; see --limit", large,
                   (long long)sweep->options->limit);
    }
}

void sim_sweep_run(struct sim_sweep *sweep, const struct sim_options *options)
{
    struct column columns[SIM_ALGORITHMS + 10];
    *sweep = (struct sim_sweep){.options = options};
    find_algorithms(sweep);
    sweep->cells = tri_memory_take((size_t)(options->ranks.count * options->bytes.count) * sizeof *sweep->cells);
    struct table *table = open_table(sweep, columns);
    for (int i = 0; i < options->ranks.count; i++) {
        for (int k = 0; k < options->bytes.count; k++) {
            struct sim_cell *cell = sim_sweep_cell(sweep, i, k);
            *cell = (struct sim_cell){.ranks = (int)options->ranks.value[i], .bytes = (int64_t)options->bytes.value[k]};
            fill(sweep, cell);
            print_row(sweep, cell, table);
        }
    }
    print_gaps(sweep, table);
    if (!options->algorithm) {
        sim_choice_print(sweep, table);
    }
    table_close(table);
}

void sim_sweep_free(struct sim_sweep *sweep)
{
    free(sweep->cells);
}

int sim_sweep_quickest(const struct sim_sweep *sweep, const struct sim_cell *cell)
{
    int best = -1;
    for (int i = 0; i < sweep->algorithm_count; i++) {
        if (cell->answers[i].outcome == SIM_DONE &&
            (best < 0 || cell->answers[i].result.last < cell->answers[best].result.last)) {
            best = i;
        }
    }
    return best;
}
