/* place_policy.c: reads what the user said about where ranks go. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_policy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST = 65536 };

#define MAP_WORDS "slot, hwthread, core, l3, numa, package, node, ppr:N:OBJECT or dist[:DEVICE]"

static char *wrong(const char *option, const char *text, const char *expected)
{
    return tri_format("option %s: \"%s\" is not one of %s", option, text, expected);
}

static bool read_count(const char *text, uint32_t *count)
{
    long number;

    if (text == NULL || !tri_parse_number(text, 1, MOST, &number)) {
        return false;
    }
    *count = (uint32_t)number;
    return true;
}

/* Takes pe=N off the end of the words. */
static char *take_modifier(struct tri_policy *policy, struct tri_strings *words)
{
    const char *last = words->count > 1 ? words->items[words->count - 1] : "";

    if (strncasecmp(last, "pe=", 3) != 0) {
        return NULL;
    }
    if (!read_count(last + 3, &policy->pe)) {
        return tri_format("option --map-by: \"%s\" does not say how many cores a rank gets; "
                          "use pe=N with N from 1", last);
    }
    free(words->items[--words->count]);
    words->items[words->count] = NULL;
    return NULL;
}

static char *map_per_object(struct tri_policy *policy, const struct tri_strings *words)
{
    policy->map = TRI_MAP_PPR;
    if (words->count != 3 || !read_count(words->items[1], &policy->per_object) ||
        !tri_level_parse(words->items[2], &policy->map_level)) {
        return tri_copy("option --map-by: ppr is written ppr:N:OBJECT, N ranks on each OBJECT: "
                        "node, package, numa, l3, core or hwthread");
    }
    return NULL;
}

static char *map_words(struct tri_policy *policy, const char *text,
                       const struct tri_strings *words)
{
    const char *first = words->count > 0 ? words->items[0] : "";

    free(policy->device);
    policy->device = NULL;
    if (strcmp(first, "ppr") == 0) {
        return map_per_object(policy, words);
    }
    if (strcmp(first, "dist") == 0 && words->count <= 2) {
        policy->map = TRI_MAP_DIST;
        policy->device = words->count == 2 ? tri_copy(words->items[1]) : NULL;
        return NULL;
    }
    if (words->count == 1 && strcmp(first, "slot") == 0) {
        policy->map = TRI_MAP_SLOT;
        return NULL;
    }
    if (words->count == 1 && tri_level_parse(first, &policy->map_level)) {
        policy->map = TRI_MAP_TURN;
        return NULL;
    }
    return wrong("--map-by", text, MAP_WORDS ", with or without :pe=N");
}

char *tri_policy_map_by(struct tri_policy *policy, const char *text)
{
    struct tri_strings words = {0};

    tri_strings_split(&words, text, ":");
    policy->pe = 0;
    free(policy->map_text);
    policy->map_text = tri_copy(text);
    char *why = take_modifier(policy, &words);

    if (why == NULL) {
        why = map_words(policy, text, &words);
    }
    tri_strings_clear(&words);
    return why;
}

char *tri_policy_rank_by(struct tri_policy *policy, const char *text)
{
    if (strcmp(text, "slot") == 0) {
        policy->rank = TRI_RANK_SLOT;
    } else if (tri_level_parse(text, &policy->rank_level)) {
        policy->rank = TRI_RANK_TURN;
    } else {
        return wrong("--rank-by", text, "slot, hwthread, core, l3, numa, package or node");
    }
    return NULL;
}

char *tri_policy_bind_to(struct tri_policy *policy, const char *text)
{
    if (strcmp(text, "none") == 0) {
        policy->bind = TRI_BIND_NONE;
    } else if (tri_level_parse(text, &policy->bind_level) &&
               policy->bind_level != TRI_LEVEL_NODE) {
        policy->bind = TRI_BIND_LEVEL;
    } else {
        return wrong("--bind-to", text, "none, hwthread, core, l3, numa or package");
    }
    return NULL;
}

char *tri_policy_cpu_list(struct tri_policy *policy, const char *text)
{
    tri_cpus_clear(&policy->cpus);
    free(policy->cpu_list);
    policy->cpu_list = tri_copy(text);
    if (!tri_cpus_parse(&policy->cpus, text)) {
        return tri_format("option --cpu-list: \"%s\" is no list of hardware threads like 0-3,8",
                          text);
    }
    return NULL;
}

bool tri_policy_takes_threads(const struct tri_policy *policy)
{
    if (policy->bind != TRI_BIND_AUTO) {
        return policy->bind == TRI_BIND_LEVEL && policy->bind_level == TRI_LEVEL_HWTHREAD;
    }
    return (policy->map == TRI_MAP_TURN && policy->map_level == TRI_LEVEL_HWTHREAD) ||
           (policy->map == TRI_MAP_PPR && (policy->map_level == TRI_LEVEL_HWTHREAD ||
                                           (policy->map_level == TRI_LEVEL_CORE &&
                                            policy->per_object > 1)));
}

void tri_policy_clear(struct tri_policy *policy)
{
    free(policy->map_text);
    free(policy->device);
    free(policy->cpu_list);
    tri_cpus_clear(&policy->cpus);
    *policy = (struct tri_policy){0};
}
