/* Lines on stderr. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "job.h"
#include "launcher.h"
#include "variables.h"

static void write_line(const char *format, va_list args)
{
    char line[1200];
    int used = tri_job.launched ? snprintf(line, sizeof line, "trireme: rank %d on %s: ", tri_job.rank, tri_job.host)
                                : snprintf(line, sizeof line, "trireme: ");
    int more = vsnprintf(line + used, sizeof line - (size_t)used - 1, format, args);
    used = TRI_MIN(used + TRI_MAX(more, 0), (int)sizeof line - 2);
    line[used++] = '\n';
    /* A lost stderr is nothing that could be reported anywhere. */
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)used);
    (void)ignored;
}

void tri_log_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}

void tri_log_note(const char *format, ...)
{
    int64_t level = tri_variable_number(TRI_VAR_VERBOSE);
    if (level == 0 || (level == 1 && tri_job.rank != 0)) {
        return;
    }
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}

void tri_log_fatal(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
    tri_log_end(code);
}

void tri_log_end(int code)
{
    if (tri_job.launched) {
        tri_launcher->abort(code, "");
    }
    _exit(code);
}
