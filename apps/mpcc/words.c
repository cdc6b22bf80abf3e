/* words.c: lists of words for mpcc, split and printed by a shell's rules. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mpcc.h"

static const char blanks[] = " \t\n";

/* Every string stays in this chain, so that none has an owner to look after it. */
struct kept {
    struct kept *next;
    char *text;
};

static struct kept *all_kept;

char *mpcc_format(const char *format, ...)
{
    struct kept *kept = malloc(sizeof *kept);
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0 || kept == NULL)
        mpcc_fail("out of memory");
    *kept = (struct kept){all_kept, text};
    all_kept = kept;
    return text;
}

void mpcc_add(struct mpcc_words *words, const char *word)
{
    char **items = realloc(words->items, (words->count + 2) * sizeof *items);

    if (items == NULL)
        mpcc_fail("out of memory");
    items[words->count++] = (char *)word; /* execvp promises not to write to them */
    items[words->count] = NULL;
    words->items = items;
}

/* Copies one word to `to` without its quotes. Returns the character after it, NULL if a quote stays
 * open. */
static const char *take_word(const char *from, char *to)
{
    char quote = '\0';

    for (; *from != '\0' && (quote != '\0' || strchr(blanks, *from) == NULL); from++) {
        if (quote == '\0' && (*from == '\'' || *from == '"'))
            quote = *from;
        else if (quote != '\0' && *from == quote)
            quote = '\0';
        else if (*from == '\\' && quote != '\'' && from[1] != '\0')
            *to++ = *++from;
        else
            *to++ = *from;
    }
    *to = '\0';
    return quote == '\0' ? from : NULL;
}

void mpcc_split(struct mpcc_words *words, const char *text, const char *source)
{
    const char *next = text + strspn(text, blanks);

    while (*next != '\0') {
        char *word = mpcc_format("%s", next);

        next = take_word(next, word);
        if (next == NULL)
            mpcc_fail("a quote is not closed in %s: %s", source, text);
        mpcc_add(words, word);
        next += strspn(next, blanks);
    }
}

static void print_word(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=+./,:@%^";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*word);
    }
    putchar('\'');
}

void mpcc_print(const struct mpcc_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            putchar(' ');
        print_word(words->items[i]);
    }
    putchar('\n');
}

char *mpcc_find_program(const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/') != NULL)
        return mpcc_format("%s", name);
    while (path != NULL) {
        size_t length = strcspn(path, ":");
        char *file = mpcc_format("%.*s/%s", length > 0 ? (int)length : 1, length > 0 ? path : ".",
                                 name);
        struct stat status;

        if (stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0)
            return file;
        path = path[length] == ':' ? path + length + 1 : NULL;
    }
    return NULL;
}
