/* mpbench bibandwidth: windows of messages in both directions at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static int run(const struct options *options)
{
    return stream_bandwidth(options, "bibandwidth", true);
}

const struct bench bench_bibandwidth = {
    .name = "bibandwidth",
    .summary = "Bytes a second of both directions together, first and last rank",
    .argp = &stream_argp,
    .min_ranks = 2,
    .run = run,
};
