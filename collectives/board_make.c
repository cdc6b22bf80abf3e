/* Making and freeing boards: parts in shared memory, and the number of the first operation. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "../src/comm/nodes.h"
#include "../src/runtime/home.h"
#include "../src/runtime/log.h"
#include "../src/runtime/progress.h"
#include "../src/runtime/variables.h"
#include "../src/runtime/wait.h"
#include "collectives.h"

/* A process has one part for each context id, at the same offset of its shared space. A part that an earlier
 * communicator has used is not cleared: the next board's numbers begin behind those that any member has used there. */
struct tri_board_place {
    uint64_t next;             /* behind all numbers used */
    struct tri_board *retired; /* of a communicator that was freed while others might still read */
};
/* Whole pages, also where these have 64 KiB: the ring lies behind the desks. */
#define RING_OFFSET ((sizeof(struct tri_board_part) + 65535) / 65536 * UINT64_C(65536))
#define PART_STRIDE (RING_OFFSET + TRI_BOARD_RING)
enum { PLACES = TRI_CONTEXT_LIMIT / TRI_CONTEXT_STEP };
static struct tri_board_place *places;

static const struct tri_transport *carrier(const struct tri_comm *comm, int rank)
{
    return tri_transports_for(comm->processes[rank])->ops;
}

static bool fits(struct tri_comm *comm, const struct tri_nodes *nodes)
{
    if (nodes->count == 0 || nodes->most < 2 || nodes->local_count > TRI_BOARD_LIMIT) {
        return false;
    }
    for (int i = 0; i < nodes->local_count; i++) {
        if (i != nodes->own && !carrier(comm, nodes->locals[i])->share) {
            return false;
        }
    }
    return true;
}

static bool have_all_left(struct tri_board *board)
{
    tri_board_look_who_left(board);
    return board->all_left == board->next;
}

static void discard(struct tri_board *board)
{
    for (int i = 0; i < board->count; i++) {
        if (board->parts[i]) {
            board->transport->unshare(board->parts[i], sizeof *board->parts[i]);
        }
        if (board->rings[i]) {
            board->transport->unshare(board->rings[i], TRI_BOARD_RING);
        }
    }
    free(board);
}

/* Nobody reads any more what an earlier communicator with this context showed here. */
static void await_retired(struct tri_board_place *place)
{
    struct tri_wait wait = {0};
    while (place->retired && !have_all_left(place->retired)) {
        tri_wait_step(&wait);
    }
    if (place->retired) {
        discard(place->retired);
        place->retired = NULL;
    }
}

static void *map(const struct tri_board *board, int member, uint64_t offset, size_t len)
{
    uint64_t part = (uint64_t)(board->place - places) * PART_STRIDE;
    void *memory = board->transport->share(board->peers[member], part + offset, len);
    if (!memory) {
        tri_log_fatal(1,
                      "no %zu KiB of shared memory for a communicator's collectives: raise the memory limit of this "
                      "node or container, or set TRIREME_BOARD=0",
                      len >> 10);
    }
    return memory;
}

/* The owner comes first: it writes before it shows, and others map when they have seen that. */
char *tri_board_map_ring(struct tri_board *board, int member)
{
    board->rings[member] = map(board, member, RING_OFFSET, TRI_BOARD_RING);
    return board->rings[member];
}

/* With the own part; the others' may not be there yet. */
static struct tri_board *make_own(struct tri_comm *comm, const struct tri_nodes *nodes)
{
    if (!places) {
        places = tri_memory_take(PLACES * sizeof *places);
        memset(places, 0, PLACES * sizeof *places);
    }
    struct tri_board *board = tri_memory_take(sizeof *board);
    *board = (struct tri_board){.count = nodes->local_count,
                                .own = nodes->own,
                                .transport = carrier(comm, nodes->locals[nodes->own == 0]),
                                .place = &places[comm->context / TRI_CONTEXT_STEP]};
    for (int i = 0; i < board->count; i++) {
        board->peers[i] = comm->processes[nodes->locals[i]];
    }
    await_retired(board->place);
    board->parts[board->own] = map(board, board->own, 0, sizeof(struct tri_board_part));
    return board;
}

static void complete(struct tri_board *board, uint64_t number)
{
    for (int i = 0; i < board->count; i++) {
        if (i != board->own) {
            board->parts[i] = map(board, i, 0, sizeof(struct tri_board_part));
            board->elsewhere[i] = tri_home_is_elsewhere(board->peers[i]);
        }
    }
    board->domains = tri_domains_find(board->peers, board->count);
    board->next = board->left = board->told = board->all_left = number;
    atomic_store_explicit(&board->parts[board->own]->left, number, memory_order_release);
}

/* Whether this rank can read the memory of all others on the node, by endpoints that the board keeps. */
static bool can_read_all(struct tri_board *board)
{
    bool can = true;
    for (int i = 0; i < board->count; i++) {
        if (i != board->own) {
            board->endpoints[i] = board->transport->connect(0, board->peers[i]);
            can = can && board->endpoints[i] && board->endpoints[i]->can & TRI_CAN_GET;
        }
    }
    return can;
}

/* Later than the boards: of a process that has not started yet nobody knows what it permits. Only where one node has
 * all ranks are there algorithms that read. */
static int agree_to_read(struct tri_comm *comm)
{
    uint64_t cannot = comm->board && !can_read_all(comm->board);
    int code = tri_collective_agree_max(comm, &cannot, 1);
    comm->readable = code == MPI_SUCCESS && !cannot;
    return code;
}

/* All agree whether there will be boards, and on the first number; they know then that everybody's part is there. */
int tri_boards_make(struct tri_comm *comm)
{
    if (comm->inner || comm->remote || comm->size < 2 || !tri_variable_number(TRI_VAR_BOARD)) {
        return MPI_SUCCESS; /* the same at all */
    }
    const struct tri_nodes *nodes = tri_nodes_of(comm);
    bool possible = fits(comm, nodes);
    struct tri_board *board = possible && nodes->local_count > 1 ? make_own(comm, nodes) : NULL;
    uint64_t words[2] = {!possible, board ? board->place->next : 0};
    int code = tri_collective_agree_max(comm, words, 2);
    comm->boards = code == MPI_SUCCESS && !words[0];
    if (board && comm->boards) {
        complete(board, words[1]);
        comm->board = board;
    } else if (board) {
        discard(board);
    }
    return comm->boards && nodes->count == 1 ? agree_to_read(comm) : code;
}

void tri_board_free(struct tri_board *board)
{
    board->place->next = board->next;
    tri_board_tell(board); /* the next communicator in this place waits for it */
    if (have_all_left(board)) {
        discard(board);
    } else {
        board->place->retired = board;
    }
}

void tri_boards_end(void)
{
    for (int i = 0; places && i < PLACES; i++) {
        if (places[i].retired) {
            discard(places[i].retired);
        }
    }
    free(places);
    places = NULL;
}
