/* The ucx transport keeps the contract. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"

const struct tri_transport *tri_transport_module(void);

int main(void)
{
    return run_conformance(tri_transport_module(), 3);
}
