/* Files with variables: a line for each, NAME = VALUE. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_VARIABLES_FILE_H
#define TRI_VARIABLES_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Takes a value; false: there is no such variable. All strings are the caller's. */
typedef bool tri_variable_take_fn(const char *name, const char *value, const char *file, int line);

/* Reads the file that TRIREME_FILE names, or else the installation's (etc/trireme.conf) and after it the user's
 * (~/.config/trireme.conf), as far as they exist. Empty lines and what follows a # at a line's start do not count;
 * names may be written with their prefix. Returns 0, or -1 with one line in message: file, line, and what is wrong
 * there. */
int tri_variables_load(tri_variable_take_fn *take, char *message, size_t len);

#endif
