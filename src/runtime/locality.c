/* What the launcher tells of the places of this node's processes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "locality.h"

#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "launcher.h"
#include "object.h"

static const char keys[TRI_LOCALITY_LEVELS][3] = {
    [TRI_LOCALITY_L3] = "L3", [TRI_LOCALITY_NUMA] = "NM", [TRI_LOCALITY_PACKAGE] = "SK"};

/* In the order of tri_job.local. */
static struct place {
    bool asked;
    int numbers[TRI_LOCALITY_LEVELS];
} *places;

/* One number; -1 for a list or a range of them. */
static int only_number(const char *text, size_t len)
{
    if (len == 0 || len > 6 || strspn(text, "0123456789") != len) {
        return -1;
    }
    return atoi(text);
}

void tri_locality_parse(const char *locality, int numbers[TRI_LOCALITY_LEVELS])
{
    for (int level = 0; level < TRI_LOCALITY_LEVELS; level++) {
        numbers[level] = -1;
    }
    while (*locality) {
        size_t len = strcspn(locality, ":");
        for (int level = 0; level < TRI_LOCALITY_LEVELS; level++) {
            if (!strncmp(locality, keys[level], 2)) {
                numbers[level] = only_number(locality + 2, len - 2);
            }
        }
        locality += len + (locality[len] == ':');
    }
}

static void ask_launcher(int rank, struct place *place)
{
    if (tri_job.launched && tri_launcher->locality) {
        tri_launcher->locality(rank, place->numbers);
    } else {
        tri_locality_parse("", place->numbers);
    }
    place->asked = true;
}

static void make_places(void)
{
    places = tri_memory_take((size_t)tri_job.local_count * sizeof *places);
    memset(places, 0, (size_t)tri_job.local_count * sizeof *places);
}

int tri_locality_of(int rank, enum tri_locality_level level)
{
    int i = 0;
    while (i < tri_job.local_count && tri_job.local[i] != rank) {
        i++;
    }
    if (i == tri_job.local_count) {
        return -1;
    }
    if (!places) {
        make_places();
    }
    if (!places[i].asked) {
        ask_launcher(rank, &places[i]);
    }
    return places[i].numbers[level];
}

void tri_locality_end(void)
{
    free(places);
    places = NULL;
}
