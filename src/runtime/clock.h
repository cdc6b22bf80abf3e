/* The time that durations are taken of. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_CLOCK_H
#define TRI_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some moment before the process began; never goes back. */
static inline int64_t tri_clock_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

#endif
