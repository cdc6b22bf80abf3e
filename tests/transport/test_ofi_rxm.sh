#!/bin/sh
# The ofi transport keeps the contract over the provider that completes packets out of order, too.
# SPDX-License-Identifier: BSD-3-Clause
TRIREME_OFI_PROVIDER='tcp;ofi_rxm'
export TRIREME_OFI_PROVIDER
if ! ./tests/transport/test_ofi --opens 2>/dev/null; then
    echo "skipped: libfabric has no provider $TRIREME_OFI_PROVIDER here"
    exit 77
fi
exec ./tests/transport/test_ofi
