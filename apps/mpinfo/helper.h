/* helper.h: a probe on some node, as `mpinfo --check` holds it: a process that is talked to in lines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPINFO_HELPER_H
#define TRI_MPINFO_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "probe.h"

struct tri_helper {
    pid_t pid; /* 0: none, or it has ended */
    int in, out, err;
    size_t used;
    char unread[TRI_PROBE_LINE];
};

/* Starts argv (NULL-terminated) in a process group of its own; false: errno says why. */
bool tri_helper_start(struct tri_helper *helper, char *const *argv);

/* The next line without its newline, in line. False: it ended, or the time (CLOCK_MONOTONIC, seconds) came first. */
bool tri_helper_read(struct tri_helper *helper, double deadline, char line[TRI_PROBE_LINE]);

/* Writes text; whether that worked. */
bool tri_helper_write(struct tri_helper *helper, const char *text);

/* Ends it, waits until it is gone, and copies its last line on standard error, if there was one, into words. */
void tri_helper_end(struct tri_helper *helper, char *words, size_t len);

double tri_helper_now(void);

#endif
