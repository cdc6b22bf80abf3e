/* Small macros that every part uses: branch hints, cache lines, container_of. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BASE_H
#define TRI_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRI_LIKELY(x) __builtin_expect(!!(x), 1)
#define TRI_UNLIKELY(x) __builtin_expect(!!(x), 0)

/* One for each thread, found without a call: a word or two, as a library opened later gets little room for these. */
#define TRI_THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))

/* What two cores exchange at a time; a thing that one core writes and another reads gets a line of its own. */
#define TRI_CACHE_LINE 64

#define tri_container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

#define TRI_MIN(a, b) ((a) < (b) ? (a) : (b))
#define TRI_MAX(a, b) ((a) > (b) ? (a) : (b))
#define TRI_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline void tri_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

#endif
