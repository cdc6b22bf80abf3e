/* limits: the raw limits of this machine in the form of mpbench's tables. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

static const struct bench *const benches[] = {&bench_cacheline, &bench_memcpy, &bench_cma,
                                              &bench_tcp, NULL};

int main(int argc, char **argv)
{
    const struct bench *bench;
    struct options options;

    switch (cli_parse("limits", benches, argc, argv, true, &options, &bench)) {
    case CLI_RUN:
        return bench->run(&options);
    case CLI_DONE:
        return 0;
    case CLI_ERROR:
        break;
    }
    return 2;
}
