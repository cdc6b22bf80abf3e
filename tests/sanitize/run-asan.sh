#!/bin/bash
# run-asan.sh - the whole library under the address and the undefined-behaviour sanitizer.
# SPDX-License-Identifier: BSD-3-Clause
#
# Configures, builds and installs it in a temporary folder with $CC (default: gcc), runs the unit
# tests, and under mprun the SPMD programs that `matrix` beside this script names.
#   SANITIZE_JOBS   processes that compile at a time (default: number of cores)
set -u
# shellcheck source=tests/sanitize/common.sh
. "$(dirname "$0")/common.sh"

sanitize="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
jobs=${SANITIZE_JOBS:-$(nproc)}
build=$scratch/build prefix=$scratch/install
export CC

# shellcheck disable=SC2086 # flags are words
works $sanitize || skip "$CC has no working address sanitizer here: $(tail -n 1 "$scratch/probe.log")"
[ -x "$top/configure" ] || skip "$top/configure is not there: run autoreconf first"
[ ! -e "$top/config.status" ] ||
    skip "$top is configured itself, which forbids builds elsewhere; make distclean there first"

export UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
# Full stacks where memory is taken: libraries without frame pointers would hide whose leak it is.
export ASAN_OPTIONS="fast_unwind_on_malloc=0:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
unset MAKEFLAGS MFLAGS MAKELEVEL

in_build() {
    (cd "$build" && "$@")
}

mkdir "$build" || die "cannot make $build"
check "configure" in_build "$top/configure" --prefix="$prefix" CFLAGS="$sanitize" || finish
check "build" in_build make -j"$jobs" || finish
check "install" in_build make install || finish

unit_tests=()
for source in "$top"/tests/unit/test_*.c; do
    unit_tests+=("tests/unit/$(basename "$source" .c)")
done
if pkg-config --exists cmocka; then
    check "build the unit tests" in_build make -j"$jobs" "${unit_tests[@]}" || finish
    for test in "${unit_tests[@]}"; do
        check "$test" "$build/$test"
    done
else
    say "no unit tests: cmocka was not found by pkg-config"
fi

# The programs of the matrix, with the installed compiler wrapper.
compile_programs() {
    mkdir "$scratch/bin" &&
        awk '$1 == "run" { print $3 }' "$here/matrix" | sort -u |
        xargs -P "$jobs" -I{} "$prefix/bin/mpcc" -std=gnu17 $sanitize "$top/tests/spmd/{}.c" \
            -o "$scratch/bin/{}" -lpthread -lm
}
check "compile the SPMD programs with mpcc" compile_programs || finish

# The harness prints TAP of its own; its lines become ours.
say "the SPMD programs under mprun"
MPRUN="$prefix/bin/mprun" SPMD_BIN="$scratch/bin" SPMD_MATRIX="$here/matrix" SPMD_TIMEOUT=120 \
    "$top/tests/spmd/run-spmd.sh" >"$scratch/spmd.log" 2>&1 </dev/null
code=$?
sed '/^1\.\./d' "$scratch/spmd.log"
number=$((number + 1))
if [ $code = 0 ]; then
    echo "ok $number - $(grep -c '^ok' "$scratch/spmd.log") runs of SPMD programs without a report"
else
    echo "not ok $number - $(grep -c '^not ok' "$scratch/spmd.log") runs of SPMD programs"
    failed=$((failed + 1))
fi
finish
