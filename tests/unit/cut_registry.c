/* The library's algorithms, cut into pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "cut_registry.h"

#include "../../collectives/registry.h"
#include "unit.h"

static int64_t piece_bytes = INT64_MAX;
static uint64_t cheap;

#define PLACE(name) PLACE_##name,
enum { TRI_ALGORITHMS(PLACE) PLACES };

static struct tri_algorithm table[PLACES];

#define SLOT(name) &table[PLACE_##name],
const struct tri_algorithm *const tri_algorithms[] = {TRI_ALGORITHMS(SLOT) NULL};

/* These have no segments of their own, but could have: blocks or vectors go as a whole. */
static bool is_plain(const struct tri_algorithm *algorithm)
{
    static const struct tri_algorithm *const plain[] = {
        &tri_allgather_ring, &tri_allreduce_doubling, &tri_alltoall_linear, &tri_bcast_binomial, &tri_exscan_doubling,
        &tri_gather_linear,  &tri_reduce_binomial,    &tri_scan_doubling,   &tri_scatter_linear};
    for (size_t i = 0; i < TRI_COUNT_OF(plain); i++) {
        if (plain[i] == algorithm) {
            return true;
        }
    }
    return false;
}

static double cost_of(const struct tri_algorithm *algorithm, int place)
{
    struct dice dice = {.state = cheap * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)place + 1};
    dice_roll(&dice); /* neighbours begin alike */
    return cheap == 0 ? !is_plain(algorithm) : (double)(dice_roll(&dice) >> 32);
}

static int64_t segment_of(const struct tri_algorithm *algorithm, const struct tri_shape *shape)
{
    return algorithm->segment ? TRI_MIN(algorithm->segment(shape), piece_bytes) : piece_bytes;
}

/* A function that stands in a descriptor is not told whose it is. */
#define FUNCTIONS(name)                                                                                                \
    static double cost_##name(const struct tri_machine *machine, const struct tri_shape *shape)                        \
    {                                                                                                                  \
        (void)machine;                                                                                                 \
        (void)shape;                                                                                                   \
        return cost_of(&tri_##name, PLACE_##name);                                                                     \
    }                                                                                                                  \
    static int64_t segment_##name(const struct tri_shape *shape)                                                       \
    {                                                                                                                  \
        return segment_of(&tri_##name, shape);                                                                         \
    }
TRI_ALGORITHMS(FUNCTIONS)

#define FILL(name)                                                                                                     \
    table[PLACE_##name] = tri_##name;                                                                                  \
    table[PLACE_##name].cost = cost_##name;                                                                            \
    table[PLACE_##name].segment = tri_##name.segment || is_plain(&tri_##name) ? segment_##name : NULL;

void cut_start(void)
{
    TRI_ALGORITHMS(FILL)
}

void cut_into(int64_t bytes, uint64_t draw)
{
    piece_bytes = bytes;
    cheap = draw;
}

const char *const tri_collective_names[TRI_COLLECTIVES] = {"barrier"};

const struct tri_algorithm *tri_algorithm_find(enum tri_collective_id operation, const char *name)
{
    (void)operation;
    (void)name;
    return NULL;
}
