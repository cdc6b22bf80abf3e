/* util.h: messages to the user, memory that cannot fail, lists of strings. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_UTIL_H
#define TRI_MPRUN_UTIL_H

#include <stdbool.h>
#include <stddef.h>

/* Exit codes of mprun that do not come from a rank. */
enum {
    TRI_EXIT_ERROR = 1,           /* anything without a better code */
    TRI_EXIT_USAGE = 2,           /* bad option, bad host file */
    TRI_EXIT_TIMEOUT = 124,       /* --timeout ran out */
    TRI_EXIT_NOT_EXECUTABLE = 126,
    TRI_EXIT_NOT_FOUND = 127,
    TRI_EXIT_SIGNAL = 128,        /* plus the signal's number */
};

/* Who speaks: "mprun" until a program says otherwise. */
extern const char *tri_say_as;

/* Prints "mprun: ..." as one line on stderr, in one write so that it stays whole. */
void tri_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Like tri_say, then ends the process with code. For mistakes found before anything was started. */
_Noreturn void tri_die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Memory; these end the process with one line when there is none. Callers free the results. */
void *tri_alloc(size_t count, size_t size);
void *tri_regrow(void *old, size_t count, size_t size);
char *tri_copy(const char *text);
char *tri_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A NULL-terminated list of strings that it owns. All-zero is empty; items may be NULL then. */
struct tri_strings {
    char **items;
    size_t count;
};

void tri_strings_add(struct tri_strings *list, const char *text);
/* Takes ownership of text. */
void tri_strings_give(struct tri_strings *list, char *text);
/* Sets NAME=value in a list of environment entries, replacing an earlier one. */
void tri_strings_setenv(struct tri_strings *list, const char *name, const char *value);
/* The value of NAME in a list of environment entries, or NULL. Belongs to the list. */
const char *tri_strings_getenv(const struct tri_strings *list, const char *name);
void tri_strings_clear(struct tri_strings *list);
/* Splits text at any of the characters in separators; empty words are dropped. */
void tri_strings_split(struct tri_strings *list, const char *text, const char *separators);

/* Reads a whole decimal number from min to max. Returns false when text is anything else. */
bool tri_parse_number(const char *text, long min, long max, long *number);

/* Sets close-on-exec and, when asked, non-blocking mode on a descriptor of our own. */
void tri_fd_prepare(int fd, bool nonblocking);

/* Whether an event loop can wait for the descriptor. Files and /dev/null are always ready. */
bool tri_fd_can_wait(int fd);

#endif
