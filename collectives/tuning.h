/* The machine's parameters from a file. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TUNING_H
#define TRI_TUNING_H

/* Puts what the file says into tri_machine; what it does not name stays. Instead of its name the text itself may be
 * given, whose lines have ends: so mprun hands it on to all nodes. A line is a name and a number of nanoseconds;
 * # begins a remark. All ranks must read the same, or they choose different algorithms. Returns 0, or -1 after one line
 * on stderr. */
int tri_tuning_read(const char *file_or_text);

#endif
