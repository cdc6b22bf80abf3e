#!/bin/bash
# spmd-leak.sh - the rows of group "leak" of the matrix, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-spmd.sh" --group leak
