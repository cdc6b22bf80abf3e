/* The shm transport keeps the contract. TRIREME_CMA=0 takes its way without cross-memory attach. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../transports/shm/shm.h"
#include "conformance.h"

int main(void)
{
    return run_conformance(&tri_transport_shm, 3);
}
