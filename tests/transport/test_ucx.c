/* The ucx transport keeps the contract, alone and with lanes over it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../transports/laned.h"
#include "conformance.h"

const struct tri_transport *tri_transport_module(void);

int main(void)
{
    const struct tri_transport *laned = tri_laned_over(tri_transport_module());
    return run_conformance(tri_transport_module(), 3) + run_conformance(laned, 3);
}
