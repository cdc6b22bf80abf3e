#!/bin/bash
# run-demos.sh: the demonstration programs with 1 to 8 ranks on this node and on virtual nodes.
# SPDX-License-Identifier: BSD-3-Clause
set -u
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
    cat <<'END'
usage: run-demos.sh [--node | --cluster] [--bin DIR] [--ranks "1 2 8"] [--nodes "2 3 4"]
  --node, --cluster   only that part (default: both)
  --bin DIR           where the programs are (default: apps/demo of the current directory)
environment:
  MPRUN            launcher and its options (default: apps/mprun/mprun of the current directory)
  HOSTFILE_OPTION  the launcher's option for a hostfile (default: --hostfile)
  HOSTFILE_SLOTS   how a hostfile line gives slots (default: ' slots=%d'; ':%d' for hydra)
exit code: 0 all right, 1 something failed, 77 the virtual nodes were not possible (all else right)
END
}

parts='node cluster'
bin=$PWD/apps/demo
ranks='1 2 3 4 5 6 7 8'
nodes='2 3 4'
while [ $# -gt 0 ]; do
    case $1 in
    --node | --cluster) parts=${1#--} ;;
    --bin) bin=$(cd "${2:?}" && pwd) || exit 2; shift ;;
    --ranks) ranks=${2:?}; shift ;;
    --nodes) nodes=${2:?}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done
read -ra mprun <<<"${MPRUN:-$PWD/apps/mprun/mprun}"
on_first=("$here/vcluster" exec n1)
hostfile_option=${HOSTFILE_OPTION:---hostfile}
hostfile_slots=${HOSTFILE_SLOTS:- slots=%d}
command -v "${mprun[0]}" >/dev/null || { echo "run-demos: no launcher ${mprun[0]}" >&2; exit 2; }
[ -x "$bin/ring" ] || { echo "run-demos: no demonstration programs in $bin" >&2; exit 2; }

# With more threads than cores OpenMP must not spin, or the demonstration measures its spinning.
export OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive
passed=0 failed=0 skipped=
scratch=$(mktemp -d) || exit 2
export VCLUSTER_DIR=$scratch/cluster
trap 'rm -rf "$scratch"' EXIT

verdict() {
    local what=$1 good=$2
    if [ "$good" = yes ]; then
        passed=$((passed + 1))
        echo "ok    $what"
    else
        failed=$((failed + 1))
        echo "FAIL  $what"
        tail -n 10 "$scratch/output" | sed 's/^/      | /'
    fi
}

# Runs "$@" as one launch; right means exit code 0 and a last line that ends in `ok`.
launch() {
    local what=$1 start=$EPOCHREALTIME code good=no
    shift
    timeout -k 5 60 "$@" </dev/null >"$scratch/output" 2>&1
    code=$?
    [ $code = 0 ] && [[ $(tail -n 1 "$scratch/output") == *ok ]] && good=yes
    verdict "$what ($(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms, exit code $code)" $good
}

node_part() {
    local demo n
    for demo in ring pingpong pipeline heat2d taskfarm hybrid; do
        for n in $ranks; do
            launch "$demo, $n ranks, this node" "${mprun[@]}" -n "$n" "$bin/$demo"
        done
    done
}

# Slots are given so that the ranks spread over all nodes, whatever the cores would suggest.
write_hostfile() {
    local count=$1 n=$2 slots
    slots=$(((n + count - 1) / count))
    # shellcheck disable=SC2059
    "$here/vcluster" hosts | while read -r host; do
        printf "%s$hostfile_slots\n" "$host" "$slots"
    done >"$scratch/share/hosts"
}

# That the ranks really ran on each node, and that no node keeps anything of them.
check_spread() {
    local count=$1 good=no
    write_hostfile "$count" $((2 * count))
    timeout -k 5 60 "${on_first[@]}" "${mprun[@]}" -n $((2 * count)) "$hostfile_option" \
        "$scratch/share/hosts" hostname </dev/null >"$scratch/output" 2>&1
    [ "$(sort -u "$scratch/output")" = "$("$here/vcluster" hosts | sort)" ] && good=yes
    verdict "ranks on each of $count nodes" $good
}

# What there is on a node: files where jobs leave them, and processes (this probe's own are the same
# each time, so they do not disturb a comparison).
inventory() {
    "$here/vcluster" exec "$1" sh -c 'ls -A /dev/shm /tmp /run; ps -e -o args=' | sort
}

# A job may still be taking its last steps when mprun has ended, so this looks for a while.
check_clean() {
    local host tries
    for host in $("$here/vcluster" hosts); do
        tries=0
        until inventory "$host" | diff "$scratch/$host.before" - >"$scratch/output" 2>&1; do
            ((++tries < 20)) || { verdict "$host keeps nothing" no; continue 2; }
            sleep 0.1
        done
        verdict "$host keeps nothing" yes
    done
}

cluster_part() {
    local count demo n code host
    mkdir "$scratch/share"
    for count in $nodes; do
        "$here/vcluster" up --share "$scratch/share" --share "$bin" "$count" 2>"$scratch/output"
        code=$?
        if [ $code = 77 ]; then
            skipped=$(tail -n 1 "$scratch/output")
            echo "SKIP  demonstrations on virtual nodes: $skipped"
            return
        fi
        [ $code = 0 ] || { verdict "$count virtual nodes start" no; continue; }
        for host in $("$here/vcluster" hosts); do inventory "$host" >"$scratch/$host.before"; done
        check_spread "$count"
        for demo in ring pingpong pipeline heat2d taskfarm hybrid; do
            for n in $ranks; do
                write_hostfile "$count" "$n"
                launch "$demo, $n ranks, $count nodes" "${on_first[@]}" "${mprun[@]}" -n "$n" \
                    "$hostfile_option" "$scratch/share/hosts" "$bin/$demo"
            done
        done
        check_clean
        "$here/vcluster" down || verdict "$count virtual nodes end" no
    done
}

trap '"$here/vcluster" down 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
case $parts in *node*) node_part ;; esac
case $parts in *cluster*) cluster_part ;; esac
echo "run-demos: $passed passed, $failed failed${skipped:+, virtual nodes skipped}"
[ $failed = 0 ] || exit 1
[ -z "$skipped" ] || exit 77
