/* Files with variables: where they are, and their lines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "variables_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "TRIREME_";

/* Without the white space around it. */
static char *trim(char *text)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1])) {
        text[--len] = '\0';
    }
    return text;
}

static int take_line(char *text, const char *file, int line, tri_variable_take_fn *take, char *message, size_t len)
{
    char *name = trim(text), *equals = strchr(name, '=');
    if (!*name || *name == '#') {
        return 0;
    }
    if (!equals) {
        snprintf(message, len, "%s:%d: \"%s\" is not of the form NAME = VALUE", file, line, name);
        return -1;
    }
    *equals = '\0';
    const char *value = trim(equals + 1);
    name = trim(name);
    name += strncmp(name, prefix, sizeof prefix - 1) ? 0 : sizeof prefix - 1;
    if (!strcmp(name, "FILE")) {
        snprintf(message, len, "%s:%d: a file of variables can not name another: set TRIREME_FILE in the environment",
                 file, line);
        return -1;
    }
    if (!take(name, value, file, line)) {
        snprintf(message, len, "%s:%d: there is no variable TRIREME_%s (mpinfo --variables lists them)", file, line,
                 name);
        return -1;
    }
    return 0;
}

static int load(const char *file, bool required, tri_variable_take_fn *take, char *message, size_t len)
{
    char *text = NULL;
    size_t room = 0;
    int result = 0;
    FILE *in = fopen(file, "re");
    if (!in && required) {
        snprintf(message, len, "TRIREME_FILE=%s can not be read: %s", file, strerror(errno));
        return -1;
    }
    for (int line = 1; in && result == 0 && getline(&text, &room, in) >= 0; line++) {
        result = take_line(text, file, line, take, message, len);
    }
    free(text);
    if (in) {
        fclose(in);
    }
    return result;
}

int tri_variables_load(tri_variable_take_fn *take, char *message, size_t len)
{
    const char *named = getenv("TRIREME_FILE"), *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
    char own[4096];
    if (named) {
        return *named ? load(named, true, take, message, len) : 0;
    }
    int result = load(TRI_SYSCONFDIR "/trireme.conf", false, take, message, len);
    if (result == 0 && (config || home)) {
        snprintf(own, sizeof own, "%s%s/trireme.conf", config ? config : home, config ? "" : "/.config");
        result = load(own, false, take, message, len);
    }
    return result;
}
