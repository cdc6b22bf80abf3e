/* Waiting: the one way in which anything in the library waits for something to happen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_WAIT_H
#define TRI_WAIT_H

#include "base.h"

/* One wait. Use:  struct tri_wait wait = {0};  while (!condition) tri_wait_step(&wait);  */
struct tri_wait {
    unsigned idle;    /* steps in a row in which nothing happened */
    int64_t deadline; /* end of spinning, nanoseconds of the monotonic clock; 0: not set yet */
    int64_t awaited;  /* since when other threads want the lock while this one gets on; 0: they do not */
};

/* Makes progress once; when nothing happens for long it spins, then yields, then sleeps until a transport wakes it.
 * Called with the lock of the lane (or of all) in which it is to happen; gives it up while yielding or sleeping. */
void tri_wait_step(struct tri_wait *wait);

/* How often it pays to look before anything else is done: once where ranks share cores, unless the one that is waited
 * for lives elsewhere (home.h). */
unsigned tri_wait_polls(bool elsewhere);

/* Whether this rank has its core to itself, as far as is known: no more ranks than cores, and nobody else was seen. */
bool tri_wait_is_alone(void);

/* After a nonblocking call that found nothing (Test, Iprobe): lets others run where they want the core, of which it
 * makes sure once in a while. */
void tri_wait_courtesy(void);

/* Reads the variables and what the machine offers. */
void tri_wait_start(void);

#endif
