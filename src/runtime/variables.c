/* The table of variables, and setting them: from the environment, or by a tool. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "variables.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/mpi.h"
#include "lane.h"
#include "variables_file.h"

#define TEXT TRI_TYPE_TEXT
#define SIZE TRI_TYPE_SIZE
#define NUMBER TRI_TYPE_NUMBER
#define BOOL TRI_TYPE_BOOL
#define CHOICE TRI_TYPE_CHOICE
#define USER_BASIC MPI_T_VERBOSITY_USER_BASIC
#define USER_DETAIL MPI_T_VERBOSITY_USER_DETAIL
#define USER_ALL MPI_T_VERBOSITY_USER_ALL
#define TUNER_BASIC MPI_T_VERBOSITY_TUNER_BASIC
#define TUNER_DETAIL MPI_T_VERBOSITY_TUNER_DETAIL
#define LOCAL MPI_T_SCOPE_LOCAL
#define GROUP MPI_T_SCOPE_GROUP
#define ALL_EQ MPI_T_SCOPE_ALL_EQ

const struct tri_variable tri_variables[TRI_VAR_COUNT] = {
    [TRI_VAR_TRANSPORTS] = {"TRANSPORTS", TEXT, "self,shm,network", 0, 0, NULL,
                            "transports to use, the first that reaches a peer carries its messages: of self, shm, ofi "
                            "(libfabric) and ucx; network is the better of these two for the node's fabric",
                            TRI_LAYER_TRANSPORTS, USER_BASIC, ALL_EQ, false},
    [TRI_VAR_EAGER_MAX] = {"EAGER_MAX", SIZE, "64k", 0, 1 << 20, NULL,
                           "messages up to this many bytes are sent at once (eager), longer ones by rendezvous; "
                           "a transport may have a lower limit (shm 32k, ucx 60k); unless this or SHARE_MIN is set, "
                           "those above 4k to another rank of the node only where that took less time when both were "
                           "tried, or where ranks share cores",
                           TRI_LAYER_P2P, USER_BASIC, LOCAL, false},
    [TRI_VAR_EAGER_CREDIT] = {"EAGER_CREDIT", SIZE, "1m", 4096, 1 << 30, NULL,
                              "bytes of eager messages that one peer may have unreceived here before it falls back "
                              "to rendezvous; shrinks in large jobs so that all peers together stay below 64 MiB",
                              TRI_LAYER_P2P, TUNER_BASIC, ALL_EQ, false},
    [TRI_VAR_SHARE_MIN] = {"SHARE_MIN", SIZE, "2m", 0, INT64_MAX, NULL,
                           "on a node, messages of at least this many bytes are copied straight from process to "
                           "process, long ones by both together; shorter ones through shared memory, or, unless this "
                           "is set, whichever way took less time when all were tried",
                           TRI_LAYER_P2P, TUNER_BASIC, LOCAL, true},
    [TRI_VAR_CMA] = {"CMA", BOOL, "1", 0, 1, NULL,
                     "0: never copy straight from process to process (cross-memory attach)", TRI_LAYER_TRANSPORTS,
                     USER_DETAIL, LOCAL, false},
    [TRI_VAR_SHM_CELLS] = {"SHM_CELLS", NUMBER, "256", 16, 65536, NULL,
                           "cells of a shared-memory ring, a power of two; one small message takes one cell",
                           TRI_LAYER_TRANSPORTS, TUNER_DETAIL, GROUP, false},
    [TRI_VAR_SHM_DATA] = {"SHM_DATA", SIZE, "256k", 65536, 1 << 26, NULL,
                          "payload bytes of a shared-memory ring, a power of two", TRI_LAYER_TRANSPORTS, TUNER_DETAIL,
                          GROUP, false},
    [TRI_VAR_LANES] = {"LANES", NUMBER, "4", 1, TRI_LANES, NULL,
                       "with MPI_THREAD_MULTIPLE, lanes that communicators are given to: threads in different lanes "
                       "do not wait for each other",
                       TRI_LAYER_RUNTIME, TUNER_BASIC, ALL_EQ, false},
    [TRI_VAR_WAIT] = {"WAIT", CHOICE, "auto", 0, 0, "auto|spin|yield|sleep",
                      "how a rank waits: auto spins while that pays, then yields, then sleeps; "
                      "spin never sleeps, yield never sleeps but gives up its core, sleep sleeps at once",
                      TRI_LAYER_WAITING, USER_BASIC, LOCAL, false},
    [TRI_VAR_SPIN_US] = {"SPIN_US", NUMBER, "20", 0, 1000000, NULL,
                         "microseconds that a waiting rank spins before it yields and sleeps, when it has a core "
                         "of its own",
                         TRI_LAYER_WAITING, TUNER_BASIC, LOCAL, false},
    [TRI_VAR_SPREAD] = {"SPREAD", BOOL, "1", 0, 1, NULL,
                        "0: ranks that share cores stay where the kernel puts them, and do not see to it themselves "
                        "that as many are on each while they wait for each other",
                        TRI_LAYER_WAITING, USER_DETAIL, LOCAL, false},
    [TRI_VAR_OFI_PROVIDER] = {"OFI_PROVIDER", TEXT, "", 0, 0, NULL,
                              "libfabric provider to use; empty: the best that the fabric offers", TRI_LAYER_TRANSPORTS,
                              USER_DETAIL, ALL_EQ, false},
    [TRI_VAR_OFI_INTERFACE] = {"OFI_INTERFACE", TEXT, "", 0, 0, NULL,
                               "network interface (name or address) for libfabric; empty: chosen", TRI_LAYER_TRANSPORTS,
                               USER_DETAIL, GROUP, false},
    [TRI_VAR_BOARD] = {"BOARD", BOOL, "1", 0, 1, NULL,
                       "0: collectives use messages only, also where all ranks are on one node", TRI_LAYER_COLLECTIVES,
                       USER_DETAIL, ALL_EQ, false},
    [TRI_VAR_DOMAINS] = {"DOMAINS", NUMBER, "0", 0, 64, NULL,
                         "collectives on a node take its ranks for dealt round robin to that many groups that each "
                         "share a cache, NUMA node or package; 1: they do not look at that; 0: as they are bound",
                         TRI_LAYER_COLLECTIVES, USER_ALL, ALL_EQ, false},
    [TRI_VAR_ALGORITHMS] = {"ALGORITHMS", TEXT, "", 0, 0, NULL,
                            "operation=algorithm[,...]: algorithms to use wherever they can be, instead of those that "
                            "are predicted to be the quickest",
                            TRI_LAYER_COLLECTIVES, TUNER_BASIC, ALL_EQ, false},
    [TRI_VAR_TUNING] = {"TUNING", TEXT, "", 0, 0, NULL,
                        "file with the machine's parameters, as `mpbench tune` prints them, by which algorithms of "
                        "collectives are chosen; the same for all ranks",
                        TRI_LAYER_COLLECTIVES, TUNER_BASIC, ALL_EQ, false},
    [TRI_VAR_REORDER_NODES] = {"REORDER_NODES", NUMBER, "0", 0, 1 << 20, NULL,
                               "topologies are reordered as if ranks were dealt round robin to that many nodes, to try "
                               "it out on one; 0: the nodes there are",
                               TRI_LAYER_COLLECTIVES, USER_ALL, ALL_EQ, false},
    [TRI_VAR_MODULE_DIR] = {"MODULE_DIR", TEXT, "", 0, 0, NULL,
                            "folder of the loadable transports; empty: where the library was installed",
                            TRI_LAYER_TRANSPORTS, USER_ALL, LOCAL, false},
    [TRI_VAR_VERBOSE] = {"VERBOSE", NUMBER, "0", 0, 2, NULL, "1: say what was chosen at start; 2: each rank says it",
                         TRI_LAYER_RUNTIME, USER_BASIC, LOCAL, false},
    [TRI_VAR_FILE] = {"FILE", TEXT, "", 0, 0, NULL,
                      "file with lines NAME = VALUE for these variables, read in place of etc/trireme.conf below the "
                      "installation's prefix and ~/.config/trireme.conf; what is in the environment counts more; itself "
                      "only from the environment",
                      TRI_LAYER_RUNTIME, USER_DETAIL, LOCAL, false},
};

static struct {
    int64_t number;
    const char *text;
    char *given; /* by a tool: the copy that text points to */
    char *filed; /* what a file says, or NULL */
    char *place; /* "file FILE:LINE" of that */
    const char *origin;
    bool set;
} values[TRI_VAR_COUNT];

static int parse_size(const char *text, int64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || errno) {
        return -1;
    }
    int shift = 0;
    switch (*end) {
    case 'k':
    case 'K': shift = 10; break;
    case 'm':
    case 'M': shift = 20; break;
    case 'g':
    case 'G': shift = 30; break;
    default: break;
    }
    end += shift != 0;
    if (*end || value > (INT64_MAX >> shift) || value < 0) {
        return -1;
    }
    *number = (int64_t)value << shift;
    return 0;
}

static int parse_choice(const char *choices, const char *text, int64_t *number)
{
    size_t len = strlen(text);
    for (int64_t i = 0; choices; i++) {
        const char *bar = strchr(choices, '|');
        size_t word = bar ? (size_t)(bar - choices) : strlen(choices);
        if (word == len && !memcmp(choices, text, len)) {
            *number = i;
            return 0;
        }
        choices = bar ? bar + 1 : NULL;
    }
    return -1;
}

static int parse(const struct tri_variable *row, const char *text, int64_t *number)
{
    switch (row->type) {
    case TRI_TYPE_TEXT: *number = 0; return 0;
    case TRI_TYPE_CHOICE: return parse_choice(row->choices, text, number);
    case TRI_TYPE_BOOL:
        return parse_choice("0|1", text, number) && parse_choice("no|yes", text, number) &&
               parse_choice("off|on", text, number);
    default: return parse_size(text, number) || *number < row->lowest || *number > row->highest;
    }
}

static void describe(const struct tri_variable *row, const char *text, char *message, size_t len)
{
    switch (row->type) {
    case TRI_TYPE_CHOICE:
        snprintf(message, len, "TRIREME_%s=%s is not one of %s", row->name, text, row->choices);
        break;
    case TRI_TYPE_BOOL: snprintf(message, len, "TRIREME_%s=%s is neither 0 nor 1", row->name, text); break;
    default:
        snprintf(message, len, "TRIREME_%s=%s is not a number from %lld to %lld%s", row->name, text,
                 (long long)row->lowest, (long long)row->highest, row->type == SIZE ? " (k, m, g may follow)" : "");
    }
}

static bool take_from_file(const char *name, const char *value, const char *file, int line)
{
    enum tri_variable_id id = tri_variable_find(name);
    char *copy = strdup(value), *place = NULL;
    if (id == TRI_VAR_COUNT || !copy || asprintf(&place, "file %s:%d", file, line) < 0) {
        free(copy);
        return false;
    }
    free(values[id].filed);
    free(values[id].place);
    values[id].filed = copy;
    values[id].place = place;
    return true;
}

/* From the environment, a file or the default. Returns the text that the row can not have, or NULL. */
static const char *read_row(int i)
{
    const struct tri_variable *row = &tri_variables[i];
    char name[64];
    snprintf(name, sizeof name, "TRIREME_%s", row->name);
    const char *text = getenv(name);
    values[i].origin = text ? "environment" : values[i].filed ? values[i].place : "default";
    text = text ? text : values[i].filed;
    values[i].set = text != NULL;
    values[i].text = text ? text : row->initial;
    if (parse(row, values[i].text, &values[i].number)) {
        values[i].set = false;
        values[i].text = row->initial;
        parse(row, row->initial, &values[i].number);
        return text;
    }
    return NULL;
}

static void add_place(int i, char *message, size_t len)
{
    size_t used = strlen(message);
    if (values[i].origin == values[i].place && used < len) {
        snprintf(message + used, len - used, " (%s)", values[i].place);
    }
}

int tri_variables_read(char *message, size_t len)
{
    static bool loaded;
    int result = loaded ? 0 : tri_variables_load(take_from_file, message, len);
    /* What is wrong with a file is to be said again to who comes after MPI_T_init_thread, which keeps quiet. */
    loaded = result == 0;
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        const char *wrong = values[i].given ? NULL : read_row(i);
        if (wrong && result == 0) {
            describe(&tri_variables[i], wrong, message, len);
            add_place(i, message, len);
            result = -1;
        }
    }
    return result;
}

int tri_variable_set(enum tri_variable_id id, const char *text)
{
    int64_t number;
    if (strlen(text) >= TRI_VARIABLE_TEXT_MAX || parse(&tri_variables[id], text, &number)) {
        return -1;
    }
    char *copy = strdup(text);
    if (!copy) {
        return -1;
    }
    free(values[id].given);
    values[id].given = copy;
    values[id].text = copy;
    values[id].number = number;
    values[id].origin = "tool";
    values[id].set = true;
    return 0;
}

int tri_variable_set_number(enum tri_variable_id id, int64_t number)
{
    char text[TRI_VARIABLE_TEXT_MAX];
    if (tri_variables[id].type != CHOICE) {
        snprintf(text, sizeof text, "%lld", (long long)number);
    } else if (number < 0 || number > INT_MAX ||
               !tri_variable_choice(&tri_variables[id], (int)number, text, sizeof text)) {
        return -1;
    }
    return tri_variable_set(id, text);
}

bool tri_variable_choice(const struct tri_variable *row, int index, char *word, size_t len)
{
    const char *start = row->choices;
    while (start && index-- > 0) {
        start = strchr(start, '|');
        start += start != NULL;
    }
    if (start) {
        snprintf(word, len, "%.*s", (int)strcspn(start, "|"), start);
    }
    return start != NULL;
}

int64_t tri_variable_number(enum tri_variable_id id)
{
    return values[id].number;
}

const char *tri_variable_text(enum tri_variable_id id)
{
    return values[id].text;
}

bool tri_variable_is_set(enum tri_variable_id id)
{
    return values[id].set;
}

const char *tri_variable_origin(enum tri_variable_id id)
{
    return values[id].origin;
}

enum tri_variable_id tri_variable_find(const char *name)
{
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        if (!strcmp(tri_variables[i].name, name)) {
            return (enum tri_variable_id)i;
        }
    }
    return TRI_VAR_COUNT;
}
