/* mpbench bandwidth: windows of messages in one direction, each window acknowledged. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static int run(const struct options *options)
{
    return stream_bandwidth(options, "bandwidth", false);
}

const struct bench bench_bandwidth = {
    .name = "bandwidth",
    .summary = "Bytes a second from the first to the last rank, many messages under way",
    .argp = &stream_argp,
    .min_ranks = 2,
    .run = run,
};
