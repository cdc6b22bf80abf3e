#!/bin/sh
# The shm transport keeps the contract where cross-memory attach is refused, too.
# SPDX-License-Identifier: BSD-3-Clause
TRIREME_CMA=0 exec ./tests/transport/test_shm
