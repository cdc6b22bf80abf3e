#!/bin/bash
# start.sh - starts that are not quite as usual: ranks that come late, a node without shared memory, named process sets. TAP.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: start.sh        from the environment: MPRUN, SPMD_BIN as for run-spmd.sh
# Exit code: 0 all passed, 1 a check failed.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/defaults.sh"
limit=${SPMD_TIMEOUT:-60}
number=0 failed=0
program=$SPMD_BIN/comm_basic

# passes NAME SCRIPT: each of three ranks runs the script, which starts the program as "$0".
passes() {
    job_passes "$1" -n 3 sh -c "$2" "$program"
}

# job_passes NAME ARGUMENTS of mprun...
job_passes() {
    local output code name=$1
    shift
    number=$((number + 1))
    output=$(timeout -k 5 "$limit" "$MPRUN" "$@" 2>&1 </dev/null)
    code=$?
    if [ $code = 0 ]; then
        echo "ok $number - $name"
    else
        failed=$((failed + 1))
        echo "not ok $number - $name # exit code $code"
        head -n 20 <<<"$output" | sed 's/^/# /'
    fi
}

# PMIx loses its patience after two seconds when it is not told otherwise.
for rank in 0 1; do
    # shellcheck disable=SC2016 # for the ranks' shell
    passes "rank $rank comes three seconds late" '[ $PMIX_RANK != '$rank' ] || sleep 3; exec "$0"'
done
# Rank 0 makes the node's segment, and has nothing to wait for.
# shellcheck disable=SC2016
passes "a session ends before the others come" '[ $PMIX_RANK = 0 ] || sleep 1; exec "${0%/*}/session" idle'
# The maker of the node's segment may not write any file, so that all must do without.
# shellcheck disable=SC2016
passes "no shared segment" '[ $PMIX_RANK != 0 ] || { trap "" XFSZ; ulimit -f 0; }; exec "$0"'
# Sets of the launcher: two programs of four make one, the last one has none.
sets=("$SPMD_BIN/session" sets ocean:013 ice:2)
job_passes "process sets" --pset ocean -n 2 "${sets[@]}" : -n 1 --pset ice "${sets[@]}" : \
    -n 1 --pset ocean "${sets[@]}" : -n 1 "${sets[@]}"
job_passes "no process sets" -n 2 "$SPMD_BIN/session" sets
echo "1..$number"
[ $failed = 0 ]
