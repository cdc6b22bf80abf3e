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
# shellcheck disable=SC2086 # flags are words
works $sanitize || skip "$CC has no working address sanitizer here: $(tail -n 1 "$scratch/probe.log")"

export UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
# Full stacks where memory is taken: libraries without frame pointers would hide whose leak it is.
export ASAN_OPTIONS="fast_unwind_on_malloc=0:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"

build_library "$sanitize"
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
run_programs "$here/matrix" "$sanitize"
finish
