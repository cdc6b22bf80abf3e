/* Statistics, clock, progress lines, memory figures and test patterns. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double stats_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double stats_min(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return values[0];
}

double stats_max(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return values[count - 1];
}

void stats_fit_line(const double *x, const double *y, int count, double *a, double *b)
{
    double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;

    for (int i = 0; i < count; i++) {
        double weight = 1 / (y[i] * y[i]);
        w += weight;
        wx += weight * x[i];
        wy += weight * y[i];
        wxx += weight * x[i] * x[i];
        wxy += weight * x[i] * y[i];
    }
    double determinant = w * wxx - wx * wx;
    *b = determinant > 0 ? (w * wxy - wx * wy) / determinant : 0;
    *a = (wy - *b * wx) / w;
}

double clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void clock_spin(double seconds)
{
    double end = clock_now() + seconds;

    while (clock_now() < end)
        continue;
}

void progress_say(const struct options *options, const char *format, ...)
{
    static double first, last;
    double now = clock_now();
    va_list args;

    if (first == 0)
        first = now;
    if (!options->progress || now - first < 2 || now - last < 0.5)
        return;
    last = now;
    fprintf(stderr, "[%.0f s] ", now - first);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

double memory_kib(const char *key)
{
    char line[256];
    double value = NAN;
    size_t length = strlen(key);
    FILE *status = fopen("/proc/self/status", "r");

    if (!status)
        return NAN;
    while (fgets(line, sizeof line, status))
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            value = atof(line + length + 1);
    fclose(status);
    return value;
}

bool memory_reset_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");

    if (!file)
        return false;
    bool written = fputs("5", file) >= 0;
    return fclose(file) == 0 && written;
}

char *buffer_new(size_t bytes)
{
    size_t page = 4096;
    size_t rounded = (bytes / page + 1) * page;
    char *buffer = aligned_alloc(page, rounded);

    if (!buffer) {
        fprintf(stderr, "no memory for a buffer of %zu bytes; choose a smaller --size\n", bytes);
        exit(EXIT_FAILURE);
    }
    memset(buffer, 0, rounded);
    return buffer;
}

static char pattern_at(size_t place, unsigned seed)
{
    return (char)(seed * 37 + place * 31 + (place >> 8));
}

void pattern_fill(char *buffer, size_t bytes, unsigned seed)
{
    for (size_t i = 0; i < bytes; i++)
        buffer[i] = pattern_at(i, seed);
}

long pattern_check(const char *buffer, size_t bytes, unsigned seed)
{
    for (size_t i = 0; i < bytes; i++)
        if (buffer[i] != pattern_at(i, seed))
            return (long)i;
    return -1;
}
