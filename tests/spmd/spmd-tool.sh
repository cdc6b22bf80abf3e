#!/bin/bash
# spmd-tool.sh - the rows of group "tool" of the matrix, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-spmd.sh" --group tool
