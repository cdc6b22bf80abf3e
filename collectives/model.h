/* What a message, a look at the board and a reduction cost on this machine, for choosing algorithms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MODEL_H
#define TRI_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* LogGP (Alexandrov, Ionescu, Schauser, Scheiman: LogGP, SPAA 1995): latency L, overhead o of sending or receiving, gap
 * g between two messages, gap G per byte. Seconds. */
struct tri_loggp {
    double latency, overhead, gap, per_byte;
};

struct tri_machine {
    struct tri_loggp node, net;
    double flag;            /* until a peer has seen what is shown on the board: a barrier of two */
    double copy_per_byte;   /* from one's cache to another's */
    double reduce_per_byte; /* operands in the cache */
    double turn;            /* until the next rank has the core, where ranks share one */
};

/* What all ranks of a collective know about it alike. */
struct tri_shape {
    int ranks;
    int nodes;        /* 1: all on one */
    int ranks_a_core; /* 1: each has a core of its own */
    int64_t bytes;   /* the vector (bcast, reductions) or one rank's block (the others; an average where they differ) */
    int64_t element; /* reductions: bytes of one element; otherwise 1 */
    bool regular;    /* no counts of each rank */
    bool commutative; /* reductions: the operation */
    bool predefined;  /* reductions: the type is */
    bool exact;       /* reductions: any order of operands gives the same bits */
    bool board;       /* there is one, and all are on one node */
    bool readable;    /* with a board: the ranks can read each other's memory */
    int domains;      /* of the board (board.h); 0 or 1: there is no choice */
    int crowd;        /* members of the largest of several */
    bool levels;      /* several nodes, and a board on each that has more than one rank */
    int most;         /* ranks of the node with the most of them */
    bool even;        /* consecutive ranks share a node, as many on each */
    bool inter;       /* between the groups of an intercommunicator */
};

extern struct tri_machine tri_machine;

enum { TRI_MODEL_EAGER_MAX = 32768 }; /* on a node, where TRIREME_EAGER_MAX is not set */

/* On a node both ends copy: at the same time where each has a core of its own. */
static inline double tri_cost_bytes(const struct tri_machine *machine, const struct tri_shape *shape, double bytes)
{
    if (shape->nodes > 1) {
        return bytes * machine->net.per_byte;
    }
    return bytes * machine->node.per_byte * (shape->ranks_a_core > 1 ? 2 : 1);
}

/* Of what a rank has just computed no other one has anything in its cache, as it may have of what the program has had
 * sent before: that comes on top of a message's cost on a node. */
static inline double tri_cost_fresh(const struct tri_machine *machine, const struct tri_shape *shape, double bytes)
{
    return shape->nodes > 1 ? 0 : bytes * machine->copy_per_byte;
}

/* Where ranks share a core, one that waits gives it to each of the others and gets it back. */
static inline double tri_cost_turns(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return shape->ranks_a_core > 1 ? shape->ranks_a_core * machine->turn : 0;
}

/* Rounds of messages, one after the other, that carry so many bytes in all. */
static inline double tri_cost_rounds(const struct tri_machine *machine, const struct tri_shape *shape, double rounds,
                                     double bytes)
{
    const struct tri_loggp *link = shape->nodes > 1 ? &machine->net : &machine->node;
    return rounds * (link->latency + 2 * link->overhead + tri_cost_turns(machine, shape)) +
           tri_cost_bytes(machine, shape, bytes);
}

/* Bytes that the slowest chain of ranks moves; but where ranks share cores, the bytes of all of them go through those.
 */
static inline double tri_cost_shared(const struct tri_shape *shape, double chain, double all)
{
    double of_core = all / shape->ranks * shape->ranks_a_core;
    return of_core > chain ? of_core : chain;
}

/* The same if each rank moves as many. */
static inline double tri_cost_each(const struct tri_shape *shape, double bytes)
{
    return bytes * shape->ranks_a_core;
}

/* Whether of so many messages at once, each of one block, only the receiver copies, as where ranks share cores
 * (model.c).
 */
bool tri_cost_copied_once(const struct tri_shape *shape, double messages);

/* So many messages, each of one block, that one rank sends or receives at once. Between nodes they hinder each other,
 * the more the more there are: a tenth of a percent each is a guess, which only matters where many ranks move much. */
static inline double tri_cost_burst(const struct tri_machine *machine, const struct tri_shape *shape, double messages,
                                    double bytes)
{
    const struct tri_loggp *link = shape->nodes > 1 ? &machine->net : &machine->node;
    double crowd = shape->nodes > 1 ? 1 + 0.001 * messages : 1;
    double copied = tri_cost_copied_once(shape, messages) ? bytes / 2 : bytes;
    return tri_cost_rounds(machine, shape, 1, crowd * copied) +
           (messages - 1) * (link->gap > link->overhead ? link->gap : link->overhead);
}

/* Of what it takes until one other rank has seen a flag one half is until its line is changed, during which its owner
 * goes on, the other one until the line has come to who looks. */
static inline double tri_cost_show(const struct tri_machine *machine)
{
    return machine->flag / 2;
}

static inline double tri_cost_look(const struct tri_machine *machine)
{
    return machine->flag / 2;
}

/* Stages on the board, in each of which a rank looks at so many others. */
static inline double tri_cost_stages(const struct tri_machine *machine, const struct tri_shape *shape, double stages,
                                     double looks)
{
    return stages * (tri_cost_turns(machine, shape) + tri_cost_show(machine) + looks * tri_cost_look(machine));
}

/* So many reads of other ranks' memory, of so many bytes in all. A long message's bytes go the same way, but piece by
 * piece (measured: a tenth more), and what its system call takes is in its cost per byte: so of that only what is above
 * it is counted, as long as a flag takes. */
static inline double tri_cost_reads(const struct tri_machine *machine, double reads, double bytes)
{
    return reads * machine->flag + 0.9 * bytes * machine->node.per_byte;
}

/* A pipeline of pieces. After `depth` steps, in each of which a rank serves `fan` others, the first piece is through.
 * Of each piece the busiest rank sends (or receives) so many copies and reduces so many; all ranks together send it
 * `passes` times to every rank. */
struct tri_pipeline {
    int depth, fan, copies, reductions, passes;
};

/* The best length of its pieces in bytes, a power of two, and what it costs with that (model.c). */
int64_t tri_pipeline_segment(const struct tri_machine *machine, const struct tri_shape *shape,
                             struct tri_pipeline pipeline);
double tri_pipeline_cost(const struct tri_machine *machine, const struct tri_shape *shape,
                         struct tri_pipeline pipeline);

/* The smallest k with radix^k >= n. */
static inline int tri_log_up(int n, int radix)
{
    int k = 0;
    for (int64_t power = 1; power < n; power *= radix) {
        k++;
    }
    return k;
}

/* The largest k with 2^k <= n. */
static inline int tri_log2_down(int n)
{
    int k = 0;
    while (n >> (k + 1) > 0) {
        k++;
    }
    return k;
}

/* The smallest k with 2^k >= n. */
static inline int tri_log2_up(int n)
{
    int k = 0;
    while ((INT64_C(1) << k) < n) {
        k++;
    }
    return k;
}

#endif
