/* The transport of a process to itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TRANSPORT_SELF_H
#define TRI_TRANSPORT_SELF_H

#include "../transport.h"

extern const struct tri_transport tri_transport_self;

#endif
