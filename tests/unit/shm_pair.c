/* The memory and the hosts of a pair of ends, and streams of packets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "shm_pair.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern struct shm_state second_shm;
extern const struct tri_transport second_transport_shm;
bool second_shm_pending(void);
bool second_shm_has_room(struct shm_endpoint *ep);

enum { PACKET_MAX = 65536 };

struct pair_end pair_ends[2];
struct pair_options pair_options;
struct tri_limits pair_limits;
_Atomic int pair_failures;
char pair_failure[300];

static struct shm_area areas[PAIR_RANKS_MAX];
static int ranks[PAIR_RANKS_MAX];
static struct {
    char *map;
    size_t mapped;
    struct shm_ring *ring;
} rings[PAIR_RANKS_MAX][PAIR_RANKS_MAX];

size_t pair_ring_bytes(void)
{
    return sizeof(struct shm_ring) + pair_options.cells * sizeof(struct shm_cell) + pair_options.data;
}

struct shm_area *pair_areas(void)
{
    return areas;
}

/* The data area ends where the pages without access begin. */
struct shm_ring *pair_ring(int from, int to)
{
    if (!rings[from][to].ring) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = pair_ring_bytes();
        size_t inner = (bytes + page - 1) / page * page;
        char *map = mmap(NULL, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(map != MAP_FAILED);
        assert_int_equal(mprotect(map + page, inner, PROT_READ | PROT_WRITE), 0);
        rings[from][to].map = map;
        rings[from][to].mapped = inner + 2 * page;
        rings[from][to].ring = (struct shm_ring *)(void *)(map + page + inner - bytes);
    }
    return rings[from][to].ring;
}

static int64_t number(const char *name)
{
    (void)name; /* only CMA is asked for */
    return 0;
}

static void fail_line(int peer, const char *format, ...)
{
    (void)peer;
    va_list args;
    va_start(args, format);
    vsnprintf(pair_failure, sizeof pair_failure, format, args);
    va_end(args);
    atomic_fetch_add(&pair_failures, 1);
}

static void note_line(const char *format, ...)
{
    (void)format;
}

static void open_end(int rank, const struct tri_transport *ops, struct shm_state *state, pair_deliver *deliver)
{
    struct pair_end *end = &pair_ends[rank];
    *end = (struct pair_end){.ops = ops, .state = state, .dice = dice_start((uint64_t)rank + 100)};
    end->host = (struct tri_host){.rank = rank,
                                  .lanes = 1,
                                  .size = pair_options.ranks,
                                  .job = "pair",
                                  .local = ranks,
                                  .local_count = pair_options.ranks,
                                  .deliver = deliver,
                                  .number = number,
                                  .fail = fail_line,
                                  .note = note_line};
    assert_int_equal(ops->open(&end->host, &pair_limits), TRI_OK);
    assert_true(pair_limits.bcopy_max <= PACKET_MAX);
}

void pair_open(const struct pair_options *options, pair_deliver *deliver_0, pair_deliver *deliver_1)
{
    pair_options = *options;
    atomic_store(&pair_failures, 0);
    memset(areas, 0, sizeof areas);
    for (int i = 0; i < options->ranks; i++) {
        ranks[i] = i;
    }
    open_end(0, &tri_transport_shm, &tri_shm, deliver_0);
    open_end(1, &second_transport_shm, &second_shm, deliver_1);
    pair_ends[0].pending = tri_shm_pending;
    pair_ends[0].has_room = tri_shm_has_room;
    pair_ends[1].pending = second_shm_pending;
    pair_ends[1].has_room = second_shm_has_room;
    for (int i = 0; i < 2; i++) {
        pair_ends[i].to_peer = pair_ends[i].ops->connect(0, 1 - i);
        assert_non_null(pair_ends[i].to_peer);
        pair_ends[i].ep = (struct shm_endpoint *)(void *)pair_ends[i].to_peer;
    }
}

void pair_close(void)
{
    for (int i = 0; i < 2; i++) {
        pair_ends[i].ops->close();
    }
    for (int from = 0; from < PAIR_RANKS_MAX; from++) {
        for (int to = 0; to < PAIR_RANKS_MAX; to++) {
            if (rings[from][to].ring) {
                munmap(rings[from][to].map, rings[from][to].mapped);
                rings[from][to].ring = NULL;
            }
        }
    }
}

void pair_start_at(uint64_t cells, uint64_t data)
{
    for (int i = 0; i < 2; i++) {
        struct shm_endpoint *ep = pair_ends[i].ep;
        struct shm_source *source = &pair_ends[1 - i].state->lanes[0].sources[i];
        ep->ring = pair_ring(i, 1 - i);
        for (uint64_t k = 0; k < pair_options.cells; k++) {
            /* As the round before has left it. */
            uint64_t position = cells - pair_options.cells + k;
            atomic_store(&ep->ring->cells[position & (pair_options.cells - 1)].sequence, (uint32_t)(position + 1));
        }
        ep->head = source->tail = source->told_cells = cells;
        ep->data_head = source->data_tail = source->told_data = data;
        ep->cells_free = cells + pair_options.cells;
        ep->data_free = data + pair_options.data;
        atomic_store(&ep->ring->cells_consumed, cells);
        atomic_store(&ep->ring->data_consumed, data);
    }
}

static uint64_t mix(uint64_t seed, uint64_t number_)
{
    struct dice dice = {(seed + 1) * UINT64_C(0x9e3779b97f4a7c15) + (number_ + 1) * UINT64_C(0xd1b54a32d192ed03)};
    dice.state += dice.state == 0;
    (void)dice_roll(&dice);
    return dice_roll(&dice);
}

size_t packet_len(uint64_t seed, uint64_t number_)
{
    uint64_t value = mix(seed, number_);
    size_t most = pair_limits.bcopy_max;
    switch (value % 16) {
    case 0: return most - value / 16 % 3;
    case 1: return (size_t)(value / 16) % (most + 1);
    case 2: return SHM_INLINE + value / 16 % 3;
    case 3:
    case 4: return (size_t)(value / 16) % 2000;
    default: return (size_t)(value / 16) % (SHM_INLINE + 1);
    }
}

void packet_fill(uint64_t seed, uint64_t number_, void *payload, size_t len)
{
    unsigned char *bytes = payload;
    uint64_t value = mix(seed ^ 0x55, number_);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (unsigned char)(value >> i % 8 * 8) ^ (unsigned char)(i >> 3);
    }
}

bool packet_is(uint64_t seed, uint64_t number_, const void *payload, size_t len)
{
    unsigned char expected[PACKET_MAX];
    packet_fill(seed, number_, expected, len);
    return !memcmp(payload, expected, len);
}

struct filling {
    uint64_t seed, number;
};

static void pack(void *arg, void *dest, size_t len)
{
    const struct filling *filling = arg;
    packet_fill(filling->seed, filling->number, dest, len);
}

int packet_send(struct pair_end *end, uint64_t seed, uint64_t number_)
{
    struct tri_envelope envelope = {.kind = (uint8_t)seed,
                                    .version = 1,
                                    .lane = 0xabcd,
                                    .context = (uint32_t)number_,
                                    .source = (int32_t)(number_ >> 1),
                                    .tag = (int32_t)(number_ * 3)};
    size_t len = packet_len(seed, number_);
    struct filling filling = {seed, number_};
    if (len > SHM_INLINE || number_ % 3 == 0) {
        return end->ops->send_bcopy(end->to_peer, &envelope, pack, &filling, len);
    }
    unsigned char payload[SHM_INLINE];
    packet_fill(seed, number_, payload, len);
    return end->ops->send_short(end->to_peer, &envelope, payload, len);
}
