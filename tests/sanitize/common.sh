# common.sh - what run-asan.sh and run-tsan.sh share; sourced.
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
CC=${CC:-gcc}
name=$(basename "$0")
number=0 failed=0

say() {
    echo "# $*"
}

skip() {
    echo "$name: skipped: $*"
    exit 77
}

die() {
    echo "$name: $*" >&2
    exit 1
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/trireme-sanitize.XXXXXX") ||
    die "no room for scratch files in ${TMPDIR:-/tmp}"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

# Whether a program that was compiled with these flags runs. Its words are in $scratch/probe.log.
works() {
    echo 'int main(void) { return 0; }' >"$scratch/probe.c"
    $CC "$@" "$scratch/probe.c" -o "$scratch/probe" >"$scratch/probe.log" 2>&1 &&
        "$scratch/probe" >>"$scratch/probe.log" 2>&1
}

# check NAME COMMAND...: one line; what the command said follows when it failed.
check() {
    local what=$1 code started=$EPOCHREALTIME
    shift
    number=$((number + 1))
    "$@" >"$scratch/output" 2>&1 </dev/null
    code=$?
    if [ $code = 0 ]; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what # exit code $code"
        failed=$((failed + 1))
        head -n 200 "$scratch/output" | sed 's/^/# /'
    fi
    awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "# %.1f s\n", b - a }'
    return $code
}

finish() {
    echo "1..$number"
    [ $failed = 0 ] || die "$failed of $number failed"
    exit 0
}
