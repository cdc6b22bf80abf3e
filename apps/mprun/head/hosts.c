/* hosts.c: reads host lists and host files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "hosts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

enum { MOST_SLOTS = 1000000 };

const char *tri_own_name(void)
{
    static char name[256];

    if (name[0] == '\0' && (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')) {
        strcpy(name, "localhost");
    }
    return name;
}

static bool is_own_name(const char *name)
{
    const char *own = tri_own_name();
    size_t host_part = strcspn(own, ".");

    return strcmp(name, "localhost") == 0 || strcmp(name, "127.0.0.1") == 0 ||
           strcmp(name, "::1") == 0 || strcasecmp(name, own) == 0 ||
           (strlen(name) == host_part && strncasecmp(name, own, host_part) == 0);
}

/* Only what a host name, an address or user@host is made of: the name becomes an argument of the
 * launch agent, which must not take it for an option. */
static bool is_host_name(const char *name)
{
    if (!isalnum((unsigned char)name[0]) && name[0] != ':' && name[0] != '_') {
        return false;
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr(".-_:@%", *c) == NULL) {
            return false;
        }
    }
    return true;
}

static void choose(struct tri_host_list *chosen, size_t host)
{
    for (size_t i = 0; i < chosen->count; i++) {
        if (chosen->items[i] == host) {
            return;
        }
    }
    chosen->items = tri_regrow(chosen->items, chosen->count + 1, sizeof *chosen->items);
    chosen->items[chosen->count++] = host;
}

void tri_hosts_add(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *name,
                   uint32_t slots)
{
    bool local = is_own_name(name);

    for (size_t i = 0; i < hosts->count; i++) {
        struct tri_host *host = &hosts->items[i];

        if ((local && host->local) || strcmp(host->name, name) == 0) {
            host->slots += slots;
            choose(chosen, i);
            return;
        }
    }
    hosts->items = tri_regrow(hosts->items, hosts->count + 1, sizeof *hosts->items);
    hosts->items[hosts->count] = (struct tri_host){
        .name = tri_copy(local ? tri_own_name() : name), .slots = slots, .local = local};
    choose(chosen, hosts->count++);
}

/* Reads "name" or "name:slots"; an IPv6 address with slots needs brackets. Returns NULL or what
 * is wrong. */
static const char *add_entry(struct tri_hosts *hosts, struct tri_host_list *chosen, char *text)
{
    long slots = 0;
    char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[';

    if (bracketed) {
        char *close = strchr(++text, ']');

        if (close == NULL || (close[1] != '\0' && close[1] != ':')) {
            return "bad address in brackets";
        }
        colon = close[1] == ':' ? close + 1 : NULL;
        *close = '\0';
    } else if (colon != NULL && strchr(text, ':') != colon) {
        colon = NULL; /* a bare IPv6 address */
    }
    if (colon != NULL) {
        *colon = '\0';
        if (!tri_parse_number(colon + 1, 1, MOST_SLOTS, &slots)) {
            return "the number of slots must be a whole number from 1";
        }
    }
    if (!is_host_name(text)) {
        return "not a host name";
    }
    tri_hosts_add(hosts, chosen, text, (uint32_t)slots);
    return NULL;
}

void tri_hosts_add_list(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *text)
{
    struct tri_strings entries = {0};

    tri_strings_split(&entries, text, ",");
    if (entries.count == 0) {
        tri_die(TRI_EXIT_USAGE, "empty host list \"%s\"", text);
    }
    for (size_t i = 0; i < entries.count; i++) {
        char *shown = tri_copy(entries.items[i]);
        const char *wrong = add_entry(hosts, chosen, entries.items[i]);

        if (wrong != NULL) {
            tri_die(TRI_EXIT_USAGE, "bad host \"%s\" in \"%s\": %s", shown, text, wrong);
        }
        free(shown);
    }
    tri_strings_clear(&entries);
}

/* Reads "name", "name:N" or "name slots=N". Returns NULL or what is wrong. */
static const char *add_line(struct tri_hosts *hosts, struct tri_host_list *chosen,
                            const struct tri_strings *words)
{
    long slots;

    if (words->count == 1) {
        return add_entry(hosts, chosen, words->items[0]);
    }
    if (words->count > 2 || strncmp(words->items[1], "slots=", 6) != 0) {
        return "expected \"name\", \"name:N\" or \"name slots=N\"";
    }
    if (!tri_parse_number(words->items[1] + 6, 1, MOST_SLOTS, &slots)) {
        return "the number of slots must be a whole number from 1";
    }
    if (!is_host_name(words->items[0])) {
        return "not a host name";
    }
    tri_hosts_add(hosts, chosen, words->items[0], (uint32_t)slots);
    return NULL;
}

void tri_hosts_add_file(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *file)
{
    FILE *stream = fopen(file, "re");
    char *line = NULL;
    size_t size = 0, before = chosen->count;

    if (stream == NULL) {
        tri_die(TRI_EXIT_USAGE, "cannot read host file %s: %s", file, strerror(errno));
    }
    for (unsigned number = 1; getline(&line, &size, stream) >= 0; number++) {
        struct tri_strings words = {0};

        line[strcspn(line, "#")] = '\0';
        tri_strings_split(&words, line, " \t\r\n");
        const char *wrong = words.count > 0 ? add_line(hosts, chosen, &words) : NULL;

        if (wrong != NULL) {
            tri_die(TRI_EXIT_USAGE, "%s:%u: %s", file, number, wrong);
        }
        tri_strings_clear(&words);
    }
    if (ferror(stream)) {
        tri_die(TRI_EXIT_USAGE, "cannot read host file %s: %s", file, strerror(errno));
    }
    if (chosen->count == before) {
        tri_die(TRI_EXIT_USAGE, "host file %s names no host", file);
    }
    free(line);
    fclose(stream);
}

void tri_hosts_add_self(struct tri_hosts *hosts, struct tri_host_list *chosen)
{
    tri_hosts_add(hosts, chosen, "localhost", 0);
}

void tri_hosts_clear(struct tri_hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++) {
        free(hosts->items[i].name);
    }
    free(hosts->items);
    *hosts = (struct tri_hosts){0};
}
