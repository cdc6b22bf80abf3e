/* The self transport keeps the contract. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../transports/self/self.h"
#include "conformance.h"

int main(void)
{
    return run_conformance(&tri_transport_self, 1);
}
