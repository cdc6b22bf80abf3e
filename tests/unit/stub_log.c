/* Stands in for src/runtime/log.c: everything goes to stderr, a fatal line ends the test. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/runtime/log.h"

static void print(const char *format, va_list args)
{
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void tri_log_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print(format, args);
    va_end(args);
}

void tri_log_note(const char *format, ...)
{
    (void)format;
}

void tri_log_fatal(int code, const char *format, ...)
{
    (void)code;
    va_list args;
    va_start(args, format);
    print(format, args);
    va_end(args);
    abort();
}
