/* A rank's home: the core that it comes back to, where ranks share cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_HOME_H
#define TRI_HOME_H

#include "base.h"

/* Ranks that wait for each other all the time are quickest when each core has as many of them: of three on one core and
 * one on another each wait takes two turns and not one. The kernel does not see that. Ranks that yield look busy,
 * wherever they are, so that it moves them seldom, and not always to where they should be. So each rank has a home,
 * where it goes when it has yielded often without ever having had to wait for long; bound to it, it is not. Who
 * computes, or sleeps, stays where the kernel wants it; and a rank that finds another program at home, which does not
 * yield, goes away again, and waits longer each time before it comes back.
 *
 * Not for programs whose threads communicate at the same time: they have no home. */

/* Chooses the home, if there are ranks for the CPUs to share evenly, and this one is not bound to some of them. Needs
 * tri_job. */
void tri_home_start(void);

/* Whether that rank of this node lives on another core than this one, and so may run while this one polls. A hint: the
 * kernel may have put either elsewhere. */
bool tri_home_is_elsewhere(int rank);

/* Whether tri_home_yielded wants to know how long the next yield takes. */
bool tri_home_on_trial(void);

/* The calling thread, which waits for something, has yielded for so many nanoseconds; it has slept. */
void tri_home_yielded(int64_t ns);
void tri_home_slept(void);

#endif
