#!/bin/bash
# run-tsan.sh - rings, boards, matching and waiting under the thread sanitizer, then programs with threads.
# SPDX-License-Identifier: BSD-3-Clause
#
# Compiles the unit tests with $CC (default: gcc) into a temporary folder. The sanitizer does not
# know membarrier(2), but what it looks for are accesses that nothing orders, and what orders those
# to the rings are the sequence numbers of the cells. test_ring_wake runs with membarrier and with
# fences. Then the whole library is built, for the programs of matrix-threads, which call it from
# several threads at once.
#   SANITIZE_JOBS   processes that compile at a time (default: number of cores)
set -u
# shellcheck source=tests/sanitize/common.sh
. "$(dirname "$0")/common.sh"

flags="-std=gnu17 -O1 -g -fsanitize=thread -pthread -D_GNU_SOURCE -I$top/include -Wno-tsan"
# Lanes are blocked for in any order, but only by who holds lane 0 (src/runtime/lane.h), which the
# sanitizer does not take into account; test_lane would hang if that was wrong.
export TSAN_OPTIONS="exitcode=66 detect_deadlocks=0 ${TSAN_OPTIONS:-}"

works -fsanitize=thread -pthread ||
    skip "$CC has no working thread sanitizer here: $(tail -n 1 "$scratch/probe.log")"
cmocka=$(pkg-config --cflags --libs cmocka 2>/dev/null) ||
    skip "cmocka was not found by pkg-config; on Debian: apt install libcmocka-dev"

# compile OBJECT SOURCE OPTIONS...
compile() {
    local object=$1 source=$2
    shift 2
    # shellcheck disable=SC2086 # flags are words
    $CC $flags "$@" -c "$top/$source" -o "$scratch/$object" || die "cannot compile $source"
}

# build TEST SOURCE...: the test with these files of the library, objects first.
build() {
    local test=$1 source objects=()
    shift
    for source in "tests/unit/$test.c" "$@"; do
        case $source in
            *.o) objects+=("$scratch/$source") ;;
            *) objects+=("$top/$source") ;;
        esac
    done
    # shellcheck disable=SC2086
    $CC $flags "${objects[@]}" -o "$scratch/$test" $cmocka || die "cannot compile $test"
}

ring=()
for source in transports/shm/{attach,doorbell,endpoint,receive,send,shm}.c tests/unit/shm_memory.c; do
    object=$(basename "$source" .c)
    compile "$object-1.o" "$source"
    compile "$object-2.o" "$source" -include "$top/tests/unit/shm_second.h"
    ring+=("$object-1.o" "$object-2.o")
done
compile pair.o tests/unit/shm_pair.c
compile membarrier.o src/runtime/membarrier.c
compile cache.o src/runtime/cache.c
ring+=(pair.o membarrier.o cache.o)

build test_ring "${ring[@]}"
build test_ring_wake "${ring[@]}"
lane="src/runtime/counters.c src/runtime/lane.c src/runtime/object.c tests/unit/stub_log.c"
# shellcheck disable=SC2086 # files are words
{
    build test_board collectives/board.c $lane
    build test_lane $lane
    build test_queue src/p2p/queue.c $lane
    build test_match_threads src/p2p/queue.c $lane
    build test_wait src/runtime/home.c src/runtime/wait.c $lane
}
say "built with $($CC --version | head -n 1)"
for test in test_ring test_ring_wake test_board test_lane test_queue test_match_threads \
    test_wait; do
    check "$test under the thread sanitizer" "$scratch/$test"
done

library="-O1 -g -fsanitize=thread -Wno-tsan"
build_library "$library"
check "compile the SPMD programs with mpcc" compile_programs "$library" "$here/matrix-threads" || finish
run_programs "$here/matrix-threads"
finish
