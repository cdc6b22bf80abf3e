#!/bin/bash
# run-asan.sh - the whole library under the address and the undefined-behaviour sanitizer.
# SPDX-License-Identifier: BSD-3-Clause
#
# Configures, builds and installs it in a temporary folder with $CC (default: gcc), runs the unit
# tests, the simulator's and mpbench's, and under mprun the SPMD programs that `matrix` and
# `matrix-nodes` beside this script name.
#   SANITIZE_JOBS   processes that compile at a time (default: number of cores)
set -u
# shellcheck source=tests/sanitize/common.sh
. "$(dirname "$0")/common.sh"

sanitize="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
# shellcheck disable=SC2086 # flags are words
works $sanitize || skip "$CC has no working address sanitizer here: $(tail -n 1 "$scratch/probe.log")"

export UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
# Full stacks where memory is taken: libraries without frame pointers would hide whose leak it is.
export ASAN_OPTIONS="fast_unwind_on_malloc=0:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"

build_library "$sanitize"
unit_tests=()
for source in "$top"/tests/{unit,mpsim}/test_*.c; do
    source=${source#"$top/"}
    unit_tests+=("${source%.c}")
done
if pkg-config --exists cmocka; then
    check "build the unit tests" in_build make -j"$jobs" "${unit_tests[@]}" || finish
    for test in "${unit_tests[@]}"; do
        check "$test" "$build/$test"
    done
else
    say "no unit tests: cmocka was not found by pkg-config"
fi
check "build mpbench" in_build make -j"$jobs" tests/bench/mpbench tests/bench/mpbench-spoilt \
    tests/bench/mpbench-counted || finish
check "mpbench" env MPRUN="$prefix/bin/mprun" BENCH_BIN="$build/tests/bench" "$top/tests/bench/test-mpbench.sh"
check "mpsim" env MPSIM="$prefix/bin/mpsim" "$top/tests/mpsim/test-mpsim.sh"
check "compile the SPMD programs with mpcc" \
    compile_programs "$sanitize" "$here/matrix" "$here/matrix-nodes" || finish
run_programs "$here/matrix"
run_programs "$here/matrix-nodes" spmd-nodes.sh
finish
