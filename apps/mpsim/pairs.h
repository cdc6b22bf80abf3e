/* Matching: messages that nobody has received yet, and receives that wait for one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_PAIRS_H
#define TRI_MPSIM_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_letter_kind { SIM_NO_LETTER, SIM_MESSAGE, SIM_RECEIVE };

struct sim_letter {
    int source, target;
    uint8_t kind; /* enum sim_letter_kind */
    uint8_t tag;
    uint8_t piece;
    uint8_t slot; /* receive: which of the target's runs waits */
    int64_t bytes;
    double time; /* message: when the target was through with it */
};

/* Messages with the same source, target and tag match receives in order. All-zero is empty. */
struct sim_pairs {
    struct sim_letter *letters;
    size_t room; /* a power of two */
    size_t count;
};

/* Finds the first of the other kind with the letter's source, target and tag, and takes it out into *other; if there is
 * none, puts the letter in. Returns whether there was one. */
bool sim_pairs_match(struct sim_pairs *pairs, const struct sim_letter *letter, struct sim_letter *other);

/* It will be asked for these soon. */
void sim_pairs_expect(const struct sim_pairs *pairs, int source, int target, uint8_t tag);

/* Any letter, or NULL when there is none. */
const struct sim_letter *sim_pairs_any(const struct sim_pairs *pairs);
void sim_pairs_free(struct sim_pairs *pairs);

#endif
