/* What mpbench and limits share: command line, tables, statistics, clock, memory. No MPI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRIREME_BENCH_H
#define TRIREME_BENCH_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* ---- numbers given as lists ------------------------------------------------------------------ */

enum { LIST_MAX = 64 };

/* Up to LIST_MAX values in the order given. */
struct list {
    int count;
    double value[LIST_MAX];
};

/* Reads "8,64K,1M" or "1..4M" (doubling; from 0 the next is 1) into list. K, M and G are powers of
 * 1024. Returns NULL, or a static sentence that says what is wrong. */
const char *list_parse(const char *text, struct list *list);

/* ---- tables ---------------------------------------------------------------------------------- */

enum table_format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

/* A column of numbers; the name ends in its unit. */
struct column {
    const char *name;
    int precision;
};

struct table;

/* Starts a table on standard output. The columns must outlive it. Ends the program when memory runs
 * out. Every other call accepts NULL and does nothing, so that only one process has to print. */
struct table *table_open(enum table_format format, const char *name, const struct column *columns,
                         int count);

/* Adds a remark: "# key: value" in text and CSV, a member of "facts" in JSON. */
void table_fact(struct table *table, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a row of as many values as there are columns; NAN means "no value". */
void table_row(struct table *table, const double *values);

/* Ends and frees the table. */
void table_close(struct table *table);

/* ---- options and subcommands ----------------------------------------------------------------- */

/* The options every subcommand understands. */
struct options {
    struct list sizes; /* bytes; empty: the subcommand's own list */
    long iters;        /* per repetition; 0: found by trial so that it lasts long enough */
    int reps;
    int rep_ms; /* milliseconds of a repetition; 0: the subcommand's own choice */
    enum table_format format;
    bool progress;
};

/* A subcommand. `argp` holds its own options and may be NULL; its parser keeps what it reads. */
struct bench {
    const char *name;
    const char *summary;
    const struct argp *argp;
    int min_ranks;
    int (*run)(const struct options *options); /* returns an exit code */
};

enum cli_result { CLI_RUN, CLI_DONE, CLI_ERROR };

/* Reads "program SUBCOMMAND [OPTION...]". `benches` ends with a NULL. With `speak` false nothing is
 * printed, so that of many ranks only one reports a mistake. Returns CLI_RUN with *chosen and
 * *options set, CLI_DONE after --help, CLI_ERROR after a mistake. */
enum cli_result cli_parse(const char *program, const struct bench *const *benches, int argc,
                          char **argv, bool speak, struct options *options,
                          const struct bench **chosen);

/* ---- statistics, clock, progress, memory ----------------------------------------------------- */

/* These three sort `values` in place; count must be at least 1. */
double stats_median(double *values, int count);
double stats_min(double *values, int count);
double stats_max(double *values, int count);

/* Least squares of y = a + b * x, weights 1 / y^2: small values count as much as large ones. */
void stats_fit_line(const double *x, const double *y, int count, double *a, double *b);

/* Seconds of a clock that never jumps. */
double clock_now(void);

/* Keeps the core busy for that many seconds. */
void clock_spin(double seconds);

/* Prints a line on standard error if options->progress, the run has taken two seconds by now and
 * the last such line is half a second old. */
void progress_say(const struct options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A figure of /proc/self/status such as "VmRSS" or "VmHWM" in KiB; NAN where there is none. */
double memory_kib(const char *key);

/* Makes VmHWM start again from the present VmRSS; false where the kernel does not allow that. */
bool memory_reset_peak(void);

/* Memory on a page boundary, all of it touched. Ends the program when there is none; free() it. */
char *buffer_new(size_t bytes);

/* A pattern that depends on seed and place; pattern_check returns the first wrong byte or -1. */
void pattern_fill(char *buffer, size_t bytes, unsigned seed);
long pattern_check(const char *buffer, size_t bytes, unsigned seed);

#endif
