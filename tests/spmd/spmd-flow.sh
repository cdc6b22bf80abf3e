#!/bin/bash
# spmd-flow.sh - the rows of group "flow" of the matrix, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-spmd.sh" --group flow
