/* What all unit tests use: cmocka, and random numbers that can be repeated. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_H
#define TRI_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Random numbers; xorshift by Marsaglia, with a multiplied output. */
struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return dice->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* A number from low to high, both included. */
static inline int64_t dice_between(struct dice *dice, int64_t low, int64_t high)
{
    return low + (int64_t)((dice_roll(dice) >> 8) % (uint64_t)(high - low + 1));
}

/* Whether something that happens so many times in a hundred does. */
static inline int dice_chance(struct dice *dice, int percent)
{
    return dice_between(dice, 1, 100) <= percent;
}

/* The same numbers in each run, or others with UNIT_SEED=n in the environment. */
static inline struct dice dice_start(uint64_t own)
{
    const char *seed = getenv("UNIT_SEED");
    struct dice dice = {own * UINT64_C(0x9e3779b97f4a7c15) ^ (seed ? strtoull(seed, NULL, 0) << 17 : 0)};
    dice.state += dice.state == 0;
    (void)dice_roll(&dice);
    return dice;
}

#endif
