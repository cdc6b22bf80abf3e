/* Numbers for handles that are pointers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_HANDLES_H
#define TRI_HANDLES_H

/* A predefined handle is its own number. An object gets the same number each time it is asked for; as objects go back
 * to pools and never to malloc, there are never more numbers than there were objects at one time. Any thread, any time.
 */
int tri_handle_to_int(const void *handle);

/* The handle of a number that tri_handle_to_int has given; NULL for another. */
void *tri_handle_from_int(int number);

#endif
