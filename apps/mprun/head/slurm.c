/* slurm.c: the nodes of the Slurm allocation that mprun runs in. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "slurm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000000 };

bool tri_slurm_is_here(void)
{
    return getenv("SLURM_JOB_ID") != NULL && getenv("SLURM_JOB_NODELIST") != NULL;
}

/* Takes a number in decimal from *text. Returns false when there is none. */
static bool take_number(const char **text, unsigned long *number)
{
    char *end;

    if (**text < '0' || **text > '9') {
        return false;
    }
    *number = strtoul(*text, &end, 10);
    *text = end;
    return *number < MOST;
}

static bool expand(struct tri_strings *names, const char *before, const char *rest, size_t len);

/* All names that the list in brackets makes, like 1,5-7 or 08-12. The list ends at close. */
static bool expand_list(struct tri_strings *names, const char *before, const char *list,
                        const char *close, size_t len)
{
    while (list < close) {
        unsigned long first, last;
        const char *begin = list;

        if (!take_number(&list, &first)) {
            return false;
        }
        int width = (int)(list - begin);

        last = first;
        if (*list == '-' && (list++, !take_number(&list, &last))) {
            return false;
        }
        for (unsigned long i = first; i <= last; i++) {
            char *name = tri_format("%s%0*lu", before, width, i);
            bool good = expand(names, name, close + 1, len);

            free(name);
            if (!good) {
                return false;
            }
        }
        if (list < close && *list++ != ',') {
            return false;
        }
    }
    return true;
}

/* All names that begin with before and go on as the first len characters of rest say. */
static bool expand(struct tri_strings *names, const char *before, const char *rest, size_t len)
{
    const char *open = memchr(rest, '[', len);
    const char *close = open != NULL ? memchr(open, ']', len - (size_t)(open - rest)) : NULL;

    if (open == NULL) {
        tri_strings_give(names, tri_format("%s%.*s", before, (int)len, rest));
        return names->count <= MOST;
    }
    if (close == NULL) {
        return false;
    }
    char *longer = tri_format("%s%.*s", before, (int)(open - rest), rest);
    bool good = expand_list(names, longer, open + 1, close, len - (size_t)(close + 1 - rest));

    free(longer);
    return good;
}

/* The next entry of a node list ends at a comma outside of brackets. */
static size_t entry_length(const char *text)
{
    size_t len = 0;

    for (bool inside = false; text[len] != '\0' && (inside || text[len] != ','); len++) {
        inside = text[len] == '[' || (inside && text[len] != ']');
    }
    return len;
}

static bool expand_nodes(struct tri_strings *names, const char *text)
{
    bool good = text[0] != '\0';

    while (good && text[0] != '\0') {
        size_t len = entry_length(text);

        good = len > 0 && expand(names, "", text, len);
        text += len + (text[len] == ',');
    }
    return good;
}

/* Numbers for each node: "2(x3),1" is 2,2,2,1. */
static bool read_counts(const char *text, size_t nodes, uint32_t *counts)
{
    size_t known = 0;

    while (known < nodes) {
        unsigned long count, times = 1;

        if (!take_number(&text, &count) || count == 0) {
            return false;
        }
        if (strncmp(text, "(x", 2) == 0) {
            text += 2;
            if (!take_number(&text, &times) || *text++ != ')') {
                return false;
            }
        }
        for (; times > 0 && known < nodes; times--) {
            counts[known++] = (uint32_t)count;
        }
        text += *text == ',';
    }
    return true;
}

void tri_slurm_add_hosts(struct tri_hosts *hosts, struct tri_host_list *chosen)
{
    const char *nodes = getenv("SLURM_JOB_NODELIST"), *name = "SLURM_TASKS_PER_NODE";
    struct tri_strings names = {0};

    if (getenv(name) == NULL) {
        name = "SLURM_JOB_CPUS_PER_NODE";
    }
    const char *slots = getenv(name);

    if (!expand_nodes(&names, nodes)) {
        tri_die(TRI_EXIT_ERROR, "cannot understand SLURM_JOB_NODELIST=%s; name hosts with -H",
                nodes);
    }
    uint32_t *counts = tri_alloc(names.count, sizeof *counts);

    if (slots != NULL && !read_counts(slots, names.count, counts)) {
        tri_die(TRI_EXIT_ERROR, "cannot understand %s=%s; name hosts with -H", name, slots);
    }
    for (size_t i = 0; i < names.count; i++) {
        tri_hosts_add(hosts, chosen, names.items[i], counts[i]);
    }
    free(counts);
    tri_strings_clear(&names);
}

/* One step for each daemon, beside whatever else runs in the allocation. */
void tri_default_agent(struct tri_strings *agent)
{
    const char *srun = "srun --nodes=1 --ntasks=1 --overlap --mpi=none --export=ALL --quiet";

    tri_strings_split(agent, tri_slurm_is_here() ? srun : TRI_SSH_AGENT, " ");
}
