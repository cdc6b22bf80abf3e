/* mpbench: benchmarks in plain MPI; this file starts MPI and runs one subcommand. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <string.h>

double init_seconds, init_rss_before, init_rss_after;

static const struct bench *const benches[] = {
    &bench_latency,        &bench_bandwidth,
    &bench_bibandwidth,    &bench_rate,
    &bench_pipeline,       &bench_crossover,
    &bench_barrier,        &bench_bcast,
    &bench_scatter,        &bench_gather,
    &bench_allgather,      &bench_alltoall,
    &bench_reduce,         &bench_allreduce,
    &bench_reduce_scatter, &bench_scan,
    &bench_depth,          &bench_flood,
    &bench_datatype,       &bench_init,
    &bench_tune,           &bench_threads,
    NULL,
};

static void start(int *argc, char ***argv)
{
    int provided;

    init_rss_before = memory_kib("VmRSS");
    double begin = clock_now();
    /* Locks cost something: only who needs them asks for them. */
    if (*argc > 1 && strcmp((*argv)[1], bench_threads.name) == 0)
        MPI_Init_thread(argc, argv, MPI_THREAD_MULTIPLE, &provided);
    else
        MPI_Init(argc, argv);
    init_seconds = clock_now() - begin;
    init_rss_after = memory_kib("VmRSS");
}

int main(int argc, char **argv)
{
    const struct bench *bench = NULL;
    struct options options;
    int code = 2;

    start(&argc, &argv);
    switch (cli_parse("mpbench", benches, argc, argv, world_rank() == 0, &options, &bench)) {
    case CLI_RUN:
        if (world_size() < bench->min_ranks)
            bench_die("mpbench %s: at least %d ranks are needed (start it with -n %d)", bench->name,
                      bench->min_ranks, bench->min_ranks);
        code = bench->run(&options);
        break;
    case CLI_DONE:
        code = 0;
        break;
    case CLI_ERROR:
        break;
    }
    MPI_Finalize();
    return code;
}
