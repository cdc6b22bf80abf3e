/* Command line of the benchmark programs: a subcommand, common options and its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_FORMAT = 0x100, KEY_REP_TIME, KEY_PROGRESS, KEY_USAGE };

/* What one parse works on; the common parser sees it as its input. */
struct parse {
    struct options *options;
    bool help;
    bool speak;
};

static const struct argp_option common_options[] = {
    {"size", 's', "LIST", 0, "Message sizes in bytes: 8,64K,1M or 1..4M (doubling)", 0},
    {"iters", 'i', "N", 0, "Iterations per repetition (default: found by trial)", 0},
    {"reps", 'r', "N", 0, "Repetitions; the median of them is shown (default 15)", 0},
    {"rep-time", KEY_REP_TIME, "MS", 0, "Wanted length of a repetition in milliseconds", 0},
    {"format", KEY_FORMAT, "FORM", 0, "Form of the output: text (default), csv or json", 0},
    {"progress", KEY_PROGRESS, NULL, 0, "Progress lines although stderr is no terminal", 0},
    {"help", '?', NULL, 0, "Show this help", -1},
    {"usage", KEY_USAGE, NULL, OPTION_HIDDEN, NULL, -1},
    {0},
};

static error_t parse_count(struct argp_state *state, const char *name, const char *text, long most,
                           long *value)
{
    char *end;

    errno = 0;
    *value = strtol(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && *value >= 1 && *value <= most)
        return 0;
    argp_failure(state, 0, 0, "--%s=%s: a number from 1 to %ld was expected", name, text, most);
    return EINVAL;
}

static error_t parse_int(struct argp_state *state, const char *name, const char *text, int most,
                         int *value)
{
    long number = *value;
    error_t error = parse_count(state, name, text, most, &number);

    *value = (int)number;
    return error;
}

static error_t parse_format(struct argp_state *state, const char *text, enum table_format *format)
{
    static const char *const names[] = {"text", "csv", "json"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *format = (enum table_format)i;
            return 0;
        }
    }
    argp_failure(state, 0, 0, "--format=%s: text, csv or json was expected", text);
    return EINVAL;
}

static error_t parse_sizes(struct argp_state *state, const char *text, struct list *sizes)
{
    const char *wrong = list_parse(text, sizes);

    for (int i = 0; !wrong && i < sizes->count; i++)
        if (sizes->value[i] > INT_MAX)
            wrong = "a message can have 2147483647 bytes at most here";
    if (!wrong)
        return 0;
    argp_failure(state, 0, 0, "--size=%s: %s", text, wrong);
    return EINVAL;
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
    struct parse *parse = state->input;
    struct options *options = parse->options;

    switch (key) {
    case 's':
        return parse_sizes(state, arg, &options->sizes);
    case 'i':
        return parse_count(state, "iters", arg, LONG_MAX, &options->iters);
    case 'r':
        return parse_int(state, "reps", arg, 100000, &options->reps);
    case KEY_REP_TIME:
        return parse_int(state, "rep-time", arg, 3600000, &options->rep_ms);
    case KEY_FORMAT:
        return parse_format(state, arg, &options->format);
    case KEY_PROGRESS:
        options->progress = true;
        return 0;
    case '?':
    case KEY_USAGE:
        parse->help = true;
        if (parse->speak)
            argp_state_help(state, stdout,
                            key == '?' ? ARGP_HELP_LONG | ARGP_HELP_SHORT_USAGE : ARGP_HELP_USAGE);
        return 0;
    case ARGP_KEY_ARG:
        argp_failure(state, 0, 0, "%s: an option was expected", arg);
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_bench(int key, char *arg, struct argp_state *state)
{
    (void)arg;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

static void print_subcommands(FILE *stream, const char *program, const struct bench *const *benches)
{
    fprintf(stream, "Usage: %s SUBCOMMAND [OPTION...]\n\n", program);
    for (; *benches; benches++)
        fprintf(stream, "  %-14s %s\n", (*benches)->name, (*benches)->summary);
    fprintf(stream, "\n%s SUBCOMMAND --help shows the options.\n", program);
}

static const struct bench *find(const struct bench *const *benches, const char *name)
{
    for (; *benches; benches++)
        if (strcmp((*benches)->name, name) == 0)
            return *benches;
    return NULL;
}

static enum cli_result parse_options(const char *program, const struct bench *bench, int argc,
                                     char **argv, struct parse *parse)
{
    static const struct argp common = {.options = common_options, .parser = parse_common};
    struct argp_child children[] = {
        {&common, 0, "Common options:", 2}, {bench->argp, 0, "Its own options:", 1}, {0}};
    struct argp argp = {.parser = parse_bench, .doc = bench->summary, .children = children};
    static char name[64];
    unsigned flags = ARGP_NO_EXIT | ARGP_NO_HELP;

    if (!bench->argp)
        children[1] = (struct argp_child){0};
    if (!parse->speak)
        flags |= ARGP_SILENT;
    snprintf(name, sizeof name, "%s %s", program, bench->name);
    argv[0] = name;
    if (argp_parse(&argp, argc, argv, flags, NULL, parse) != 0)
        return CLI_ERROR;
    return parse->help ? CLI_DONE : CLI_RUN;
}

enum cli_result cli_parse(const char *program, const struct bench *const *benches, int argc,
                          char **argv, bool speak, struct options *options,
                          const struct bench **chosen)
{
    *options = (struct options){.reps = 15, .progress = isatty(STDERR_FILENO) == 1};
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        if (speak)
            print_subcommands(argc < 2 ? stderr : stdout, program, benches);
        return argc < 2 ? CLI_ERROR : CLI_DONE;
    }
    *chosen = find(benches, argv[1]);
    if (!*chosen) {
        if (speak)
            fprintf(stderr, "%s: no subcommand '%s'; %s --help lists them\n", program, argv[1],
                    program);
        return CLI_ERROR;
    }
    struct parse parse = {.options = options, .speak = speak};
    return parse_options(program, *chosen, argc - 1, argv + 1, &parse);
}
