/* mpix.h: Trireme's extensions of MPI; their names begin with MPIX_. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MPIX_H_TRIREME
#define MPIX_H_TRIREME

#include <mpi.h>

#endif
