/* Lines on stderr: errors that always show, notes that TRIREME_VERBOSE asks for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LOG_H
#define TRI_LOG_H

/* One line "trireme: rank R on HOST: ..." in a single write, so that lines of several ranks do not mix. */
void tri_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same under TRIREME_VERBOSE=1 (rank 0 only) or 2 (all ranks). */
void tri_log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The line, then the end of the whole job with that exit code. */
void tri_log_fatal(int code, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

/* The end alone, after an error that has been reported. */
void tri_log_end(int code) __attribute__((noreturn));

#endif
