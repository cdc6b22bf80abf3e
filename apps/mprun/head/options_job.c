/* options_job.c: options about the whole job: its streams, and how its daemons are started. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "options_job.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobdesc.h"

/* Starting a daemon costs mprun 5 to 10 ms of work, and one level more of the tree a whole login:
 * only beyond some thirty nodes is the tree quicker. */
enum { DEFAULT_FANOUT = 32 };

enum { KEY_STDIN = 0x200, KEY_OUTPUT, KEY_STAMP, KEY_FANOUT, KEY_HEARTBEAT, KEY_PREFIX };

static const struct argp_option table[] = {
    {"stdin", KEY_STDIN, "RANK|all|none", 0, "Who reads standard input (default: 0)", 3},
    {"output-dir", KEY_OUTPUT, "DIR", 0, "Output goes to DIR/rank.N.out and DIR/rank.N.err", 3},
    {"timestamp-output", KEY_STAMP, NULL, 0, "Put the time before each line of output", 3},
    {"prefix", KEY_PREFIX, "DIR", 0, "Where Trireme is installed on the other nodes", 4},
    {"fanout", KEY_FANOUT, "N", 0,
     "How many nodes each node starts; 0: all are started from here (default: 32)", 4},
    {"heartbeat", KEY_HEARTBEAT, "SECONDS", 0,
     "How long a node may be silent; 0: for ever (default: 20)", 4},
    {0},
};

long tri_options_number(const char *option, const char *text, long min, long max)
{
    long value;

    if (!tri_parse_number(text, min, max, &value)) {
        tri_die(TRI_EXIT_USAGE, "option %s: \"%s\" is not a whole number from %ld to %ld", option,
                text, min, max);
    }
    return value;
}

void tri_options_each_line(const char *file,
                           void (*each)(const char *line, const char *where, void *context),
                           void *context)
{
    FILE *stream = fopen(file, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t len = 0;

    for (unsigned number = 1; stream != NULL && (len = getline(&line, &size, stream)) >= 0;
         number++) {
        char *begin = line + strspn(line, " \t");
        char *where = tri_format("%s:%u", file, number);

        while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL) {
            line[--len] = '\0';
        }
        if (begin < line + len && begin[0] != '#') {
            each(begin, where, context);
        }
        free(where);
    }
    if (stream == NULL || ferror(stream)) {
        tri_die(TRI_EXIT_USAGE, "cannot read %s: %s", file, strerror(errno));
    }
    free(line);
    fclose(stream);
}

static uint32_t parse_reader(const char *text)
{
    long rank;

    if (strcmp(text, "all") == 0) {
        return TRI_READER_ALL;
    }
    if (strcmp(text, "none") == 0) {
        return TRI_READER_NONE;
    }
    if (!tri_parse_number(text, 0, INT_MAX, &rank)) {
        tri_die(TRI_EXIT_USAGE, "option --stdin: \"%s\" is neither a rank nor all nor none", text);
    }
    return (uint32_t)rank;
}

static void set_text(char **place, const char *text)
{
    free(*place);
    *place = tri_copy(text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct tri_options *options = state->input;

    switch (key) {
    case KEY_STDIN:
        options->reader = parse_reader(text);
        return 0;
    case KEY_OUTPUT:
        set_text(&options->output_dir, text);
        return 0;
    case KEY_STAMP:
        options->stamp = true;
        return 0;
    case KEY_PREFIX:
        if (text[0] != '/' || strpbrk(text, "'\"$`\\!:") != NULL) {
            tri_die(TRI_EXIT_USAGE, "option --prefix: \"%s\" is not an absolute path of plain "
                                    "characters", text);
        }
        set_text(&options->prefix, text);
        return 0;
    case KEY_FANOUT:
        options->fanout = (uint32_t)tri_options_number("--fanout", text, 0, 1000000);
        return 0;
    case KEY_HEARTBEAT:
        options->heartbeat = (uint32_t)tri_options_number("--heartbeat", text, 0, 1000000);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp tri_options_job = {.options = table, .parser = parse_option};

void tri_options_job_defaults(struct tri_options *options)
{
    options->fanout = DEFAULT_FANOUT;
    options->heartbeat = 20;
}
