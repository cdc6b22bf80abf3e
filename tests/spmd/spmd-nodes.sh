#!/bin/bash
# spmd-nodes.sh - the rows of group "nodes" of the matrix on three nodes that are all this one, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
#
# The nodes have 3 ranks at most: 4 ranks are 3 and 1, 8 are 3, 3 and 2; with 6 and 9 all have as many.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/defaults.sh"
export MPRUN="$MPRUN --launch-agent $here/../launch/agent.sh -H nodeA:3,nodeB:3,nodeC:3"
exec "$here/run-spmd.sh" --group nodes "$@"
