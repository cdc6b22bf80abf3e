#!/bin/sh
# The demonstration programs with 1 to 8 ranks on 2, 3 and 4 virtual nodes.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-demos.sh" --cluster
