/* The cost of pipelines, and the best length of their pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "model.h"

#include "../src/request/request.h"
#include "../src/runtime/base.h"

enum { SEGMENT_LEAST = 1 << 12, SEGMENT_MOST = 1 << 20 };

/* The first piece goes through all steps; then one ends with every turn of the busiest rank. Where ranks share cores it
 * is a turn of all of them. */
static double cost_with(const struct tri_machine *machine, const struct tri_shape *shape, struct tri_pipeline pipeline,
                        double segment)
{
    const struct tri_loggp *link = shape->nodes > 1 ? &machine->net : &machine->node;
    double bytes = (double)shape->bytes, pieces = bytes > segment ? bytes / segment : 1;
    double length = bytes > segment ? segment : bytes;
    /* A piece is long enough for a handshake, which the few pieces under way do not hide. */
    double copy = link->latency + 2 * link->overhead + tri_cost_bytes(machine, shape, length),
           reduction = length * machine->reduce_per_byte;
    double shared = shape->ranks_a_core * pipeline.passes * (copy + (pipeline.reductions > 0 ? reduction : 0));
    double turn = TRI_MAX(pipeline.copies * copy + pipeline.reductions * reduction, shared);
    double step = (pipeline.fan - 1) * link->overhead + tri_cost_bytes(machine, shape, pipeline.fan * length) +
                  (pipeline.reductions > 0 ? pipeline.fan * reduction : 0);
    double first = tri_cost_rounds(machine, shape, pipeline.depth, 0) + TRI_MAX(pipeline.depth * step, shared);
    return first + (pieces - 1) * turn;
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

/* Long messages the receiver reads, if the kernel lets it; in a burst also such as could be eager (src/p2p/way.c). */
bool tri_cost_copied_once(const struct tri_shape *shape, double messages)
{
    int64_t above = messages >= TRI_BURST_SENDS ? TRI_BURST_BYTES : TRI_MODEL_EAGER_MAX;
    return shape->nodes == 1 && shape->ranks_a_core > 1 && shape->bytes > above;
}
