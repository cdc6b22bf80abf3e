/* The cost of pipelines, and the best length of their pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "model.h"

#include "../src/runtime/base.h"

enum { SEGMENT_LEAST = 1 << 12, SEGMENT_MOST = 1 << 20 };

/* The piece goes on when the busiest rank is through with it; where ranks share cores, when all of them are. */
static double busy(const struct tri_shape *shape, int busiest, int average)
{
    return TRI_MAX(busiest, average * shape->ranks_a_core);
}

/* The first piece goes through all steps; then a piece ends with every turn of the busiest rank. */
static double cost_with(const struct tri_machine *machine, const struct tri_shape *shape, struct tri_pipeline pipeline,
                        double segment)
{
    const struct tri_loggp *link = shape->nodes > 1 ? &machine->net : &machine->node;
    double bytes = (double)shape->bytes, pieces = bytes > segment ? bytes / segment : 1;
    double length = bytes > segment ? segment : bytes;
    double copies = busy(shape, pipeline.copies, pipeline.average_copies);
    double reductions = busy(shape, pipeline.reductions, pipeline.average_reductions);
    double turn =
        copies * (2 * link->overhead + length * link->per_byte) + reductions * length * machine->reduce_per_byte;
    return tri_cost_rounds(machine, shape, pipeline.depth, pipeline.depth * length) + (pieces - 1) * turn;
}

int64_t tri_pipeline_segment(const struct tri_machine *machine, const struct tri_shape *shape,
                             struct tri_pipeline pipeline)
{
    int64_t best = SEGMENT_LEAST;
    for (int64_t segment = SEGMENT_LEAST; segment <= SEGMENT_MOST; segment *= 2) {
        if (cost_with(machine, shape, pipeline, (double)segment) < cost_with(machine, shape, pipeline, (double)best)) {
            best = segment;
        }
    }
    return best;
}

double tri_pipeline_cost(const struct tri_machine *machine, const struct tri_shape *shape, struct tri_pipeline pipeline)
{
    return cost_with(machine, shape, pipeline, (double)tri_pipeline_segment(machine, shape, pipeline));
}
