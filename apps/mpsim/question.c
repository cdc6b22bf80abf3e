/* From a question to the schedules of all ranks, by the library's own selection and plans. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "question.h"

#include <math.h>

#include "../../collectives/board.h"
#include "../../collectives/plan.h"
#include "../../collectives/select.h"
#include "standin.h"

void sim_question_start(void)
{
    tri_datatype_start();
    tri_op_start();
}

void sim_question_end(void)
{
    sim_standin_end();
    tri_schedules_end();
    tri_op_end();
    tri_datatype_end();
}

/* ---- the call ---- */

static bool is_reduction(enum tri_collective_id operation)
{
    return operation == TRI_REDUCE || operation == TRI_ALLREDUCE || operation == TRI_SCAN || operation == TRI_EXSCAN ||
           operation == TRI_REDUCE_SCATTER;
}

/* A sum of doubles, or of bytes when there are no whole doubles; other data is bytes. */
static struct tri_blocks data_of(const struct sim_question *question)
{
    bool words = is_reduction(question->operation) && question->bytes % 8 == 0;
    struct tri_datatype *type = tri_datatype_get(words ? MPI_DOUBLE : MPI_UINT8_T);
    return (struct tri_blocks){.type = type, .count = question->bytes / type->size};
}

/* The communicator as each rank sees it in turn; its nodes and boards as the library would find them. */
static struct tri_comm comm_of(const struct sim_question *question)
{
    int a_node = TRI_MIN(question->ranks, question->layout.ranks_a_node);
    bool boards = question->board && a_node > 1 && a_node <= TRI_BOARD_LIMIT;
    sim_standin_place(question->ranks, &question->layout);
    return (struct tri_comm){.size = question->ranks,
                             .peers = question->ranks,
                             .fixed_tag = TRI_TAGS_RUNNING,
                             .nodes = sim_standin_nodes(),
                             .boards = boards,
                             .readable = boards && a_node == question->ranks};
}

static struct tri_collective call_of(const struct sim_question *question, struct tri_comm *comm, int rank)
{
    struct tri_collective call = {.operation = question->operation, .comm = comm, .size = comm->size, .rank = rank};
    comm->rank = comm->source = rank;
    sim_standin_be(rank);
    if (call.operation != TRI_BARRIER) {
        call.receive = data_of(question);
    }
    if (call.operation != TRI_BARRIER && call.operation != TRI_BCAST && call.operation != TRI_REDUCE_SCATTER) {
        call.send = call.receive;
    }
    if (is_reduction(call.operation)) {
        call.op = tri_op_get(MPI_SUM);
    }
    return call;
}

/* ---- algorithms ---- */

static struct tri_shape shape_of(const struct sim_question *question)
{
    struct tri_comm comm = comm_of(question);
    const struct tri_collective call = call_of(question, &comm, 0);
    return tri_collective_shape(&call);
}

/* Makes the selection take it wherever it can. Returns whether it can here. */
static bool force(const struct sim_question *question, const struct tri_algorithm *algorithm)
{
    const struct tri_shape shape = shape_of(question);
    sim_standin_force(algorithm);
    return tri_collective_choose(question->operation, &shape) == algorithm;
}

const struct tri_algorithm *sim_question_choice(const struct sim_question *question)
{
    const struct tri_shape shape = shape_of(question);
    sim_standin_force(NULL);
    return tri_collective_choose(question->operation, &shape);
}

/* ---- schedules ---- */

static struct tri_plan *plan_of(const struct sim_question *question, struct tri_comm *comm, int rank)
{
    const struct tri_collective call = call_of(question, comm, rank);
    struct tri_plan *plan = tri_plan_for(&call);
    tri_plans_drop(comm); /* not for the next rank */
    return plan;
}

/* NULL when there are too many messages. */
static struct sim_program *compile(const struct sim_question *question)
{
    struct tri_comm comm = comm_of(question);
    struct sim_program *program = NULL;
    for (int rank = 0; rank < question->ranks; rank++) {
        struct tri_plan *plan = plan_of(question, &comm, rank);
        if (!program) {
            program = sim_program_new(question->ranks, question->layout.ranks_a_node, plan->pieces);
        }
        sim_program_set(program, rank, plan->body, plan->tail);
        tri_plan_release(plan);
        if (program->messages > question->limit / question->layout.repeats) {
            sim_program_free(program);
            return NULL;
        }
    }
    return program;
}

struct sim_answer sim_question_ask(const struct sim_question *question, const struct tri_algorithm *algorithm,
                                   FILE *trace)
{
    struct sim_answer answer = {.outcome = SIM_UNFIT, .formula = NAN};
    if (!force(question, algorithm)) {
        return answer;
    }
    const struct tri_shape shape = shape_of(question);
    answer.formula = algorithm->cost(&tri_machine, &shape);
    struct sim_program *program = compile(question);
    if (!program) {
        answer.outcome = SIM_LARGE;
        return answer;
    }
    answer.problem = sim_run(program, &question->layout, trace, &answer.result);
    answer.result.first /= question->layout.repeats;
    answer.result.mean /= question->layout.repeats;
    answer.result.last /= question->layout.repeats;
    answer.outcome = answer.problem ? SIM_BROKEN : SIM_DONE;
    answer.messages = program->messages;
    answer.pieces = program->pieces;
    answer.shapes = program->shape_count;
    sim_program_free(program);
    return answer;
}

bool sim_question_print(const struct sim_question *question, const struct tri_algorithm *algorithm, int rank,
                        FILE *file)
{
    if (!force(question, algorithm)) {
        return false;
    }
    struct tri_comm comm = comm_of(question);
    struct tri_plan *plan = plan_of(question, &comm, rank);
    if (plan->pieces > 1) {
        fprintf(file, "%lld pieces of this:\n", (long long)plan->pieces - 1);
    }
    tri_schedule_print(plan->body, file);
    if (plan->tail) {
        fputs("and then:\n", file);
        tri_schedule_print(plan->tail, file);
    }
    tri_plan_release(plan);
    return true;
}
