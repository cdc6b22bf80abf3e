/* place_cpus.c: sets of hardware threads, by the system's numbers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_cpus.h"

#include <ctype.h>
#include <stdlib.h>

#include "util.h"

void tri_cpus_add(struct tri_cpus *cpus, uint32_t cpu)
{
    size_t word = cpu / 64;

    if (word >= cpus->count) {
        cpus->words = tri_regrow(cpus->words, word + 1, sizeof *cpus->words);
        while (cpus->count <= word) {
            cpus->words[cpus->count++] = 0;
        }
    }
    cpus->words[word] |= UINT64_C(1) << cpu % 64;
}

bool tri_cpus_has(const struct tri_cpus *cpus, uint32_t cpu)
{
    return cpu / 64 < cpus->count && (cpus->words[cpu / 64] >> cpu % 64 & 1) != 0;
}

int tri_cpus_next(const struct tri_cpus *cpus, uint32_t start)
{
    for (uint32_t cpu = start; cpu < 64 * cpus->count; cpu++) {
        if (tri_cpus_has(cpus, cpu)) {
            return (int)cpu;
        }
    }
    return -1;
}

bool tri_cpus_is_empty(const struct tri_cpus *cpus)
{
    return tri_cpus_next(cpus, 0) < 0;
}

void tri_cpus_clear(struct tri_cpus *cpus)
{
    free(cpus->words);
    *cpus = (struct tri_cpus){0};
}

static bool take_number(const char **text, uint32_t *number)
{
    const char *c = *text;

    *number = 0;
    while (isdigit((unsigned char)*c) && *number < TRI_CPUS_LIMIT) {
        *number = 10 * *number + (uint32_t)(*c++ - '0');
    }
    bool good = c != *text && *number < TRI_CPUS_LIMIT;

    *text = c;
    return good;
}

bool tri_cpus_parse(struct tri_cpus *cpus, const char *text)
{
    do {
        uint32_t first, last;

        if (!take_number(&text, &first)) {
            return false;
        }
        last = first;
        if (*text == '-' && (text++, !take_number(&text, &last))) {
            return false;
        }
        if (last < first) {
            return false;
        }
        for (uint32_t cpu = first; cpu <= last; cpu++) {
            tri_cpus_add(cpus, cpu);
        }
    } while (*text == ',' && *++text != '\0');
    return *text == '\0' && text[-1] != ',';
}

char *tri_cpus_format(const struct tri_cpus *cpus)
{
    char *text = tri_copy("");

    for (int first = tri_cpus_next(cpus, 0); first >= 0;) {
        int last = first;

        while (tri_cpus_has(cpus, (uint32_t)last + 1)) {
            last++;
        }
        const char *comma = text[0] != '\0' ? "," : "";
        char *longer = last > first ? tri_format("%s%s%d-%d", text, comma, first, last)
                                    : tri_format("%s%s%d", text, comma, first);

        free(text);
        text = longer;
        first = tri_cpus_next(cpus, (uint32_t)last + 1);
    }
    return text;
}
