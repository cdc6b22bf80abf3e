#!/bin/bash
# test-mpbench.sh - each collective of mpbench runs, and says so when the results are wrong. TAP.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: test-mpbench.sh        from the environment: MPRUN as for run-spmd.sh, BENCH_BIN, the
# directory of mpbench and its twins. No time is judged here.
# Exit code: 0 all passed, 1 a check failed, 2 set-up.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/../spmd/defaults.sh"
bin=${BENCH_BIN:-$PWD/tests/bench}
limit=${SPMD_TIMEOUT:-60}
number=0 failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/test-mpbench.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
sizes=(8 24 1000 20000)
ranks=2

verdict() {
    number=$((number + 1))
    if [ "$1" = yes ]; then
        echo "ok $number - $2"
    else
        failed=$((failed + 1))
        echo "not ok $number - $2 # $3"
        head -n 20 "$scratch/stdout" "$scratch/stderr" | sed 's/^/# /'
    fi
}

# run PROGRAM OPERATION: with $ranks ranks; the exit code is the job's.
run() {
    timeout -k 5 "$limit" "$MPRUN" -n "$ranks" "$bin/$1" "$2" --iters 3 --reps 2 --format csv \
        --size "$(IFS=,; echo "${sizes[*]}")" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
}

# A table has the rows asked for, in that order, and in each of them numbers of at least 0.
table_has() {
    awk -F , -v rows="$*" '
        BEGIN { wanted = split(rows, row, " ") }
        /^#/ { next }
        !header { header = 1; wrong = $2 != "median_us" || $3 != "max_us"; next }
        { if ($1 != row[++n]) wrong = 1; for (i = 2; i <= 4; i++) if ($i !~ /^[0-9.]+$/) wrong = 1 }
        END { exit wrong || !header || n != wanted }' "$scratch/stdout"
}

runs_well() {
    local operation=$1 code
    shift
    run mpbench "$operation"
    code=$?
    if [ $code != 0 ]; then
        verdict no "$operation" "exit code $code"
    elif ! table_has "$@"; then
        verdict no "$operation" "the table is not complete"
    else
        verdict yes "$operation"
    fi
}

sees_wrong_data() {
    local code
    run mpbench-spoilt "$1"
    code=$?
    if [ $code = 0 ] || [ $code = 124 ]; then
        verdict no "$1 with wrong results" "exit code $code"
    elif ! grep -Eq "^mpbench( $1)?: .*wrong" "$scratch/stderr"; then
        verdict no "$1 with wrong results" "no line about it"
    else
        verdict yes "$1 with wrong results"
    fi
}

if [ ! -x "$bin/mpbench" ]; then
    echo "Bail out! no $bin/mpbench; say where it is with BENCH_BIN"
    exit 2
fi
runs_well barrier 2
for operation in bcast scatter gather allgather alltoall reduce allreduce reduce_scatter scan; do
    runs_well "$operation" "${sizes[@]}"
    sees_wrong_data "$operation"
done
# Two ranks, then one that sends to itself.
for ranks in 2 1; do
    run mpbench threads
    code=$?
    rows=$(awk -F , '/^[0-9]/ { print $1, $2 }' "$scratch/stdout" | tr '\n' ',')
    if [ $code != 0 ] || [ "$rows" != "1 8,1 24,1 1000,1 20000,2 8,2 24,2 1000,2 20000," ]; then
        verdict no "threads, -n $ranks" "exit code $code, rows $rows"
    elif ! awk -F , '/^[0-9]/ && $4 <= $3 && $3 <= $5 { good++; some += $5 } END { exit good != 8 || some == 0 }' \
        "$scratch/stdout"; then
        verdict no "threads, -n $ranks" "rates that can not be"
    else
        verdict yes "threads, -n $ranks"
    fi
    sees_wrong_data threads
done
ranks=2
# A thread alone and then two: each one a window to see that the data is right, and the 3 of each of the 2 repetitions.
run mpbench-counted threads
counts=$(sort -nk 3 "$scratch/stderr" | uniq -c | awk '{ print $1, $2, $3, $4 }' | tr '\n' ',')
wanted=$(printf "3 $((64 * (1 + 2 * 3))) of %d," "${sizes[@]}")
if [ "$counts" = "$wanted" ]; then
    verdict yes "threads send what is counted"
else
    verdict no "threads send what is counted" "$counts"
fi
echo "1..$number"
[ $failed = 0 ]
