#!/bin/bash
# run-spmd.sh - runs the programs of the matrix under mprun and reports in TAP.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: run-spmd.sh [--group NAME]... [--only PATTERN] [--env NAME] [--ranks N] [--list] [--build]
#
#   --group NAME     rows of this group only (a row of the matrix starts with its group)
#   --only PATTERN   rows whose "program [n=... env]" matches this extended regular expression
#   --env NAME       runs of this environment only        --ranks N  runs of this many ranks only
#   --list           say what would run, run nothing
#   --build          compile the programs with $MPCC into $SPMD_BIN first (else automake has)
#
# From the environment:
#   MPRUN         launcher and its options (default: of this build); "s" ranks start without it
#   MPCC          compiler for --build (default: mpcc), with SPMD_CFLAGS
#   SPMD_BIN      folder of the programs (default: the current build's tests/spmd)
#   SPMD_MATRIX   the table (default: matrix beside this script)
#   SPMD_TIMEOUT  seconds a run may take (default: 60); then it is killed, with its stacks printed
#   SPMD_SEED     another seed for the random programs
# Exit code: 0 all passed, 1 a run failed, 2 usage or set-up.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/spmd/defaults.sh
. "$here/defaults.sh"
SPMD_MATRIX=${SPMD_MATRIX:-$here/matrix}
SPMD_TIMEOUT=${SPMD_TIMEOUT:-60}
SPMD_CFLAGS=${SPMD_CFLAGS:--std=gnu17 -O1 -g -Wall -Wextra}
groups='' only='' only_env='' only_ranks='' list=no build=no
number=0 failed=0
declare -A environments

die() {
    echo "run-spmd.sh: $*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        --group) groups="$groups ${2:?} "; shift ;;
        --only) only=${2:?}; shift ;;
        --env) only_env=${2:?}; shift ;;
        --ranks) only_ranks=${2:?}; shift ;;
        --list) list=yes ;;
        --build) build=yes ;;
        *) die "unknown option '$1' (see the head of this file)" ;;
    esac
    shift
done
[ -r "$SPMD_MATRIX" ] || die "cannot read the matrix $SPMD_MATRIX"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/spmd.XXXXXX") ||
    die "no room for scratch files in ${TMPDIR:-/tmp}"
mkfifo "$scratch/never" || die "cannot make a fifo in $scratch"
exec 9<>"$scratch/never"
running=
trap 'end_run; rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM HUP

# All descendants of a process, itself last.
descendants() {
    local child
    for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
        descendants "$child"
    done
    echo "$1"
}

end_run() {
    local pid
    [ -n "$running" ] || return 0
    for pid in $(descendants "$running"); do
        kill -KILL "$pid" 2>/dev/null
    done
    running=
}

# The stacks of the processes that run the test program; the launcher's own are of no interest.
print_stacks() {
    local pid program=$2
    for pid in $(descendants "$1"); do
        case $(readlink "/proc/$pid/exe" 2>/dev/null) in
            */"$program" | */lt-"$program") ;;
            *) continue ;;
        esac
        echo "--- stack of pid $pid: $(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null |
            grep -E '^(PMIX_RANK|PMI_RANK|OMPI_COMM_WORLD_RANK)=' | tr '\n' ' ')"
        if command -v gdb >/dev/null 2>&1; then
            timeout 20 gdb -nx -batch -p "$pid" -ex 'thread apply all bt 20' 2>/dev/null |
                grep -E '^(Thread|#)' | head -60
        else
            echo "(no gdb here) $(cat "/proc/$pid/wchan" 2>/dev/null)"
        fi
    done
}

# Watches one run: when its time is up, prints the stacks and ends it. Sleeps without a child.
watchdog() {
    local pid=$1 program=$2 _
    read -r -t "$SPMD_TIMEOUT" -u 9 _
    touch "$scratch/timeout"
    print_stacks "$pid" "$program" >>"$scratch/stacks" 2>&1
    running=$pid
    end_run
}

# run_one NAME PROGRAM RANKS ENVIRONMENT ARGS...: one line of TAP, diagnostics below a failure.
run_one() {
    local name=$1 program=$2 ranks=$3 settings=${environments[$4]} code dog started verdict
    local -a command
    shift 4
    number=$((number + 1))
    rm -f "$scratch"/{timeout,stacks,output}
    command=("$SPMD_BIN/$program" "$@")
    export SPMD_RANKS=1
    if [ "$ranks" != s ]; then
        # shellcheck disable=SC2206 # the launcher comes with its options
        command=($MPRUN -n "$ranks" "${command[@]}")
        SPMD_RANKS=$ranks
    fi
    started=$EPOCHREALTIME
    # shellcheck disable=SC2086 # settings are NAME=VALUE words
    env $settings "${command[@]}" </dev/null 9<&- >"$scratch/output" 2>&1 &
    running=$!
    watchdog "$running" "$program" >/dev/null 2>&1 &
    dog=$!
    wait "$running" 2>/dev/null
    code=$?
    if [ ! -e "$scratch/timeout" ]; then
        # A gentler signal right after the fork would make it run the traps of its parent.
        kill -KILL "$dog" 2>/dev/null
        running=
    fi
    wait "$dog" 2>/dev/null
    verdict=$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "# %.2f s", b - a }')
    report "$name" "$code" "$verdict" "env $settings ${command[*]}"
}

report() {
    local name=$1 code=$2 seconds=$3 command=$4
    if [ -e "$scratch/timeout" ]; then
        echo "not ok $number - $name # hung: killed after $SPMD_TIMEOUT s"
    elif [ "$code" -eq 77 ]; then
        echo "ok $number - $name # SKIP: $(head -n 1 "$scratch/output")"
        return
    elif [ "$code" -ne 0 ] && grep -q 'not part of this build: configure' "$scratch/output"; then
        echo "ok $number - $name # SKIP: the build has no such transport"
        return
    elif [ "$code" -eq 0 ]; then
        echo "ok $number - $name"
        echo "$seconds"
        return
    else
        echo "not ok $number - $name # exit code $code"
    fi
    failed=$((failed + 1))
    echo "# repeat with: $command"
    head -n 40 "$scratch/output" | sed 's/^/# /'
    [ ! -e "$scratch/stacks" ] || head -n 400 "$scratch/stacks" | sed 's/^/# /'
}

wanted() {
    local name=$1 ranks=$2 environment=$3
    [ -z "$only_env" ] || [ "$only_env" = "$environment" ] || return 1
    [ -z "$only_ranks" ] || [ "$only_ranks" = "$ranks" ] || return 1
    [ -z "$only" ] || [[ $name =~ $only ]]
}

# One row: run GROUP PROGRAM [ENVIRONMENT=RANKS,RANKS...]... [-- ARGS...]
do_row() {
    local group=$1 program=$2 pair environment ranks name
    local -a pairs=() arguments=()
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        pairs+=("$1")
        shift
    done
    [ $# -eq 0 ] || { shift; arguments=("$@"); }
    [ -z "$groups" ] || [[ $groups == *" $group "* ]] || return 0
    for pair in "${pairs[@]}"; do
        environment=${pair%%=*}
        [ -n "${environments[$environment]+set}" ] ||
            die "$SPMD_MATRIX: unknown environment '$environment'"
        for ranks in $(tr ',' ' ' <<<"${pair#*=}"); do
            name="$program${arguments[*]:+ ${arguments[*]}} [n=$ranks $environment]"
            wanted "$name" "$ranks" "$environment" || continue
            if [ $list = yes ]; then
                echo "$name"
            else
                run_one "$name" "$program" "$ranks" "$environment" "${arguments[@]}"
            fi
        done
    done
}

build_all() {
    local source
    mkdir -p "$SPMD_BIN" || die "cannot make $SPMD_BIN"
    for source in "$here"/*.c; do
        # shellcheck disable=SC2086 # flags and compiler are words
        $MPCC $SPMD_CFLAGS "$source" -o "$SPMD_BIN/$(basename "$source" .c)" -lpthread -lm ||
            die "cannot compile $source with $MPCC"
    done
}

[ $build = no ] || build_all
while read -r word first rest <&8; do
    case $word in
        '' | '#'*) ;;
        env) environments[$first]=$rest ;;
        run) # shellcheck disable=SC2086 # a row is words
            do_row $first $rest ;;
        *) die "$SPMD_MATRIX: a row starts with 'env' or 'run', not with '$word'" ;;
    esac
done 8<"$SPMD_MATRIX"
[ $list = no ] || exit 0
echo "1..$number"
[ $failed -eq 0 ] || echo "# $failed of $number runs failed"
[ $number -gt 0 ] || die "nothing of $SPMD_MATRIX was wanted"
[ $failed -eq 0 ]
