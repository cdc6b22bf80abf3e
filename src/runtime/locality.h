/* Which processes of a node are near each other: the cache, NUMA node or package that each is bound to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LOCALITY_H
#define TRI_LOCALITY_H

/* From the smallest on most machines. */
enum tri_locality_level { TRI_LOCALITY_L3, TRI_LOCALITY_NUMA, TRI_LOCALITY_PACKAGE, TRI_LOCALITY_LEVELS };

/* The number that the hardware has on this node to which a process of this node is bound; -1: it may run on several, or
 * the launcher does not tell. All processes of a node get the same answer. The first call for a process asks the
 * launcher, which takes some microseconds and does not wait. Under the lock of lane 0. */
int tri_locality_of(int rank, enum tri_locality_level level);

/* The numbers out of what a PMIx server says of a process (PMIX_LOCALITY_STRING), as "SK0:L31:CR2:HT2:NM0"; "": it says
 * nothing. */
void tri_locality_parse(const char *locality, int numbers[TRI_LOCALITY_LEVELS]);

void tri_locality_end(void);

#endif
