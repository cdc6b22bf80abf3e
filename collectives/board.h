/* The board: what the processes of a communicator on one node show each other in shared memory. Members are numbered
 * among those of the node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BOARD_H
#define TRI_BOARD_H

#include <stdatomic.h>

#include "../src/comm/comm.h"
#include "../src/runtime/cache.h"
#include "../transports/transport.h"

/* Each member has a part that only it writes: a desk for each operation in flight (flags, and data so small that it
 * lies beside them, or the address of what the others may read in the member's own memory), and a ring of bulk memory,
 * from which each operation takes a piece. Operation n uses desk n % TRI_BOARD_OPERATIONS. All members take the same
 * pieces: at the same place in the ring of each. Desk and piece may be used again when all members have left the
 * operations that had them before: each tells on a line of its own below which number it is through with all of them.
 * There are many desks, so that this line is rarely looked at, and a root that waits for nobody can go far ahead of the
 * others.
 *
 * The number of an operation is counted by each member, so that all start operations on the board in the same order:
 * blocking and nonblocking ones, not persistent ones. What runs in several parts, of which some begin later, takes the
 * numbers and pieces of all of them at once: when a part begins depends on the member. */
enum {
    TRI_BOARD_STAGES = 2,
    TRI_BOARD_OPERATIONS = 256, /* desks */
    TRI_BOARD_ENDS = 2 * TRI_BOARD_OPERATIONS,
    TRI_BOARD_INLINE = 48,
    TRI_BOARD_RING = 1 << 20,  /* bytes of bulk memory */
    TRI_BOARD_PIECE = 1 << 18, /* an operation takes at most so many */
    TRI_BOARD_LIMIT = 64,      /* members of a board at most */
    TRI_BOARD_LEAVES = 16,     /* so many operations are left before the others are told */
};

/* One cache line: the flag, and data that fits beside it costs no second miss. */
struct tri_board_line {
    /* Number of the operation + 1; stored with release, which pairs with the acquire of who looks. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint64_t shown;
    uint64_t offered; /* address, in the owner's process */
    unsigned char data[TRI_BOARD_INLINE];
};
_Static_assert(sizeof(struct tri_board_line) == TRI_CACHE_LINE, "flag and small data share a line");

struct tri_board_desk {
    struct tri_board_line lines[TRI_BOARD_STAGES];
};

struct tri_board_part {
    _Alignas(TRI_CACHE_LINE) _Atomic uint64_t left; /* all operations below this number are over for the owner */
    /* Set by a member that may go to sleep until the owner leaves more, cleared by the owner when it wakes them. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint32_t awaited;
    struct tri_board_desk desks[TRI_BOARD_OPERATIONS];
};

struct tri_board_place;

/* The members by the cache, NUMA node or package that they are bound to (board_domains.c). Numbered by their first
 * members. */
struct tri_domains {
    int count;                      /* 1: all share one, or it is not known */
    int most;                       /* members of the one with the most of them */
    uint8_t of[TRI_BOARD_LIMIT];    /* of each member */
    uint8_t first[TRI_BOARD_LIMIT]; /* the first member of each */
};

/* What an operation has on the board. The pieces of those that have begun are remembered: those that were begun but
 * not left by all, and the last one before them. */
struct tri_board_ticket {
    uint64_t number;
    uint64_t piece, len; /* its piece: place in the ring, which counts on and on; bytes */
};

struct tri_board {
    int count, own;
    const struct tri_transport *transport;
    struct tri_board_place *place;
    uint64_t next;                   /* number of the next operation */
    uint64_t position;               /* in the ring, where the next piece is taken; counts on and on */
    uint64_t left;                   /* own: below this all are over */
    uint64_t told;                   /* own: what of that the others have been told */
    uint64_t all_left;               /* below this all members were through when last looked at */
    bool over[TRI_BOARD_OPERATIONS]; /* by desk: the own part in an operation that has not been left is over */
    uint64_t ends[TRI_BOARD_ENDS];   /* by number, of operations that have begun: where the piece ends */
    int peers[TRI_BOARD_LIMIT];      /* the members' ranks in the job */
    bool elsewhere[TRI_BOARD_LIMIT]; /* members that live on another core of those that ranks share (home.h) */
    struct tri_endpoint *endpoints[TRI_BOARD_LIMIT]; /* to the other members, whose memory can be read; or NULL */
    struct tri_board_part *parts[TRI_BOARD_LIMIT];
    char *rings[TRI_BOARD_LIMIT]; /* NULL: not mapped yet */
    struct tri_domains domains;
};

/* board_make.c. */
/* Gives the ranks of each node a board, if all nodes with more than one can have one (comm->boards says so): called by
 * all processes in the order of their collectives on comm; blocking. Returns an MPI code that has not been raised. The
 * end of comm ends it (no waiting for the others). */
int tri_boards_make(struct tri_comm *comm);
void tri_board_free(struct tri_board *board);
void tri_boards_end(void);

/* A member's ring, mapped when it is needed. */
char *tri_board_map_ring(struct tri_board *board, int member);

/* board_domains.c. By the kind of hardware that makes the fewest looks of the busiest member, or as TRIREME_DOMAINS
 * says. members: of this node, by rank in the job. The same at all of them. */
struct tri_domains tri_domains_find(const int *members, int count);

/* board.c. */
/* Refreshes all_left. */
void tri_board_look_who_left(struct tri_board *board);

/* The ticket of the next operation, and of the parts - 1 ones behind it, each with a piece of so many bytes
 * (TRI_BOARD_PIECE at most, or none). Whether its desk and its piece are free is to be asked for each before either is
 * written: the answer yes is the operation's begin. */
struct tri_board_ticket tri_board_enter(struct tri_board *board, int64_t parts, int64_t bytes);
bool tri_board_is_free(struct tri_board *board, const struct tri_board_ticket *ticket);

/* Of the part with that index. */
static inline struct tri_board_ticket tri_board_part_ticket(const struct tri_board_ticket *first, int64_t index)
{
    return (struct tri_board_ticket){first->number + (uint64_t)index, first->piece + (uint64_t)index * first->len,
                                     first->len};
}

/* Shows the own part's stage of an operation to all others, and wakes those who sleep. */
void tri_board_show(struct tri_board *board, uint64_t number, int stage);

/* The same, with the address of what the others may read. Reads of what a member has been seen to offer, into plain
 * memory; a failure ends the job. */
void tri_board_offer(struct tri_board *board, uint64_t number, int stage, const void *memory);
void tri_board_read(struct tri_board *board, int member, uint64_t number, int stage, int64_t offset, void *to,
                    size_t len);

/* The own part in that operation is over. The others are told when memory has become free, or many desks: one who waits
 * for a desk needs no more than that the others go on, as they can, since it has begun far more operations. */
void tri_board_leave(struct tri_board *board, uint64_t number);

/* Tells the others what has been left so far; wakes those who wait for that. */
void tri_board_tell(struct tri_board *board);

/* The domains of members that are bound to hardware with these numbers. */
struct tri_domains tri_domains_divide(const int *numbers, int members);

static inline struct tri_board_desk *tri_board_desk(const struct tri_board *board, int member, uint64_t number)
{
    return &board->parts[member]->desks[number % TRI_BOARD_OPERATIONS];
}

static inline char *tri_board_bulk(struct tri_board *board, int member, uint64_t piece)
{
    char *ring = board->rings[member];
    if (TRI_UNLIKELY(!ring)) {
        ring = tri_board_map_ring(board, member);
    }
    return ring + piece % TRI_BOARD_RING;
}

/* The next operation is likely to be like the last one, which had so many bytes of bulk memory. The lines that this
 * rank would write then, which the others have read, come here while the program goes on. Who has not written any bulk
 * memory so far gets none for that. */
static inline void tri_board_claim_next(const struct tri_board *board, int64_t bytes)
{
    const char *ring = board->rings[board->own];
    if (bytes > 0 && ring) {
        tri_cache_claim(ring + board->position % TRI_BOARD_RING, (size_t)bytes);
    }
    tri_cache_claim(tri_board_desk(board, board->own, board->next)->lines, TRI_CACHE_LINE);
}

/* What a member may have shown already, so many bytes in a piece: the lines come here together with the flag's. Who has
 * not seen it show any bulk memory so far gets none for that. */
static inline void tri_board_fetch(const struct tri_board *board, int member, uint64_t piece, int64_t bytes)
{
    const char *ring = board->rings[member];
    if (bytes > 0 && ring) {
        tri_cache_fetch(ring + piece % TRI_BOARD_RING, (size_t)bytes);
    }
}

static inline bool tri_board_is_shown(const struct tri_board *board, int member, uint64_t number, int stage)
{
    return atomic_load_explicit(&tri_board_desk(board, member, number)->lines[stage].shown, memory_order_acquire) ==
           number + 1;
}

#endif
