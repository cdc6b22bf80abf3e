#!/bin/bash
# spmd-p2p.sh - the rows of group "p2p" of the matrix, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-spmd.sh" --group p2p
