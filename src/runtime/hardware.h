/* The kinds of hardware of this machine, and to which of them this process is bound. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_HARDWARE_H
#define TRI_HARDWARE_H

enum { TRI_HARDWARE_MAX = 24 };

struct tri_hardware {
    char uri[40];  /* "hwloc://Package" */
    int instance;  /* the only one that this process may run on, counted from 0 on this machine; -1: on several */
};

/* Fills list (room for TRI_HARDWARE_MAX) from the whole machine down to the hardware thread and returns how many kinds
 * there are; -1 when hwloc can not read the machine. The first call reads the machine, which takes some milliseconds;
 * each asks anew for the binding of the process. Under the locks of all lanes. */
int tri_hardware_list(struct tri_hardware *list);
void tri_hardware_end(void);

#endif
