/* The memory of a simulation, and what it comes to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "state.h"

static void *zeroed(size_t count, size_t size)
{
    void *memory = tri_memory_take(count * size);
    memset(memory, 0, count * size);
    return memory;
}

bool sim_is_sound(struct sim *sim)
{
    const struct sim_program *program = sim->program;
    for (size_t i = 0; i < program->peer_count; i++) {
        if (program->peers[i] < 0 || program->peers[i] >= program->ranks) {
            snprintf(sim->problem, sizeof sim->problem, "a schedule has rank %d as a peer, and there are %d ranks",
                     program->peers[i], program->ranks);
            return false;
        }
    }
    if (program->uses_board && TRI_MIN(program->ranks, program->ranks_a_node) > TRI_BOARD_LIMIT) {
        snprintf(sim->problem, sizeof sim->problem,
                 "a schedule uses the board, which is for %d ranks of a node at most", TRI_BOARD_LIMIT);
        return false;
    }
    return true;
}

void sim_start(struct sim *sim)
{
    size_t ranks = (size_t)sim->program->ranks;
    size_t nodes = (ranks - 1) / (size_t)sim->layout.ranks_a_node + 1;
    size_t cores = sim->layout.cores_a_node ? nodes * (size_t)sim->layout.cores_a_node : ranks;
    sim->window = (int)TRI_MIN(sim->program->pieces, SIM_WINDOW);
    sim->ranks = zeroed(ranks, sizeof *sim->ranks);
    sim->runs = zeroed(ranks * (size_t)sim->window, sizeof *sim->runs);
    sim->shown = sim->program->uses_board ? zeroed(ranks, sizeof *sim->shown) : NULL;
    sim->cores = zeroed(cores, sizeof *sim->cores);
    for (size_t i = 0; i < cores; i++) {
        sim->cores[i].rank = -1;
    }
    for (int i = 0; i < sim->program->ranks; i++) {
        sim_core_of(sim, i)->sharers++;
        sim_events_add(&sim->events, (struct sim_event){.target = i, .kind = SIM_START});
    }
}

void sim_end(struct sim *sim, struct sim_result *result)
{
    int ranks = sim->program->ranks;
    *result = (struct sim_result){.first = sim->ranks[0].end, .events = sim->events.added};
    for (int i = 0; i < ranks; i++) {
        result->first = TRI_MIN(result->first, sim->ranks[i].end);
        result->last = TRI_MAX(result->last, sim->ranks[i].end);
        result->mean += sim->ranks[i].end / ranks;
    }
    free(sim->ranks);
    free(sim->runs);
    free(sim->shown);
    free(sim->cores);
    free(sim->inbox.messages);
    sim_events_free(&sim->events);
    sim_pairs_free(&sim->pairs);
}
