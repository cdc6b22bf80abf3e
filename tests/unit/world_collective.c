/* Collectives of the world: by an algorithm that is drawn from all that can do the call. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <limits.h>
#include <unistd.h>

#include "../../collectives/registry.h"
#include "../../collectives/select.h"
#include "../../src/request/request.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/progress.h"

char *world_input[WORLD_MAX], *world_output[WORLD_MAX];

static size_t half;
#define ONE(name) +1
static unsigned drawn[TRI_ALGORITHMS(ONE)]; /* by place in the registry */

/* Those that read blocks want bytes, which plans make of the call. */
static bool wants_plan(const struct tri_algorithm *algorithm)
{
    return algorithm->reads && algorithm->operation != TRI_REDUCE;
}

/* Whether it can do the whole call in one schedule. */
static bool can_do(const struct tri_algorithm *algorithm, enum tri_collective_id operation,
                   const struct tri_shape *shape)
{
    return tri_algorithm_can_do(algorithm, operation, shape) && !wants_plan(algorithm) &&
           (!algorithm->segment || shape->bytes <= algorithm->segment(shape));
}

/* Of those that can do the call the one that was drawn least: by the first rank that comes, for all. */
const struct tri_algorithm *world_draw(const struct tri_collective *call, uint64_t draw)
{
    static uint64_t last;
    static size_t place;
    const struct tri_shape shape = tri_collective_shape(call);
    if (draw == last) {
        return tri_algorithms[place];
    }
    last = draw;
    unsigned least = UINT_MAX;
    for (size_t i = 0; tri_algorithms[i]; i++) {
        assert_true(i < TRI_COUNT_OF(drawn));
        if (can_do(tri_algorithms[i], call->operation, &shape) && drawn[i] < least) {
            least = drawn[i];
            place = i;
        }
    }
    drawn[place]++;
    return tri_algorithms[place];
}

int world_call(struct tri_collective *call, uint64_t draw)
{
    call->size = call->comm->size;
    call->rank = call->comm->rank;
    int tag = tri_comm_next_tag(call->comm);
    struct tri_schedule *schedule = tri_schedule_take(call->comm, call->op);
    world_draw(call, draw)->build(schedule, call);
    int code = tri_run_blocking(schedule, tag, call->input, call->output);
    tri_schedule_release(schedule);
    return code;
}

void world_check_drawn(enum tri_collective_id operation)
{
    for (size_t i = 0; tri_algorithms[i]; i++) {
        if (tri_algorithms[i]->operation == operation && !tri_algorithms[i]->inter && !wants_plan(tri_algorithms[i]) &&
            !drawn[i]) {
            fail_msg("%s by %s was never drawn", tri_collective_names[operation], tri_algorithms[i]->name);
        }
    }
}

/* ---- what a group of tests needs ---- */

void world_start(size_t buffer_half)
{
    alarm(300); /* an algorithm whose ranks wait for each other would never end */
    tri_datatype_start();
    tri_op_start();
    half = buffer_half;
    for (int i = 0; i < WORLD_MAX; i++) {
        world_input[i] = (char *)tri_memory_take(2 * half) + half;
        world_output[i] = (char *)tri_memory_take(2 * half) + half;
    }
}

void world_end(void)
{
    for (int i = 0; i < WORLD_MAX; i++) {
        free(world_input[i] - half);
        free(world_output[i] - half);
    }
    tri_collectives_end();
    world_boards_free();
    tri_op_end();
    tri_datatype_end();
}

/* ---- stands in for src/request and parts of src/runtime ---- */

struct tri_pool tri_request_pools[TRI_LANES] = {{.kind = TRI_REQUEST, .size = sizeof(struct tri_request)}};
struct tri_job tri_job = {.size = WORLD_MAX, .local_count = WORLD_MAX, .cores = 2};

void tri_request_complete_special(struct tri_request *request)
{
    request->done(request);
}

void tri_request_give(struct tri_request *request)
{
    if (request->holds) {
        tri_datatype_release(request->op.type);
    }
    tri_pool_give(tri_request_pools, request);
}

void tri_progress_watch(int (*look)(void), const unsigned *work)
{
    (void)look;
    (void)work;
}
