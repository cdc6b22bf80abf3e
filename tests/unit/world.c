/* The world: ranks that take turns, and messages between them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <pthread.h>

#include "../../collectives/board.h"
#include "../../collectives/plan.h"
#include "../../src/comm/nodes.h"
#include "../../src/p2p/p2p.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/wait.h"

/* So many turns in a row in which no message moved mean that none will. */
enum { VAIN_TURNS = 1000 };

/* A message under way, or a receive that waits for one. */
struct letter {
    struct letter *next;
    int from, to, tag;
    uint32_t context;
    struct tri_request *request; /* of the receive, or of a send that completes only when it is received */
    char *packed;                /* a send that has completed already */
    int64_t bytes;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int size, turn, vain;
    int nodes, node_of[WORLD_MAX], domain_of[WORLD_MAX];
    bool ended[WORLD_MAX];
    struct tri_comm comms[WORLD_MAX];
    struct letter *sends, *receives; /* in order */
    struct met {
        struct met *next;
        struct letter send, receive;
    } * met; /* they have found each other, and the data is on its way */
    struct dice dice;
    struct world_result result;
    void (*body)(struct tri_comm *comm, void *arg);
    void *arg;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER};

bool world_one_node;

/* ---- turns ---- */

static void next_turn(void)
{
    int alive[WORLD_MAX], count = 0;
    for (int i = 0; i < world.size; i++) {
        if (!world.ended[i]) {
            alive[count++] = i;
        }
    }
    if (count > 0) {
        world.turn = alive[dice_between(&world.dice, 0, count - 1)];
    }
    pthread_cond_broadcast(&world.turned);
}

static void await_turn(int rank)
{
    while (world.turn != rank) {
        pthread_cond_wait(&world.turned, &world.lock);
    }
}

static void *run_rank(void *arg)
{
    struct tri_comm *comm = arg;
    pthread_mutex_lock(&world.lock);
    await_turn(comm->rank);
    world.body(comm, world.arg);
    world.ended[comm->rank] = true;
    next_turn();
    pthread_mutex_unlock(&world.lock);
    return NULL;
}

/* ---- messages ---- */

static void add(struct letter **list, const struct letter *letter)
{
    while (*list) {
        list = &(*list)->next;
    }
    *list = malloc(sizeof **list);
    **list = *letter;
    (*list)->next = NULL;
}

static struct letter take(struct letter **place)
{
    struct letter *letter = *place, copy = *letter;
    *place = letter->next;
    free(letter);
    return copy;
}

static bool fits(const struct letter *a, const struct letter *b)
{
    return a->from == b->from && a->to == b->to && a->tag == b->tag && a->context == b->context;
}

/* The earliest counterpart in the other list, or the place of the list's end. */
static struct letter **find(struct letter **list, const struct letter *letter)
{
    while (*list && !fits(*list, letter)) {
        list = &(*list)->next;
    }
    return list;
}

static void complete(struct tri_request *request, int error)
{
    request->outcome.error = error;
    if (request->done) {
        request->done(request);
    } else {
        request->complete = true;
    }
}

static void transfer(struct letter *send, const struct letter *receive)
{
    const struct tri_operation *to = &receive->request->op;
    world.vain = 0;
    if (send->bytes != receive->bytes) {
        world.result.mismatched++;
    }
    int64_t bytes = TRI_MIN(send->bytes, receive->bytes);
    if (!send->packed) {
        send->packed = malloc((size_t)send->bytes + 1);
        tri_datatype_copy(send->request->op.type, send->request->op.buffer, 0, send->packed, send->bytes, TRI_PACK);
    }
    tri_datatype_copy(to->type, to->buffer, 0, send->packed, bytes, TRI_UNPACK);
    free(send->packed);
    if (send->request) {
        complete(send->request, MPI_SUCCESS);
    }
    complete(receive->request, MPI_SUCCESS);
}

/* Both are known; the data comes at once or some time later, in whatever order. */
static void meet(const struct letter *send, const struct letter *receive)
{
    struct met *met = tri_memory_take(sizeof *met);
    *met = (struct met){.next = world.met, .send = *send, .receive = *receive};
    world.met = met;
}

/* One of those on their way arrives. */
static void arrive(void)
{
    struct met **place = &world.met;
    while ((*place)->next && dice_chance(&world.dice, 50)) {
        place = &(*place)->next;
    }
    struct met *met = *place;
    *place = met->next;
    transfer(&met->send, &met->receive);
    free(met);
}

static struct letter letter_of(struct tri_request *request, const struct tri_operation *op, bool send)
{
    request->op = *op;
    request->outcome.error = MPI_SUCCESS;
    return (struct letter){.from = send ? op->comm->rank : op->peer,
                           .to = send ? op->peer : op->comm->rank,
                           .tag = op->tag,
                           .context = op->context,
                           .request = request,
                           .bytes = op->count * op->type->size};
}

int world_receives(void)
{
    int count = 0;
    for (const struct letter *letter = world.receives; letter; letter = letter->next) {
        count++;
    }
    return count;
}

/* Some sends complete at once, others only with their receive, as eager and rendezvous ones do. */
struct tri_request *tri_p2p_isend(const struct tri_operation *op, enum tri_send_mode mode)
{
    struct tri_request *request = tri_request_take(TRI_REQUEST_SEND);
    struct letter send = letter_of(request, op, true);
    world.result.messages++;
    world.result.bytes += send.bytes;
    world.result.in_bursts += mode == TRI_SEND_BURST;
    if (dice_chance(&world.dice, 50)) {
        send.packed = malloc((size_t)send.bytes + 1);
        tri_datatype_copy(op->type, op->buffer, 0, send.packed, send.bytes, TRI_PACK);
        send.request = NULL;
        request->complete = true;
    }
    struct letter **receive = find(&world.receives, &send);
    if (*receive) {
        struct letter taken = take(receive);
        meet(&send, &taken);
    } else {
        add(&world.sends, &send);
    }
    return request;
}

struct tri_request *tri_p2p_ireceive(const struct tri_operation *op)
{
    struct tri_request *request = tri_request_take(TRI_REQUEST_RECEIVE);
    struct letter receive = letter_of(request, op, false);
    struct letter **send = find(&world.sends, &receive);
    if (*send) {
        struct letter taken = take(send);
        meet(&taken, &receive);
    } else {
        add(&world.receives, &receive);
    }
    return request;
}

/* Ends everything that is under way, so that the ranks come out of their collectives. */
static void give_up(struct letter **list)
{
    while (*list) {
        struct letter letter = take(list);
        world.result.left++;
        free(letter.packed);
        if (letter.request) {
            complete(letter.request, MPI_ERR_OTHER);
        }
    }
}

static void end_vain_waits(void)
{
    world.result.stuck = true;
    world.vain = 0;
    if (!world.receives && !world.sends) {
        fprintf(stderr, "all ranks wait, and no message is under way: %u runs look at a board in vain\n",
                tri_runs_looking);
        abort(); /* their ranks can not be got out of that */
    }
    give_up(&world.receives);
    give_up(&world.sends);
}

unsigned world_looks[2];

unsigned tri_wait_polls(bool elsewhere)
{
    world_looks[elsewhere]++;
    return elsewhere ? WORLD_POLLS : 1;
}

bool tri_wait_is_alone(void)
{
    return dice_chance(&world.dice, 50);
}

void tri_wait_step(struct tri_wait *wait)
{
    (void)wait;
    int rank = world.turn;
    if (world.met && dice_chance(&world.dice, 60)) {
        arrive();
    }
    if (tri_runs_looking && tri_run_look() > 0) {
        world.vain = 0;
        return;
    }
    if (++world.vain > VAIN_TURNS * world.size) {
        end_vain_waits();
    }
    next_turn();
    await_turn(rank);
}

/* ---- what the world is ---- */

int tri_job_node_of(int rank)
{
    return world.node_of[rank];
}

bool tri_job_is_local(int rank)
{
    return world.node_of[rank] == world.node_of[world.turn];
}

/* On one or several domains of a node. */
static void bind_ranks(void)
{
    int domains = (int)dice_between(&world.dice, 1, world.size);
    bool any = dice_chance(&world.dice, 50);
    for (int i = 0; i < world.size; i++) {
        world.domain_of[i] = any ? (int)dice_between(&world.dice, 0, domains - 1) : i * domains / world.size;
    }
}

/* One node; or some, with consecutive ranks on each or any. */
static void place_ranks(void)
{
    int nodes = world_one_node || dice_chance(&world.dice, 50) ? 1 : (int)dice_between(&world.dice, 1, world.size);
    bool any = dice_chance(&world.dice, 50);
    bool used[WORLD_MAX] = {false};
    world.nodes = 0;
    for (int i = 0; i < world.size; i++) {
        world.node_of[i] = any ? (int)dice_between(&world.dice, 0, nodes - 1) : i * nodes / world.size;
        world.nodes += !used[world.node_of[i]];
        used[world.node_of[i]] = true;
    }
}

static int processes[WORLD_MAX] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
_Static_assert(WORLD_MAX == 9, "each rank is the process with the same number");

static void make_comm(int rank)
{
    world.ended[rank] = false;
    world.comms[rank] = (struct tri_comm){.rank = rank,
                                          .size = world.size,
                                          .source = rank,
                                          .peers = world.size,
                                          .processes = processes,
                                          .context = TRI_CONTEXT_WORLD,
                                          .fixed_tag = TRI_TAGS_RUNNING};
    int members[WORLD_MAX], numbers[WORLD_MAX], count = 0;
    for (int i = 0; i < world.size; i++) {
        members[count] = i;
        numbers[count] = world.domain_of[i];
        count += tri_job_node_of(i) == tri_job_node_of(rank);
    }
    world.comms[rank].boards = world.comms[rank].readable = world.size > world.nodes;
    if (count > 1) {
        world.comms[rank].board = world_board_make(rank, members, count);
        world.comms[rank].board->domains = tri_domains_divide(numbers, count);
    }
}

struct world_result world_run(int size, uint64_t seed, void (*body)(struct tri_comm *comm, void *arg), void *arg)
{
    pthread_t threads[WORLD_MAX];
    world.size = size;
    world.body = body;
    world.arg = arg;
    world.vain = 0;
    world.dice = dice_start(seed + 1000);
    world.result = (struct world_result){0};
    place_ranks();
    bind_ranks();
    tri_job.cores = (int)dice_between(&world.dice, 1, WORLD_MAX);
    for (int i = 0; i < size; i++) {
        make_comm(i);
    }
    world.turn = (int)dice_between(&world.dice, 0, size - 1);
    for (int i = 0; i < size; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_rank, &world.comms[i]), 0);
    }
    for (int i = 0; i < size; i++) {
        pthread_join(threads[i], NULL);
    }
    while (world.met) {
        arrive();
    }
    give_up(&world.receives);
    give_up(&world.sends);
    for (int i = 0; i < size; i++) {
        tri_plans_drop(&world.comms[i]);
        tri_nodes_free(world.comms[i].nodes);
    }
    world.result.on_boards = world_boards_end();
    return world.result;
}

void world_check(const struct world_result *result)
{
    assert_false(result->stuck);
    assert_int_equal(result->mismatched, 0);
    assert_int_equal(result->left, 0);
    assert_int_equal(result->on_boards, 0);
}
