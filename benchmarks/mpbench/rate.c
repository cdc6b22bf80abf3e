/* mpbench rate: small messages a second, the lower half of the ranks sending to the upper half. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <stdlib.h>

/* The job is as quick as its slowest pair, so each repetition counts with its longest time. */
static void measure_size(const struct options *options, struct stream *s, MPI_Comm comm, int pairs,
                         struct table *table)
{
    double *mine = samples_new(options), *slowest = samples_new(options);

    stream_verify(s);
    measure(options, 10e-3, comm, stream_run, s, mine);
    MPI_Reduce(mine, slowest, options->reps, MPI_DOUBLE, MPI_MAX, 0, comm);
    if (table) {
        for (int i = 0; i < options->reps; i++)
            slowest[i] = 1e-6 * s->window * pairs / slowest[i];
        double row[] = {s->size,
                        stats_median(slowest, options->reps),
                        stats_min(slowest, options->reps),
                        stats_max(slowest, options->reps),
                        pairs,
                        s->window};
        table_row(table, row);
    }
    progress_say(options, "rate: %d bytes", s->size);
    free(mine);
    free(slowest);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {{"size_B", 0},     {"rate_Mmsgps", 3},
                                            {"min_Mmsgps", 3}, {"max_Mmsgps", 3},
                                            {"pairs", 0},      {"window", 0}};
    struct table *table = bench_table(options, "rate", columns, 6);
    struct list own, copy;
    const struct list *sizes = sizes_or(options, "8", &own);
    struct stream stream;
    MPI_Comm comm;
    int pairs = world_size() / 2, rank = world_rank();
    bool sender = rank < pairs;

    copy = *sizes;
    /* With an odd number of ranks the last one has no partner. */
    MPI_Comm_split(MPI_COMM_WORLD, rank < 2 * pairs ? 0 : MPI_UNDEFINED, rank, &comm);
    if (comm != MPI_COMM_NULL) {
        stream_open(&stream, comm, sender, false, sender ? rank + pairs : rank - pairs,
                    stats_max(copy.value, copy.count));
        for (int i = 0; i < sizes->count; i++) {
            stream_size(&stream, (int)sizes->value[i]);
            measure_size(options, &stream, comm, pairs, table);
        }
        stream_close(&stream);
        MPI_Comm_free(&comm);
    }
    table_close(table);
    return 0;
}

const struct bench bench_rate = {
    .name = "rate",
    .summary = "Millions of small messages a second, all pairs of ranks together",
    .argp = &stream_argp,
    .min_ranks = 2,
    .run = run,
};
