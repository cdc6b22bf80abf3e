/* tuning.c: the file with the machine's parameters goes to all nodes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tuning.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char variable[] = "TRIREME_TUNING";

enum { LENGTH_MAX = 16384 }; /* it lies in the environment of each rank */

/* The last character is always the end of a line, by which the ranks know that it is not a name. */
static void read_into(char text[LENGTH_MAX], const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        tri_die(TRI_EXIT_USAGE, "%s: cannot read %s: %s", variable, path, strerror(errno));
    }
    size_t len = fread(text, 1, LENGTH_MAX - 1, file);
    if (ferror(file) || !feof(file) || memchr(text, '\0', len)) {
        tri_die(TRI_EXIT_USAGE, "%s: %s is not a file that `mpbench tune` has written", variable, path);
    }
    fclose(file);
    if (len == 0 || text[len - 1] != '\n') {
        text[len++] = '\n';
    }
    text[len] = '\0';
}

static bool is_path(const char *value)
{
    return value && *value && !strchr(value, '\n');
}

void tri_tuning_take(struct tri_options *options)
{
    char text[LENGTH_MAX + 1];
    const char *path = getenv(variable);
    if (is_path(path)) {
        read_into(text, path);
        setenv(variable, text, 1);
    }
    for (size_t i = 0; i < options->nrequests; i++) {
        struct tri_strings *env = &options->requests[i].env;
        path = tri_strings_getenv(env, variable);
        if (is_path(path)) {
            read_into(text, path);
            tri_strings_setenv(env, variable, text);
        }
    }
}
