/* util.c: messages to the user, memory that cannot fail, lists of strings. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

const char *tri_say_as = "mprun";

static void say(const char *format, va_list args)
{
    char line[4096];
    int used = snprintf(line, sizeof line, "%s: ", tri_say_as);
    int more = vsnprintf(line + used, sizeof line - (size_t)used - 1, format, args);
    size_t len = (size_t)used + (more > 0 ? (size_t)more : 0);

    if (len > sizeof line - 2) {
        len = sizeof line - 2;
    }
    line[len++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, len);
    (void)ignored; /* there is nobody left to tell */
}

void tri_say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
}

void tri_die(int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
    exit(code);
}

static void *check(void *memory)
{
    if (memory == NULL) {
        tri_die(TRI_EXIT_ERROR, "out of memory");
    }
    return memory;
}

void *tri_alloc(size_t count, size_t size)
{
    return check(calloc(count > 0 ? count : 1, size));
}

void *tri_regrow(void *old, size_t count, size_t size)
{
    return check(reallocarray(old, count > 0 ? count : 1, size));
}

char *tri_copy(const char *text)
{
    return check(strdup(text));
}

char *tri_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    int len = vasprintf(&text, format, args);

    va_end(args);
    return check(len < 0 ? NULL : text);
}

void tri_strings_give(struct tri_strings *list, char *text)
{
    list->items = tri_regrow(list->items, list->count + 2, sizeof *list->items);
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
}

void tri_strings_add(struct tri_strings *list, const char *text)
{
    tri_strings_give(list, tri_copy(text));
}

static size_t find_env(const struct tri_strings *list, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->items[i], name, len) == 0 && list->items[i][len] == '=') {
            return i;
        }
    }
    return list->count;
}

void tri_strings_setenv(struct tri_strings *list, const char *name, const char *value)
{
    size_t at = find_env(list, name);
    char *entry = tri_format("%s=%s", name, value);

    if (at == list->count) {
        tri_strings_give(list, entry);
        return;
    }
    free(list->items[at]);
    list->items[at] = entry;
}

const char *tri_strings_getenv(const struct tri_strings *list, const char *name)
{
    size_t at = find_env(list, name);

    return at == list->count ? NULL : list->items[at] + strlen(name) + 1;
}

void tri_strings_clear(struct tri_strings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    list->items = NULL;
    list->count = 0;
}

void tri_strings_split(struct tri_strings *list, const char *text, const char *separators)
{
    for (;;) {
        text += strspn(text, separators);
        size_t len = strcspn(text, separators);

        if (len == 0) {
            return;
        }
        tri_strings_give(list, check(strndup(text, len)));
        text += len;
    }
}

bool tri_parse_number(const char *text, long min, long max, long *number)
{
    char *end;

    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *number >= min && *number <= max;
}

void tri_fd_prepare(int fd, bool nonblocking)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (nonblocking) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
}

bool tri_fd_can_wait(int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    int trial = epoll_create1(EPOLL_CLOEXEC);
    bool can = trial < 0 || epoll_ctl(trial, EPOLL_CTL_ADD, fd, &event) == 0 || errno != EPERM;

    if (trial >= 0) {
        close(trial);
    }
    return can;
}
