/* Cores, and the turns of ranks that share one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "state.h"

struct sim_core *sim_core_of(const struct sim *sim, int rank)
{
    int a_node = sim->layout.ranks_a_node, cores = sim->layout.cores_a_node;
    return &sim->cores[cores ? rank / a_node * cores + rank % a_node % cores : rank];
}

/* When the rank has the core that it shares, if it has something to do from that time on. */
static double turn_of(const struct sim *sim, const struct sim_core *core, int rank, double time)
{
    if (core->rank < 0 || (core->rank == rank && time <= core->free)) {
        return TRI_MAX(time, core->free);
    }
    int cores = sim->layout.cores_a_node, a_node = sim->layout.ranks_a_node;
    int ahead = (rank % a_node / cores - core->rank % a_node / cores + core->sharers) % core->sharers;
    double first = core->free + ahead * tri_machine.turn, round = core->sharers * tri_machine.turn;
    if (time <= first || round == 0) {
        return TRI_MAX(first, time);
    }
    /* A turn that begins now is not missed by what was lost in rounding. */
    return TRI_MAX(time, first + ceil((time - first) / round - 1e-6) * round);
}

bool sim_is_turn(const struct sim *sim, int rank, double time, double *turn)
{
    const struct sim_core *core = sim_core_of(sim, rank);
    *turn = time;
    if (core->sharers > 1 && !(core->rank == rank && time <= core->free)) {
        *turn = turn_of(sim, core, rank, time);
    }
    return *turn <= time;
}

double sim_use_core(struct sim *sim, int rank, double time, double seconds)
{
    struct sim_core *core = sim_core_of(sim, rank);
    double begin = core->sharers > 1 ? turn_of(sim, core, rank, time) : TRI_MAX(time, core->free);
    core->rank = rank;
    return core->free = begin + seconds;
}

/* ---- messages that wait for the turn of their rank ---- */

void sim_inbox_put(struct sim *sim, const struct sim_event *message)
{
    struct sim_inbox *inbox = &sim->inbox;
    struct sim_rank *rank = &sim->ranks[message->target];
    uint32_t index = inbox->free;
    if (index) {
        inbox->free = inbox->messages[index].next;
    } else {
        if (inbox->used + 1 >= inbox->room) {
            inbox->room = inbox->room ? 2 * inbox->room : 1024;
            inbox->messages = tri_memory_grow(inbox->messages, inbox->room * sizeof *inbox->messages);
        }
        index = ++inbox->used; /* number 0 ends a list */
    }
    inbox->messages[index] = *message;
    inbox->messages[index].next = 0;
    if (rank->first_in) {
        inbox->messages[rank->last_in].next = index;
    } else {
        rank->first_in = index;
    }
    rank->last_in = index;
}

bool sim_inbox_take(struct sim *sim, int rank, struct sim_event *message)
{
    struct sim_inbox *inbox = &sim->inbox;
    uint32_t index = sim->ranks[rank].first_in;
    if (!index) {
        return false;
    }
    *message = inbox->messages[index];
    sim->ranks[rank].first_in = message->next;
    inbox->messages[index].next = inbox->free;
    inbox->free = index;
    return true;
}
