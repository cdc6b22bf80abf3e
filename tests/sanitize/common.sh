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

build=$scratch/build prefix=$scratch/install
jobs=${SANITIZE_JOBS:-$(nproc)}
unset MAKEFLAGS MFLAGS MAKELEVEL

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

# The library, built with these flags and installed in $prefix.
build_library() {
    [ -x "$top/configure" ] || skip "$top/configure is not there: run autoreconf first"
    [ ! -e "$top/config.status" ] ||
        skip "$top is configured itself, which forbids builds elsewhere; make distclean there first"
    mkdir "$build" || die "cannot make $build"
    check "configure" in_build "$top/configure" CC="$CC" --prefix="$prefix" CFLAGS="$1" || finish
    check "build" in_build make -j"$jobs" || finish
    check "install" in_build make install || finish
}

in_build() {
    (cd "$build" && "$@")
}

# compile_programs FLAGS MATRIX...: the programs that these name, by the installed mpcc.
compile_programs() {
    local flags=$1
    shift
    mkdir "$scratch/bin" || return
    # shellcheck disable=SC2086 # flags are words
    awk '$1 == "run" { print $3 }' "$@" | sort -u |
        xargs -P "$jobs" -I{} "$prefix/bin/mpcc" -std=gnu17 -D_GNU_SOURCE $flags "$top/tests/spmd/{}.c" \
            -o "$scratch/bin/{}" -lpthread -lm
}

# run_programs MATRIX [HARNESS]: the SPMD programs of the matrix under mprun. The harness prints TAP
# of its own, which becomes ours.
run_programs() {
    local code harness=${2:-run-spmd.sh}
    say "the SPMD programs of $(basename "$1") under mprun"
    MPRUN="$prefix/bin/mprun" SPMD_BIN="$scratch/bin" SPMD_MATRIX=$1 SPMD_TIMEOUT=120 \
        "$top/tests/spmd/$harness" >"$scratch/spmd.log" 2>&1 </dev/null
    code=$?
    sed '/^1\.\./d; s/^\(ok\|not ok\) [0-9]* -/   \1 -/' "$scratch/spmd.log"
    number=$((number + 1))
    if [ $code = 0 ]; then
        echo "ok $number - $(grep -c '^ok' "$scratch/spmd.log") runs of SPMD programs without a report"
    else
        echo "not ok $number - $(grep -c '^not ok' "$scratch/spmd.log") runs of SPMD programs"
        failed=$((failed + 1))
    fi
}

finish() {
    echo "1..$number"
    [ $failed = 0 ] || die "$failed of $number failed"
    exit 0
}
