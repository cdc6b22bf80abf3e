/* The ofi transport keeps the contract, alone and with lanes over it. TRIREME_OFI_PROVIDER chooses the provider;
 * --opens only tries to open it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../../transports/laned.h"
#include "conformance.h"
#include "harness.h"

const struct tri_transport *tri_transport_module(void);

static void open_and_close(void)
{
    open_transport();
    close_transport();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--opens") == 0) {
        return run_ranks(tri_transport_module(), 1, open_and_close, 60);
    }
    const struct tri_transport *laned = tri_laned_over(tri_transport_module());
    return run_conformance(tri_transport_module(), 3) + run_conformance(laned, 3);
}
