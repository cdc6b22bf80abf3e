/* What collective benchmarks verify: blocks of bytes for pairs of ranks, and sums of doubles. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static unsigned seed_of(int from, int to)
{
    return (unsigned)(from * 7 + to);
}

static char *block_of(char *buffer, const struct collective *c, int place)
{
    return buffer + (size_t)c->size * (size_t)place;
}

void block_fill(const struct collective *c, int place, int from, int to)
{
    pattern_fill(block_of(c->out, c, place), (size_t)c->size, seed_of(from, to));
}

void block_spoil(const struct collective *c, int place, int from, int to)
{
    pattern_fill(block_of(c->in, c, place), (size_t)c->size, seed_of(from, to) + 1);
}

void block_check(const struct collective *c, int place, int from, int to)
{
    long wrong = pattern_check(block_of(c->in, c, place), (size_t)c->size, seed_of(from, to));

    if (wrong >= 0)
        bench_die("mpbench %s: the block from rank %d to %d is wrong at byte %ld of %d", c->name,
                  from, to, wrong, c->size);
}

int sum_count(const struct collective *c)
{
    return c->size < 8 ? 1 : c->size / 8;
}

void sum_fill(const struct collective *c, int blocks)
{
    double *out = (double *)c->out, *in = (double *)c->in;

    for (int i = 0; i < sum_count(c) * blocks; i++) {
        out[i] = world_rank() + i;
        in[i] = -1;
    }
}

void sum_check(const struct collective *c, int block, int ranks)
{
    const double *in = (const double *)c->in;
    int count = sum_count(c);

    for (int i = 0; i < count; i++) {
        double one = (double)block * count + i;
        if (in[i] != ranks * one + 0.5 * ranks * (ranks - 1))
            bench_die("mpbench %s: rank %d has a wrong sum at element %d of %d", c->name,
                      world_rank(), i, count);
    }
}
