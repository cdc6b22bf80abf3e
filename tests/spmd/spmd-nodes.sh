#!/bin/bash
# spmd-nodes.sh - the rows of group "nodes" of the matrix on three nodes that are all this one, as one test of make check.
# SPDX-License-Identifier: BSD-3-Clause
#
# The nodes have 3, 2 and 3 ranks at most: 4 ranks are 3 and 1, 7 are 3, 2 and 2.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/defaults.sh"
export MPRUN="$MPRUN --launch-agent $here/../launch/agent.sh -H nodeA:3,nodeB:2,nodeC:3"
exec "$here/run-spmd.sh" --group nodes "$@"
