#!/bin/bash
# abort.sh - how jobs end that end badly: exit codes, one clear message, nobody left behind. TAP.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: abort.sh        from the environment: MPRUN, SPMD_BIN as for run-spmd.sh
# Exit code: 0 all passed, 1 a check failed, 2 set-up.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/defaults.sh"
limit=${SPMD_TIMEOUT:-30}
number=0 failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/spmd-abort.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT

# A copy with a name of its own: what is left behind can be told from other people's processes.
# Programs of libtool are scripts that must stay where they are; those are run in place.
program=$SPMD_BIN/init_abort
if [ "$(head -c 2 "$program")" != '#!' ]; then
    cp "$program" "$scratch/abort-test" || exit 2
    program=$scratch/abort-test
fi

verdict() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        failed=$((failed + 1))
        echo "not ok $number - $2 # $3"
        head -n 20 "$scratch/output" | sed 's/^/# /'
    fi
}

# ends_with NAME CODE COMMAND...: runs it; CODE is a number or "any" for every non-zero one.
ends_with() {
    local name=$1 wanted=$2 code begun
    shift 2
    begun=$SECONDS
    timeout -k 5 "$limit" "$@" >"$scratch/output" 2>&1 </dev/null
    code=$?
    [ $((SECONDS - begun)) -lt "$limit" ] || code=124
    case $wanted in
        any) [ $code -ne 0 ] && [ $code -ne 124 ] ;;
        *) [ $code -eq "$wanted" ] ;;
    esac
    verdict $? "$name" "exit code $code, not $wanted"
    nobody_left "$name"
}

# A job may take its last steps after its launcher has ended, so this looks for a while.
nobody_left() {
    local turn
    for turn in 1 2 3 4 5 6 7 8 9 10; do
        pgrep -f "^$scratch/" >"$scratch/left" || return 0
        sleep 0.1
    done
    verdict 1 "$1: nobody left" "still there after $turn looks: $(tr '\n' ' ' <"$scratch/left")"
    # shellcheck disable=SC2046 # a list of process numbers
    kill -KILL $(cat "$scratch/left") 2>/dev/null
}

# says NAME PATTERN...: the last output has a line that matches all patterns.
says() {
    local name=$1 pattern text
    shift
    text=$(cat "$scratch/output")
    for pattern in "$@"; do
        text=$(grep -iE -- "$pattern" <<<"$text")
    done
    [ -n "$text" ]
    verdict $? "$name" "no line with: $*"
}

# shellcheck disable=SC2206 # the launcher comes with its options
run=($MPRUN -n)
ends_with 'MPI_Abort of one among three' 7 "${run[@]}" 3 "$program" abort 1 7
says 'the message of MPI_Abort' 'abort' '1'
ends_with 'MPI_Abort of rank 0' 3 "${run[@]}" 2 "$program" abort 0 3
ends_with 'MPI_Abort of the only rank' 9 "${run[@]}" 1 "$program" abort 0 9
ends_with 'MPI_Abort with code 0 is no success' any "${run[@]}" 2 "$program" abort 0 0
ends_with 'MPI_Abort with code 300 is no success' any "${run[@]}" 2 "$program" abort 1 300
ends_with 'MPI_Abort with code 256 is no success' any "${run[@]}" 2 "$program" abort 1 256
ends_with 'MPI_Abort on MPI_COMM_SELF' any "${run[@]}" 3 "$program" abort-self 2 5
ends_with 'MPI_Abort without a launcher' 7 "$program" abort 0 7
ends_with 'the code that main returns' 5 "${run[@]}" 3 "$program" return 2 5
ends_with 'a rank killed by a signal' any "${run[@]}" 3 "$program" signal 1
says 'the report of the signal' 'rank 1' '9|kill'
ends_with 'a rank that exits without MPI_Finalize' 4 "${run[@]}" 3 "$program" exit 2 4
ends_with 'a rank that exits with 0 without MPI_Finalize' any "${run[@]}" 3 "$program" exit 2 0
ends_with 'a wrong rank is fatal' any "${run[@]}" 2 "$program" badrank 1
says 'its message names call and rank' 'MPI_Send' '7'
ends_with 'a truncated message is fatal' any "${run[@]}" 2 "$program" truncate 0
says 'its message names call, sizes and tag' '100' '10[^0]' '77'
ends_with 'a message truncated in a waiting thread' any "${run[@]}" 1 "$program" truncate-thread 0
says 'its message names the call of that thread' 'MPI_Recv' '100' '77'
ends_with 'a wrong rank without a launcher is fatal' any "$program" badrank 0
if command -v mpiexec.mpich >/dev/null 2>&1 && [[ $MPRUN != *mpiexec* ]]; then
    ends_with 'two ranks of a foreign launcher are not two worlds' any mpiexec.mpich -n 2 \
        "$SPMD_BIN/init_basic" 2
else
    number=$((number + 1))
    echo "ok $number - a foreign launcher # SKIP: no mpiexec.mpich here"
fi

skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP: $2"
}

ends_with 'a call before MPI_Init' any "${run[@]}" 1 "$program" early 0
says 'its message names the call' 'MPI_Barrier'
ends_with 'a call after MPI_Finalize' any "${run[@]}" 1 "$program" late 0
says 'its message names the call' 'MPI_Barrier'
ends_with 'MPI_Init twice' any "${run[@]}" 1 "$program" twice 0

# What only this library knows: its variables, its memory.
if [[ $MPRUN == *mpiexec* ]]; then
    skip 'variables and shared memory' 'another launcher'
else
    ends_with 'a variable with nonsense in it' any env TRIREME_WAIT=banana "${run[@]}" 2 \
        "$SPMD_BIN/init_basic" 2
    says 'its message names variable and value' 'TRIREME_WAIT' 'banana'
    ends_with 'a transport that does not exist' any env TRIREME_TRANSPORTS=self,pigeon \
        "${run[@]}" 2 "$SPMD_BIN/init_basic" 2
    says 'its message names the transport' 'pigeon'
fi

# apart SIZE COMMAND...: in a mount namespace with a /dev/shm of that size, empty again at the end.
# shellcheck disable=SC2016 # expanded by the inner shell
apart=(unshare -m bash -c 'mount --make-rprivate / &&
    mount -t tmpfs -o size="$0" none /dev/shm || exit 98
    "$@"
    code=$?
    sleep 0.2
    left=$(ls -A /dev/shm)
    [ -z "$left" ] || { echo "left: $left"; exit 97; }
    exit $code')

if [[ $MPRUN == *mpiexec* ]] || ! unshare -m true 2>/dev/null; then
    skip 'a /dev/shm of its own' 'no mount namespaces here, or another launcher'
else
    ends_with 'nothing left in /dev/shm by a good job' 0 "${apart[@]}" 256m "${run[@]}" 3 \
        "$SPMD_BIN/flow_exchange"
    ends_with 'nothing left by MPI_Abort' 7 "${apart[@]}" 256m "${run[@]}" 3 "$program" abort 1 7
    ends_with 'nothing left by a killed rank' 137 "${apart[@]}" 256m "${run[@]}" 3 "$program" \
        signal 1
    for size in 4k 64k 1m; do
        # It works or says what is missing; a signal (SIGBUS) would be a code of 128 or more.
        "${apart[@]}" $size timeout -k 5 "$limit" "${run[@]}" 4 "$SPMD_BIN/flow_exchange" \
            >"$scratch/output" 2>&1 </dev/null
        code=$?
        [ $code -eq 0 ] || { [ $code -lt 97 ] && grep -q '/dev/shm' "$scratch/output"; }
        verdict $? "a /dev/shm of $size" "exit code $code"
    done
fi
echo "1..$number"
[ $failed -eq 0 ]
