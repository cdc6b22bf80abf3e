#!/bin/bash
# spmd-topo.sh - the rows of group "topo" of the matrix, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-spmd.sh" --group topo
