/* A question to the simulator, a cell of its table: the call that all ranks make, and the library's schedules for it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_QUESTION_H
#define TRI_MPSIM_QUESTION_H

#include "../../collectives/collectives.h"
#include "simulate.h"

struct sim_question {
    enum tri_collective_id operation;
    int ranks;
    int64_t bytes; /* of the vector, or of one rank's block: as the library counts them */
    struct sim_layout layout;
    bool board;    /* where all ranks are on one node */
    int64_t limit; /* messages that there may be at most */
};

enum sim_outcome {
    SIM_DONE,
    SIM_UNFIT, /* the algorithm is not for this */
    SIM_LARGE, /* more messages than the limit */
    SIM_BROKEN /* the schedules do not come to an end; see problem */
};

struct sim_answer {
    enum sim_outcome outcome;
    const char *problem;
    double formula; /* what the algorithm itself says, seconds; NAN: unfit */
    struct sim_result result;
    int64_t messages, pieces;
    int shapes;
};

void sim_question_start(void);
void sim_question_end(void);

/* Simulates an algorithm. trace: NULL, or where a line for each event goes. */
struct sim_answer sim_question_ask(const struct sim_question *question, const struct tri_algorithm *algorithm,
                                   FILE *trace);

/* The algorithm that the library would take by itself; NULL when there is none. */
const struct tri_algorithm *sim_question_choice(const struct sim_question *question);

/* Prints the schedule of a rank. Returns whether the algorithm is for this. */
bool sim_question_print(const struct sim_question *question, const struct tri_algorithm *algorithm, int rank,
                        FILE *file);

#endif
