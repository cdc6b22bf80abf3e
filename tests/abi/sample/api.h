/* api.h: stands in for src/api/api.h in the test of gen-faces.pl. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SAMPLE_API_H
#define TRI_SAMPLE_API_H

#include <mpi.h>
#include <stdbool.h>

typedef struct {
    const void *base;
    int wide;
} tri_counts;

#define TRI_API(name) int tri_api_##name
#define TRI_API_FORM(name) int tri_api_##name
#define TRI_API_ANYTIME(name) int tri_api_##name
#define TRI_API_VALUE(type, name) type tri_api_##name

#define TRI_FACE __attribute__((visibility("default")))
#define TRI_FACE_ENTER(name) sample_enter(name)
#define TRI_FACE_ENTER_ANYTIME(name) sample_enter("anytime " name)
#define TRI_FACE_LEAVE() sample_leave()

void sample_enter(const char *call);
void sample_leave(void);
int tri_api_unsupported(const char *call, MPI_Comm comm);

#include "api_protos.h"

#endif
