/* place_cpus.h: sets of hardware threads, by the system's numbers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_CPUS_H
#define TRI_MPRUN_PLACE_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers from here on are taken for nonsense. */
enum { TRI_CPUS_LIMIT = 1 << 16 };

/* All-zero is the empty set. */
struct tri_cpus {
    uint64_t *words;
    size_t count;
};

void tri_cpus_add(struct tri_cpus *cpus, uint32_t cpu);
bool tri_cpus_has(const struct tri_cpus *cpus, uint32_t cpu);
bool tri_cpus_is_empty(const struct tri_cpus *cpus);
/* The first member from start on, or -1. */
int tri_cpus_next(const struct tri_cpus *cpus, uint32_t start);
void tri_cpus_clear(struct tri_cpus *cpus);

/* Reads "0-3,8" into an empty set. Returns false for anything else; the caller clears cpus in
 * both cases. */
bool tri_cpus_parse(struct tri_cpus *cpus, const char *text);

/* "0-3,8"; the caller frees it. */
char *tri_cpus_format(const struct tri_cpus *cpus);

#endif
