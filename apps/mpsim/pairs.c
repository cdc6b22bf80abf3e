/* A hash table of letters in one array, so that matching costs one cache miss. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/runtime/object.h"

/* Linear probing: a letter lies at its home, or behind it with no gap between. Those of one source, target and tag lie
 * in order, and are all messages or all receives. Ranks next to each other mostly do alike, one after the other: eight
 * sources and eight targets share a stretch of memory. */
static size_t home_of(const struct sim_pairs *pairs, int source, int target, uint8_t tag)
{
    uint64_t key = (uint64_t)(uint32_t)(target >> 3) << 32 | (uint32_t)(source >> 3);
    key = (key ^ (uint64_t)tag << 58) * UINT64_C(0x9e3779b97f4a7c15);
    key = (key ^ key >> 32) * UINT64_C(0xff51afd7ed558ccd);
    return ((size_t)(key >> 32) << 6 | (size_t)(target & 7) << 3 | (size_t)(source & 7)) & (pairs->room - 1);
}

static size_t home_of_letter(const struct sim_pairs *pairs, const struct sim_letter *letter)
{
    return home_of(pairs, letter->source, letter->target, letter->tag);
}

static bool is_same_pair(const struct sim_letter *a, const struct sim_letter *b)
{
    return a->target == b->target && a->source == b->source && a->tag == b->tag;
}

static void put(struct sim_pairs *pairs, const struct sim_letter *letter)
{
    size_t at = home_of_letter(pairs, letter);
    while (pairs->letters[at].kind != SIM_NO_LETTER) {
        at = (at + 1) & (pairs->room - 1);
    }
    pairs->letters[at] = *letter;
}

/* Letters move to the new table beginning behind a gap, so that none is met before an earlier one of its pair. */
static void grow(struct sim_pairs *pairs)
{
    struct sim_letter *old = pairs->letters;
    size_t old_room = pairs->room, gap = 0;
    pairs->room = old_room ? 4 * old_room : 4096;
    pairs->letters = tri_memory_take(pairs->room * sizeof *old);
    memset(pairs->letters, 0, pairs->room * sizeof *old);
    while (gap < old_room && old[gap].kind != SIM_NO_LETTER) {
        gap++;
    }
    for (size_t i = 1; i <= old_room; i++) {
        const struct sim_letter *letter = &old[(gap + i) & (old_room - 1)];
        if (letter->kind != SIM_NO_LETTER) {
            put(pairs, letter);
        }
    }
    free(old);
}

/* Closes the gap that one leaves: with the next letter that does not lie between its home and the gap. */
static void take(struct sim_pairs *pairs, size_t gap)
{
    size_t mask = pairs->room - 1;
    for (size_t at = (gap + 1) & mask; pairs->letters[at].kind != SIM_NO_LETTER; at = (at + 1) & mask) {
        size_t home = home_of_letter(pairs, &pairs->letters[at]);
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            pairs->letters[gap] = pairs->letters[at];
            gap = at;
        }
    }
    pairs->letters[gap].kind = SIM_NO_LETTER;
    pairs->count--;
}

bool sim_pairs_match(struct sim_pairs *pairs, const struct sim_letter *letter, struct sim_letter *other)
{
    if (2 * pairs->count >= pairs->room) {
        grow(pairs);
    }
    size_t at = home_of_letter(pairs, letter);
    while (pairs->letters[at].kind != SIM_NO_LETTER) {
        if (is_same_pair(&pairs->letters[at], letter) && pairs->letters[at].kind != letter->kind) {
            *other = pairs->letters[at];
            take(pairs, at);
            return true;
        }
        at = (at + 1) & (pairs->room - 1);
    }
    pairs->letters[at] = *letter;
    pairs->count++;
    return false;
}

void sim_pairs_expect(const struct sim_pairs *pairs, int source, int target, uint8_t tag)
{
    if (pairs->room) {
        __builtin_prefetch(&pairs->letters[home_of(pairs, source, target, tag)], 1);
    }
}

const struct sim_letter *sim_pairs_any(const struct sim_pairs *pairs)
{
    for (size_t i = 0; i < pairs->room; i++) {
        if (pairs->letters[i].kind != SIM_NO_LETTER) {
            return &pairs->letters[i];
        }
    }
    return NULL;
}

void sim_pairs_free(struct sim_pairs *pairs)
{
    free(pairs->letters);
    *pairs = (struct sim_pairs){0};
}
