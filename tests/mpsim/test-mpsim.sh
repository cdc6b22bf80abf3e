#!/bin/bash
# Simulated collectives: times worked out by hand, all algorithms come to an end, a million ranks, wrong options.
# SPDX-License-Identifier: BSD-3-Clause
#
# Environment: MPSIM, the program (default: ./apps/mpsim/mpsim). Run in the top build directory.
set -u
export LC_ALL=C
mpsim=${MPSIM:-./apps/mpsim/mpsim}
[ -x "$mpsim" ] || { echo "no program $mpsim"; exit 99; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mpsim-test.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
failed=0

# is WHAT GOT WANTED: WANTED may be a pattern.
is() {
    # shellcheck disable=SC2053
    if [[ $2 == $3 ]]; then
        echo "ok    $1"
    else
        printf 'FAIL  %s\n      | wanted: %s\n      | got:    %s\n' "$1" "$3" "$2"
        failed=$((failed + 1))
    fi
}

# run ARGUMENT...: sets code, out and err.
run() {
    timeout -k 5 300 "$mpsim" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
    out=$(<"$scratch/out")
    err=$(<"$scratch/err")
}

# Times of the first algorithm's column, in a row.
times() { awk -F, '!/^#/ && NR > 2 { printf "%s%s", sep, $3; sep = " " }' "$scratch/out"; }

# L 1, o 0.1, g 0.3 us and 1 us for 1000 bytes on the node.
node=--node=1us,0.1us,0.3us,1ns

run --version
is "--version" "$code $out" "0 mpsim (Trireme) [0-9]*"

# Rounds of o + L + o.
run barrier -a dissemination -n 1,2,3,4,8 "$node" --no-board --csv
is "barrier by dissemination" "$code $(times)" "0 0.000 1.200 2.400 2.400 3.600"
# The root's two messages are out at 1.1 and 2.4; rank 2 has its own at 2.2, and sends to 3 until 3.3, who has it at 4.4.
run bcast -a binomial -n 2,3,4 -s 1000 "$node" --no-board --csv
is "bcast along a binomial tree" "$code $(times)" "0 2.200 3.500 4.400"
# A round: 1000 bytes exchanged, 2.2 us, and reduced, 3 us; at the start they are copied, 2 us, and at the end those of a
# rank (0 of 2, 1 of 4) whose last result is in scratch memory.
run allreduce -a doubling -n 2,4 -s 1000 "$node" --reduce=3ns --copy=2ns --no-board --csv
is "allreduce by doubling" "$code $(times)" "0 9.200 14.400"
# Rank 0 hears of rank 3 through the net, and of rank 2 after that.
run barrier -a dissemination -n 2,4 "$node" --net=10us,1us,3us,1ns --ranks-per-node 2 --csv
is "barrier between nodes" "$code $(times)" "0 1.200 24.000"
run barrier -a board -n 4 --flag=0.5us --csv
is "barrier over the board" "$code $(times)" "0 1.000"

# All algorithms with all numbers of ranks, on one node and on several: messages and receives fit together.
for operation in barrier bcast reduce allreduce gather scatter allgather alltoall scan exscan reduce_scatter; do
    for place in 1 3 64; do
        run "$operation" -n 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 -s 1,8,40000,1M --ranks-per-node $place
        is "$operation, $place ranks a node" "$code $err" "0 "
    done
done

# More ranks, or more bytes, take no less time.
for what in "barrier dissemination" "bcast binomial" "allreduce doubling" "alltoall linear"; do
    set -- $what
    run "$1" -a "$2" -n 2,4,8,16,32 -s 64 --csv
    is "$1 with more ranks" "$(times)" "$(times | tr ' ' '\n' | sort -g | tr '\n' ' ' | sed 's/ $//')"
    run "$1" -a "$2" -n 8 -s 8..64K --csv
    is "$1 with more bytes" "$(times)" "$(times | tr ' ' '\n' | sort -g | tr '\n' ' ' | sed 's/ $//')"
done

run allreduce -n 5,64,300 -s 8,64K --cores 3 --trace
first=$out
run allreduce -n 5,64,300 -s 8,64K --cores 3 --trace
is "the same again" "$code $(cksum <<<"$out")" "0 $(cksum <<<"$first")"

# With L 1 us and o 0.1 us a round takes 1.2 us wherever it goes.
run barrier -a dissemination -n 1M "$node" --net=1us,0.1us,0.3us,1ns --csv
is "a barrier of a million ranks" "$code $(times)" "0 24.000"

run alltoall -n 1M -s 8 -a linear
is "what is too large is left out" "$code $out" "0 *left out: 1 for more than 67108864 messages*"
run allreduce -n 4,8 -s 8 --ranks-per-node 1
is "choices" "$code $out" "0 *# choice, 4 to 8 ranks: by formula *; by simulation *"
run bcast -n 3 -s 8 -a binomial --print=2
is "schedule of a rank" "$code $out" "0 *rank 2 of 3, 8 bytes*receive 8 bytes into output+0 from 0"
run allreduce -n 2,4 -s 8..1K --plot "$scratch/plot.svg"
is "plot" "$code $(head -c 4 "$scratch/plot.svg") $(tail -1 "$scratch/plot.svg")" "0 <svg </svg>"

# A measurement that agrees, and one that is twice as long.
printf '%s\n' '# benchmark: bcast' '# ranks: 3' '#  size_B median_us' '8 7' \
    '# benchmark: barrier' '# ranks: 2' '#  ranks  median_us max_us iters' '  2  1.2  1.3 4' '# ranks: 4' '4 4.8 5 4' \
    >"$scratch/measured"
run barrier -a dissemination --compare "$scratch/measured" "$node" --repeat 1
is "compared with mpbench's tables" "$code $out" \
    "0 *1.200 *1.200 *0.0*4.800 *2.400 *-50.0*# error: 25.0 % on average over 2 times, -50.0 % at worst"
printf 'ranks,bytes,us\n2,1000,4.4\n' >"$scratch/measured"
run bcast -a binomial --compare "$scratch/measured" "$node" --repeat 1 --no-board
is "compared with lines of numbers" "$code $out" "0 *4.400 *2.200 *-50.0*"
printf '# of this machine\nnode_latency_ns 2000\nnode_overhead_ns 1e3\n' >"$scratch/tuning"
run barrier -a dissemination -n 2 --tuning "$scratch/tuning" --csv
is "parameters from a file" "$code $(times)" "0 4.000"

# wrong WHAT MESSAGE ARGUMENT...: one line, exit code 64.
wrong() {
    local what=$1 message=$2
    shift 2
    run "$@"
    is "$what" "$code $(wc -l <"$scratch/err") $err" "64 1 mpsim: $message"
}
wrong "no operation" "an operation was expected: one of barrier, *"
wrong "unknown operation" 'there is no operation "sort" to simulate; there are barrier, *' sort
wrong "two operations" "there is one operation for each run, not bcast and reduce" bcast reduce
wrong "unknown algorithm" 'barrier has no algorithm "ring"; there are all, *' barrier -a ring
wrong "ranks" "--ranks=x: a number was expected *" barrier -n x
wrong "no ranks" "--ranks=0: 0 is not a whole number from 1 to 16777216" barrier -n 0
wrong "half a byte" "--bytes=1.5: 1.5 is not a whole number *" bcast -s 1.5
wrong "three parameters" "--node=1us,1us,1us: four times were expected, *" barrier --node=1us,1us,1us
wrong "a time" "--turn=soon: a time was expected, *" barrier --turn=soon
wrong "unknown fabric" "--fabric=carrier: the fabrics known are *" barrier --fabric=carrier
wrong "format" "--format=xml: text, csv or json was expected" barrier --format=xml
wrong "cores" "--cores=-1: a whole number from 1 to 1048576 was expected" barrier --cores=-1
wrong "a rank that is not there" "--print=4: there are 4 ranks, from 0" barrier -n 4 --print=4
wrong "no file to compare with" "$scratch/none can not be read: No such file or directory" \
    barrier --compare "$scratch/none"
wrong "measurements of another operation" "* has no times of allreduce that could be predicted" \
    allreduce --compare "$scratch/tuning"
echo 'node_speed 1' >"$scratch/tuning"
wrong "unknown parameter" "TRIREME_TUNING: $scratch/tuning, line 1: *" barrier --tuning "$scratch/tuning"
run barrier -n 2 --plot /nowhere/plot.svg
is "plot that can not be written" "$code $err" "1 mpsim: /nowhere/plot.svg can not be written: No such file or directory"

[ "$failed" = 0 ] || { echo "$failed failed"; exit 1; }
