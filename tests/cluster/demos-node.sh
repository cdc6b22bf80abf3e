#!/bin/sh
# The demonstration programs with 1 to 8 ranks on this node.
# SPDX-License-Identifier: BSD-3-Clause
exec "$(dirname "$0")/run-demos.sh" --node
