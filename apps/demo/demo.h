/* What the demonstration programs share: options, and the common end with its verdict. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef DEMO_H
#define DEMO_H

#include <errno.h>
#include <mpi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One option `-letter NUMBER`; *value holds the default and receives what was given. */
struct demo_option {
    char letter;
    const char *what;
    long *value;
    long least, most;
};

static int demo_rank(void)
{
    int rank;

    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static inline int demo_size(void)
{
    int size;

    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

static void demo_help(FILE *out, const char *name, const struct demo_option *options)
{
    if (demo_rank() != 0)
        return;
    fprintf(out, "usage: %s [options]\n", name);
    for (; options->letter; options++)
        fprintf(out, "  -%c N   %s (%ld to %ld, default %ld)\n", options->letter, options->what,
                options->least, options->most, *options->value);
}

static int demo_take(const char *name, const struct demo_option *option, const char *text)
{
    char *end;

    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < option->least || value > option->most) {
        if (demo_rank() == 0)
            fprintf(stderr, "%s: -%c needs a number from %ld to %ld, not '%s'\n", name,
                    option->letter, option->least, option->most, text);
        return 2;
    }
    *option->value = value;
    return 0;
}

/* Reads argv, the same on each rank, after MPI_Init; `options` ends with letter 0.
 * Returns 0 to go on, 1 when help was printed (exit code 0), 2 on a wrong option (exit code 2). */
static int demo_parse(int argc, char **argv, const char *name, const struct demo_option *options)
{
    char known[64] = "h";
    size_t length = 1;
    int letter;

    for (const struct demo_option *o = options; o->letter; o++) {
        known[length++] = o->letter;
        known[length++] = ':';
    }
    known[length] = '\0';
    opterr = demo_rank() == 0;
    while ((letter = getopt(argc, argv, known)) != -1) {
        const struct demo_option *o = options;
        while (o->letter && o->letter != letter)
            o++;
        if (letter == 'h' || !o->letter) {
            demo_help(letter == 'h' ? stdout : stderr, name, options);
            return letter == 'h' ? 1 : 2;
        }
        if (demo_take(name, o, optarg) != 0)
            return 2;
    }
    if (optind == argc)
        return 0;
    if (demo_rank() == 0)
        fprintf(stderr, "%s: what is '%s'? (-h shows the options)\n", name, argv[optind]);
    return 2;
}

static void *demo_alloc(size_t bytes)
{
    void *memory = calloc(bytes ? bytes : 1, 1);

    if (!memory) {
        fprintf(stderr, "demo: no memory for %zu bytes\n", bytes);
        MPI_Abort(MPI_COMM_WORLD, 3);
    }
    return memory;
}

/* Collective: sums the ranks' counts of wrong results, prints the one summary line on rank 0 (the
 * format's text is rank 0's), ends MPI and returns the exit code. */
__attribute__((format(printf, 3, 4))) static int demo_finish(const char *name, long wrong,
                                                             const char *format, ...)
{
    long all = 0;
    int size = demo_size();
    va_list values;

    MPI_Allreduce(&wrong, &all, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    if (demo_rank() == 0) {
        printf("%s: %d rank%s, ", name, size, size == 1 ? "" : "s");
        va_start(values, format);
        vprintf(format, values);
        va_end(values);
        if (all)
            printf(": %ld WRONG\n", all);
        else
            printf(": ok\n");
        fflush(stdout);
    }
    MPI_Finalize();
    return all ? 1 : 0;
}

#endif
