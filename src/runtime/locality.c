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

static int (*places)[TRI_LOCALITY_LEVELS]; /* in the order of tri_job.local; NULL: not asked yet */

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

static void ask_launcher(void)
{
    places = tri_memory_take((size_t)tri_job.local_count * sizeof *places);
    for (int i = 0; i < tri_job.local_count; i++) {
        char text[200] = "";
        if (tri_job.launched && tri_launcher->locality) {
            tri_launcher->locality(tri_job.local[i], text, sizeof text);
        }
        tri_locality_parse(text, places[i]);
    }
}

int tri_locality_of(int rank, enum tri_locality_level level)
{
    if (!places) {
        ask_launcher();
    }
    int place = 0;
    while (tri_job.local[place] != rank) {
        place++;
    }
    return places[place][level];
}

void tri_locality_end(void)
{
    free(places);
    places = NULL;
}
