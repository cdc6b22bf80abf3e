/* Balanced sizes of the dimensions of a grid. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_DIMS_H
#define TRI_DIMS_H

/* Fills the dimensions that are 0 so that the product of all is number; they come out in descending order and as close
 * to each other as possible: with the smallest difference between the largest and the smallest. number is at least 1
 * and a multiple of the product of the other dimensions, which are at least 1; if all are given, it is their product. */
void tri_dims_fill(int number, int ndims, int *dims);

#endif
