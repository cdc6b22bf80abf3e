/* The library's life: it is there while MPI_Init's world or a session needs it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_INSTANCE_H
#define TRI_INSTANCE_H

#include "../runtime/base.h"

/* One more needs it, with that thread level: starts it if it is not there. Ends the process after one line if that can
 * not be. Called with or without the lanes' locks; returns with what the caller's face gives up. */
void tri_instance_enter(int level);

/* Nobody of this process needs it any more, and all processes of the job are known to be here: everything goes. */
void tri_instance_end(void);

/* One less needs it. The last one leaves it asleep: a session may come again, and other processes may still want
 * something. What is left goes with the process. Whether it was the last. */
bool tri_instance_leave(void);

/* Whether it is there, asleep or not: the variables are read when it starts. */
bool tri_instance_is_up(void);

#endif
