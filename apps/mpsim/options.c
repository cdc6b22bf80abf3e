/* Reading the command line. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "options.h"

#include <argp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "standin.h"

enum {
    KEY_NODE = 0x100,
    KEY_NET,
    KEY_FABRIC,
    KEY_TUNING,
    KEY_PLACE,
    KEY_CORES,
    KEY_FLAG,
    KEY_TURN,
    KEY_REDUCE,
    KEY_COPY,
    KEY_NO_BOARD,
    KEY_FORMAT,
    KEY_CSV,
    KEY_PLOT,
    KEY_COMPARE,
    KEY_TRACE,
    KEY_PRINT,
    KEY_LIMIT,
    KEY_REPEAT
};

/* What is measured is the time of one out of many that follow each other. */
enum { REPEATS_COMPARED = 50 };

static const struct argp_option table[] = {
    {"algorithm", 'a', "NAME|all", 0, "Algorithm to simulate (default: all of the operation)", 1},
    {"ranks", 'n', "LIST", 0, "Numbers of ranks: 4,6 or 2..1M, doubling (default 2..256)", 1},
    {"bytes", 's', "LIST", 0, "Sizes of the vector, or of one rank's block (default 8 B to 1 MiB)", 1},
    {"size", 's', "LIST", OPTION_ALIAS, NULL, 1},
    {"ranks-per-node", KEY_PLACE, "N", 0, "Ranks of a node, in blocks (default 64)", 2},
    {"cores", KEY_CORES, "N", 0, "Cores of a node (default: one for each rank)", 2},
    {"repeat", KEY_REPEAT, "N", 0,
     "So many operations one after the other, shown is the time of one (default: 1, or 50 with --compare)", 2},
    {"no-board", KEY_NO_BOARD, NULL, 0, "As with TRIREME_BOARD=0: messages only", 2},
    {"tuning", KEY_TUNING, "FILE", 0, "Parameters from a file, as TRIREME_TUNING names one", 3},
    {"node", KEY_NODE, "L,o,g,G", 0, "Latency, overhead, gap, gap per byte on a node: 80ns,60ns,60ns,0.06ns", 3},
    {"net", KEY_NET, "L,o,g,G", 0, "The same between nodes", 3},
    {"fabric", KEY_FABRIC, "tcp|200g", 0, "A network by name instead of --net", 3},
    {"flag", KEY_FLAG, "TIME", 0, "Until another rank sees what one shows on the board", 3},
    {"turn", KEY_TURN, "TIME", 0, "Until the next rank has the core, where ranks share one", 3},
    {"reduce", KEY_REDUCE, "TIME", 0, "Reduction, per byte", 3},
    {"copy", KEY_COPY, "TIME", 0, "Copy to where another core reads it, per byte", 3},
    {"format", KEY_FORMAT, "FORM", 0, "Form of the table: text (default), csv or json", 4},
    {"csv", KEY_CSV, NULL, 0, "The same as --format=csv", 4},
    {"plot", KEY_PLOT, "FILE", 0, "Draw the times into a file (SVG)", 4},
    {"compare", KEY_COMPARE, "FILE", 0, "Compare with times that mpbench has measured (-: standard input)", 5},
    {"print", KEY_PRINT, "RANK", OPTION_ARG_OPTIONAL, "Print the schedule of a rank (0), do not simulate", 5},
    {"trace", KEY_TRACE, NULL, 0, "A line for each event on standard output", 5},
    {"limit", KEY_LIMIT, "N", 0, "Leave out what takes more messages than this (default 64M)", 5},
    {0},
};

static int64_t number(const char *option, const char *text, int64_t least, int64_t most)
{
    struct list list;
    if (list_parse(text, &list) || list.count != 1 || list.value[0] < (double)least || list.value[0] > (double)most ||
        list.value[0] != (double)(int64_t)list.value[0]) {
        sim_die(SIM_EXIT_USAGE, "%s=%s: a whole number from %lld to %lld was expected", option, text, (long long)least,
                (long long)most);
    }
    return (int64_t)list.value[0];
}

static void numbers(const char *option, const char *text, double least, double most, struct list *list)
{
    const char *wrong = list_parse(text, list);
    if (wrong) {
        sim_die(SIM_EXIT_USAGE, "%s=%s: %s", option, text, wrong);
    }
    for (int i = 0; i < list->count; i++) {
        if (list->value[i] < least || list->value[i] > most || list->value[i] != (double)(int64_t)list->value[i]) {
            sim_die(SIM_EXIT_USAGE, "%s=%s: %g is not a whole number from %.0f to %.0f", option, text, list->value[i],
                    least, most);
        }
    }
}

static enum table_format format_of(const char *text)
{
    static const char *const names[] = {[FORMAT_TEXT] = "text", [FORMAT_CSV] = "csv", [FORMAT_JSON] = "json"};
    for (size_t i = 0; i < TRI_COUNT_OF(names); i++) {
        if (!strcmp(names[i], text)) {
            return (enum table_format)i;
        }
    }
    sim_die(SIM_EXIT_USAGE, "--format=%s: text, csv or json was expected", text);
}

static bool parse_machine(int key, const char *text)
{
    switch (key) {
    case KEY_NODE: sim_machine_link("--node", text, &tri_machine.node); return true;
    case KEY_NET: sim_machine_link("--net", text, &tri_machine.net); return true;
    case KEY_FABRIC: sim_machine_fabric("--fabric", text); return true;
    case KEY_TUNING: sim_machine_read(text); return true;
    case KEY_FLAG: tri_machine.flag = sim_machine_seconds("--flag", text); return true;
    case KEY_TURN: tri_machine.turn = sim_machine_seconds("--turn", text); return true;
    case KEY_REDUCE: tri_machine.reduce_per_byte = sim_machine_seconds("--reduce", text); return true;
    case KEY_COPY: tri_machine.copy_per_byte = sim_machine_seconds("--copy", text); return true;
    default: return false;
    }
}

static bool parse_output(int key, const char *text, struct sim_options *options)
{
    switch (key) {
    case KEY_FORMAT: options->format = format_of(text); return true;
    case KEY_CSV: options->format = FORMAT_CSV; return true;
    case KEY_PLOT: options->plot = text; return true;
    case KEY_COMPARE: options->compare = text; return true;
    case KEY_TRACE: options->trace = true; return true;
    case KEY_PRINT:
        options->print = true;
        options->print_rank = text ? (int)number("--print", text, 0, INT_MAX) : 0;
        return true;
    default: return false;
    }
}

/* What argp keeps for the parser: names can be looked up only when all is read. */
struct reading {
    struct sim_options *options;
    const char *operation, *algorithm;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct reading *reading = state->input;
    struct sim_options *options = reading->options;
    switch (key) {
    case 'a': reading->algorithm = text; return 0;
    case 'n': numbers("--ranks", text, 1, 1 << 24, &options->ranks); return 0;
    case 's': numbers("--bytes", text, 0, 0x1p40, &options->bytes); return 0;
    case KEY_PLACE: options->layout.ranks_a_node = (int)number("--ranks-per-node", text, 1, INT_MAX); return 0;
    case KEY_CORES: options->layout.cores_a_node = (int)number("--cores", text, 1, 1 << 20); return 0;
    case KEY_REPEAT: options->layout.repeats = (int)number("--repeat", text, 1, 1 << 20); return 0;
    case KEY_NO_BOARD: options->board = false; return 0;
    case KEY_LIMIT: options->limit = number("--limit", text, 1, 1 << 30); return 0;
    case ARGP_KEY_ARG:
        if (reading->operation) {
            sim_die(SIM_EXIT_USAGE, "there is one operation for each run, not %s and %s", reading->operation, text);
        }
        reading->operation = text;
        return 0;
    default: return parse_machine(key, text) || parse_output(key, text, options) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

/* ---- names ---- */

/* Simulated are those that have algorithms for intracommunicators, and need no topology. */
static bool is_simulated(enum tri_collective_id operation)
{
    for (size_t i = 0; tri_algorithms[i]; i++) {
        if (tri_algorithms[i]->operation == operation && !tri_algorithms[i]->inter) {
            return operation < TRI_NEIGHBOR_ALLGATHER;
        }
    }
    return false;
}

static enum tri_collective_id find_operation(const char *name)
{
    char names[300] = "";
    for (enum tri_collective_id i = 0; i < TRI_COLLECTIVES; i++) {
        if (!is_simulated(i)) {
            continue;
        }
        if (name && !strcmp(tri_collective_names[i], name)) {
            return i;
        }
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, "%s%s", len ? ", " : "", tri_collective_names[i]);
    }
    if (name) {
        sim_die(SIM_EXIT_USAGE, "there is no operation \"%s\" to simulate; there are %s", name, names);
    }
    sim_die(SIM_EXIT_USAGE, "an operation was expected: one of %s", names);
}

static const struct tri_algorithm *find_algorithm(enum tri_collective_id operation, const char *name)
{
    char names[400] = "";
    if (!name || !strcmp(name, "all")) {
        return NULL;
    }
    const struct tri_algorithm *found = tri_algorithm_find(operation, name);
    if (found && !found->inter) {
        return found;
    }
    for (size_t i = 0; tri_algorithms[i]; i++) {
        if (tri_algorithms[i]->operation == operation && !tri_algorithms[i]->inter) {
            size_t len = strlen(names);
            snprintf(names + len, sizeof names - len, ", %s", tri_algorithms[i]->name);
        }
    }
    sim_die(SIM_EXIT_USAGE, "%s has no algorithm \"%s\"; there are all%s", tri_collective_names[operation], name,
            names);
}

void sim_options_read(int argc, char **argv, struct sim_options *options)
{
    static const struct argp argp = {
        table, parse, "OPERATION", "Simulates a collective operation by the schedules that the library runs.",
        NULL,  NULL,  NULL};
    struct reading reading = {.options = options};
    *options = (struct sim_options){.layout = {.ranks_a_node = 64}, .board = true, .limit = 1 << 26};
    numbers("--ranks", "2..256", 1, 1 << 24, &options->ranks);
    numbers("--bytes", "8,64,512,4K,32K,256K,1M", 0, 0x1p40, &options->bytes);
    /* libc's: one that this program defined would be hidden from it (-fvisibility). */
    argp_program_version = "mpsim (Trireme) " PACKAGE_VERSION;
    argp_parse(&argp, argc, argv, 0, NULL, &reading);
    if (options->layout.repeats == 0) {
        options->layout.repeats = options->compare ? REPEATS_COMPARED : 1;
    }
    options->operation = find_operation(reading.operation);
    options->algorithm = find_algorithm(options->operation, reading.algorithm);
    if (options->operation == TRI_BARRIER) {
        numbers("--bytes", "0", 0, 0, &options->bytes);
    }
}

struct sim_question sim_options_question(const struct sim_options *options, int ranks, int64_t bytes)
{
    return (struct sim_question){.operation = options->operation,
                                 .ranks = ranks,
                                 .bytes = bytes,
                                 .layout = options->layout,
                                 .board = options->board,
                                 .limit = options->limit};
}
