#!/bin/sh
# The demonstration programs with 1 to 8 ranks on 2, 3 and 4 virtual nodes.
# SPDX-License-Identifier: BSD-3-Clause
# A library that is not installed yet finds its modules here.
[ -n "${TRIREME_MODULE_DIR:-}" ] || export TRIREME_MODULE_DIR="$PWD/.libs"
exec "$(dirname "$0")/run-demos.sh" --cluster
