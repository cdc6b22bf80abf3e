/* mpcc.h: lists of words, and what the words of a compiler's command line mean. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPCC_H
#define TRI_MPCC_H

#include <stddef.h>

/* A growing list for execvp: items[count] is NULL once something was added. It does not own its
 * words; its items are for the user of the list to free. */
struct mpcc_words {
    char **items;
    size_t count;
};

/* Prints one line with the program's name on standard error and ends with a failure. */
void mpcc_fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* A new string as printf would print it. It lives until mpcc ends or becomes the compiler. */
char *mpcc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void mpcc_add(struct mpcc_words *words, const char *word);

/* Adds the words of a text in which quotes and backslashes protect spaces as in a shell. The text
 * comes from `source`, which a message about an open quote names. */
void mpcc_split(struct mpcc_words *words, const char *text, const char *source);

/* Prints the words on one line that a shell would split into the same words. */
void mpcc_print(const struct mpcc_words *words);

/* The path of a program as execvp would find it; NULL if there is none. */
char *mpcc_find_program(const char *name);

/* Whether the word after this option of the compiler belongs to it. */
int mpcc_takes_argument(const char *option);

enum mpcc_stage {
    MPCC_NO_INPUT, /* no file is named: nothing to compile or link */
    MPCC_COMPILE,  /* the compiler stops before it links */
    MPCC_LINK
};

/* How far the compiler goes with these arguments. */
enum mpcc_stage mpcc_stage_of(const struct mpcc_words *arguments);

#endif
