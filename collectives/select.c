/* Choosing the algorithm: the cheapest by its own formula, or the one that a variable asks for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "select.h"

#include <stdio.h>
#include <string.h>

#include "../src/comm/nodes.h"
#include "../src/runtime/job.h"
#include "../src/runtime/log.h"
#include "../src/runtime/variables.h"
#include "board.h"
#include "tuning.h"

/* Where the measured ones are not given: a current server core, and TCP over gigabit Ethernet's successors. */
struct tri_machine tri_machine = {
    .node = {.latency = 120e-9, .overhead = 85e-9, .gap = 65e-9, .per_byte = 0.05e-9},
    .net = {.latency = 4e-6, .overhead = 3e-6, .gap = 6e-6, .per_byte = 0.3e-9},
    .flag = 100e-9,
    .copy_per_byte = 0.04e-9,
    .reduce_per_byte = 0.02e-9,
    .turn = 1.2e-6,
};

/* What the variables ask for; NULL: the cheapest. */
static const struct tri_algorithm *forced[TRI_COLLECTIVES];

static void list_names(enum tri_collective_id operation, char *text, size_t room)
{
    size_t len = 0;
    *text = '\0';
    for (size_t i = 0; tri_algorithms[i] && len < room; i++) {
        if (tri_algorithms[i]->operation == operation && !tri_algorithms[i]->inter) {
            len += (size_t)snprintf(text + len, room - len, "%s%s", len ? ", " : "", tri_algorithms[i]->name);
        }
    }
}

static int find_operation(const char *name)
{
    int operation = 0;
    while (operation < TRI_COLLECTIVES && strcmp(tri_collective_names[operation], name)) {
        operation++;
    }
    return operation;
}

/* An item "operation=algorithm" of the variable. */
static int force_one(const char *item, size_t len)
{
    char text[100], names[400];
    snprintf(text, sizeof text, "%.*s", (int)len, item);
    char *name = strchr(text, '=');
    if (!name) {
        tri_log_error("TRIREME_ALGORITHMS: \"%s\" is not of the form operation=algorithm, as in allreduce=ring", text);
        return -1;
    }
    *name++ = '\0';
    int operation = find_operation(text);
    if (operation == TRI_COLLECTIVES) {
        tri_log_error("TRIREME_ALGORITHMS: there is no operation \"%s\"; a name is that of the blocking function in "
                      "small letters, as in allreduce=ring",
                      text);
        return -1;
    }
    forced[operation] = tri_algorithm_find((enum tri_collective_id)operation, name);
    if (!forced[operation]) {
        list_names((enum tri_collective_id)operation, names, sizeof names);
        tri_log_error("TRIREME_ALGORITHMS: %s has no algorithm \"%s\"; there are %s", text, name, names);
        return -1;
    }
    return 0;
}

int tri_select_start(void)
{
    memset(forced, 0, sizeof forced);
    const char *tuning = tri_variable_text(TRI_VAR_TUNING);
    if (*tuning && tri_tuning_read(tuning)) {
        return -1;
    }
    for (const char *list = tri_variable_text(TRI_VAR_ALGORITHMS); *list;) {
        size_t len = strcspn(list, ",");
        if (force_one(list, len)) {
            return -1;
        }
        list += len + (list[len] == ',');
    }
    return 0;
}

/* ---- what all ranks know ---- */

static int64_t size_of(const struct tri_blocks *blocks)
{
    return blocks->type ? blocks->count * blocks->type->size : 0;
}

static int64_t total_of(const struct tri_blocks *blocks, int ranks)
{
    int64_t elements = 0;
    for (int i = 0; i < ranks; i++) {
        elements += tri_block_count(blocks, i);
    }
    return elements * blocks->type->size;
}

/* Bytes of one block, from the side that this rank gives or gets. */
static int64_t block_bytes(const struct tri_collective *call)
{
    const struct tri_blocks *at_root = call->operation == TRI_GATHER ? &call->receive : &call->send;
    const struct tri_blocks *others = call->operation == TRI_GATHER ? &call->send : &call->receive;
    switch (call->operation) {
    case TRI_BCAST: return size_of(&call->receive);
    case TRI_REDUCE:
    case TRI_ALLREDUCE:
    case TRI_SCAN:
    case TRI_EXSCAN: return size_of(&call->send);
    case TRI_GATHER:
    case TRI_SCATTER: return call->irregular ? 0 : size_of(call->rank == call->root ? at_root : others);
    case TRI_ALLGATHER:
    case TRI_REDUCE_SCATTER:
        return call->receive.counts.base ? total_of(&call->receive, call->size) / call->size : size_of(&call->receive);
    case TRI_ALLTOALL: return call->irregular ? 0 : size_of(&call->receive);
    default: return 0;
    }
}

static void describe_nodes(struct tri_shape *shape, struct tri_comm *comm)
{
    const struct tri_nodes *nodes = tri_nodes_of(comm);
    shape->nodes = nodes->count ? nodes->count : comm->size;
    shape->most = TRI_MAX(nodes->most, 1);
    shape->even = nodes->even;
    if (shape->nodes == 1) {
        shape->ranks_a_core =
            TRI_MAX(1, (TRI_MIN(comm->size, tri_job.local_count) + tri_job.cores - 1) / tri_job.cores);
    }
}

/* Persistent operations may be started in any order. A nonblocking reduction does not depend on whether a blocking one
 * came before and made the boards: the order of operands, and the bits of the result, would. And who has started a
 * nonblocking operation may compute for long: what would go eagerly is not to wait for that, nor anybody for the leader
 * of a domain. */
static void describe_boards(struct tri_shape *shape, const struct tri_collective *call)
{
    const struct tri_comm *comm = call->comm;
    bool may = comm->boards && call->form != TRI_PERSISTENT && !(call->op && call->form == TRI_NONBLOCKING);
    shape->board = may && shape->nodes == 1;
    shape->readable =
        shape->board && comm->readable && (call->form == TRI_BLOCKING || shape->bytes > TRI_MODEL_EAGER_MAX);
    shape->levels = may && shape->nodes > 1;
    if (shape->board && comm->board && call->form == TRI_BLOCKING) {
        shape->domains = comm->board->domains.count;
        shape->crowd = comm->board->domains.most;
    }
}

struct tri_shape tri_collective_shape(const struct tri_collective *call)
{
    struct tri_shape shape = {.ranks = call->size, .nodes = 1, .ranks_a_core = 1, .element = 1, .regular = true};
    if (call->comm->remote) {
        shape.inter = true;
        return shape;
    }
    describe_nodes(&shape, call->comm);
    shape.regular = !call->irregular;
    shape.bytes = block_bytes(call);
    if (call->op) {
        const struct tri_datatype *type = call->operation == TRI_REDUCE_SCATTER ? call->receive.type : call->send.type;
        shape.element = TRI_MAX(type->size, 1); /* a type may have no bytes */
        shape.commutative = call->op->commutative;
        shape.predefined = type->predefined;
        shape.exact = tri_op_is_exact(call->op, type);
    }
    describe_boards(&shape, call);
    return shape;
}

/* ---- the choice ---- */

bool tri_algorithm_can_do(const struct tri_algorithm *algorithm, enum tri_collective_id operation,
                          const struct tri_shape *shape)
{
    return algorithm->operation == operation && algorithm->inter == shape->inter &&
           (!algorithm->board || shape->board) && (!algorithm->reads || shape->readable) &&
           (!algorithm->levels || shape->levels) && (!algorithm->fits || algorithm->fits(shape));
}

const struct tri_algorithm *tri_collective_choose(enum tri_collective_id operation, const struct tri_shape *shape)
{
    if (forced[operation] && tri_algorithm_can_do(forced[operation], operation, shape)) {
        return forced[operation];
    }
    const struct tri_algorithm *best = NULL;
    double least = 0;
    for (size_t i = 0; tri_algorithms[i]; i++) {
        const struct tri_algorithm *algorithm = tri_algorithms[i];
        if (!tri_algorithm_can_do(algorithm, operation, shape)) {
            continue;
        }
        double cost = algorithm->cost(&tri_machine, shape);
        if (!best || cost < least) {
            best = algorithm;
            least = cost;
        }
    }
    return best;
}
