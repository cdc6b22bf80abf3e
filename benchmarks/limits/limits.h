/* The programs of limits: what this machine can do at best, measured without any MPI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRIREME_LIMITS_H
#define TRIREME_LIMITS_H

#include "../common/bench.h"

#include <sys/types.h>

extern const struct bench bench_cacheline, bench_memcpy, bench_cma, bench_tcp;

/* The option --cpus A,B. */
extern const struct argp cpus_argp;

/* Ends the program with one line and exit code 2; adds the text of errno if it is not 0. */
_Noreturn void limits_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Keeps this process on the first (which = 0) or the last (1) of the processors it may use, or on
 * those of --cpus. Returns the processor. */
int limits_pin(int which);

/* Starts a second process that runs work(arg) on the other processor and then exits. It dies with
 * this one. Call limits_pin(0) afterwards, limits_join at the end. */
pid_t limits_fork(void (*work)(void *arg), void *arg);

/* Waits for it; ends the program if it failed. */
void limits_join(pid_t child);

/* Does the work that many times. */
typedef void (*limits_fn)(void *arg, long iters);

/* Finds a number of iterations that last rep_time (or what the options say), repeats, and returns
 * the median of the seconds of one iteration; min and max are set too. Every call of fn is one that
 * the other process cannot count, so both must stop by themselves or by a message. */
double limits_measure(const struct options *options, double rep_time, limits_fn fn, void *arg,
                      double *min, double *max);

/* ---- tcp ------------------------------------------------------------------------------------- */

/* Both return a connected socket without Nagle's delay. */
int tcp_connect(const char *host, const char *port);
int tcp_accept(int listener);

/* Listens at host (NULL: everywhere) and port ("0": any free one, told in *chosen). */
int tcp_listen(const char *host, const char *port, int *chosen);

/* Whole transfers; with spin they ask again at once instead of sleeping in the kernel. tcp_read
 * returns false when the other end has closed. */
bool tcp_read(int socket, void *buffer, size_t bytes, bool spin);
void tcp_write(int socket, const void *buffer, size_t bytes, bool spin);

#endif
