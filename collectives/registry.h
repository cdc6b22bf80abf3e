/* The list of algorithms, made from their files (src/local.mk): to add one is to add its file, and a line there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_REGISTRY_H
#define TRI_REGISTRY_H

#include "collectives.h"
#include "collectives/registry_list.h" /* defines TRI_ALGORITHMS(X) as X(name) for each */

#define TRI_ALGORITHM_DECLARE(name) extern const struct tri_algorithm tri_##name;
TRI_ALGORITHMS(TRI_ALGORITHM_DECLARE)

#endif
