#!/bin/bash
# vcluster-test.sh: that virtual nodes are separate, reach each other, and leave nothing behind.
# SPDX-License-Identifier: BSD-3-Clause
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vc=$here/vcluster
scratch=$(mktemp -d) || exit 1
export VCLUSTER_DIR=$scratch/cluster
trap '"$vc" down 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
failed=0

# check WHAT EXPECTED COMMAND...: the command's output must be EXPECTED, or EXPECTED a pattern of it.
check() {
    local what=$1 expected=$2 got
    shift 2
    got=$("$@" 2>&1)
    # shellcheck disable=SC2053
    if [[ $got == $expected ]]; then
        echo "ok    $what"
    else
        echo "FAIL  $what: expected '$expected', got '$got'"
        failed=$((failed + 1))
    fi
}

code_of() {
    "$@" >/dev/null 2>&1 </dev/null
    echo $?
}

"$vc" up --shm-size 16m 3 2>"$scratch/why"
code=$?
[ $code = 77 ] && { cat "$scratch/why"; exit 77; }
[ $code = 0 ] || { cat "$scratch/why"; echo "FAIL  three nodes start"; exit 1; }
pids=$(awk '{print $1}' "$VCLUSTER_DIR"/n*.pid "$VCLUSTER_DIR/pids")

check "hostfile" $'n1 slots=2\nn2 slots=2\nn3 slots=2' "$vc" hosts --slots 2
check "host name" n2 "$vc" exec n2 uname -n
check "exit code comes back" 7 code_of "$vc" exec n1 sh -c 'exit 7'
check "ssh without questions" n3 "$vc" exec n1 ssh n3 hostname
check "ssh by address" n1 "$vc" exec n2 ssh 10.213.77.1 hostname
check "ssh to an unknown host fails" 255 code_of "$vc" exec n1 ssh n9 true
check "no way out" "" "$vc" exec n1 ip route show default
check "/dev/shm has the size asked for" 16384 "$vc" exec n1 sh -c \
    "df -k --output=size /dev/shm | tail -n 1 | tr -d ' '"
"$vc" exec n1 sh -c 'touch /dev/shm/a /tmp/b /run/c'
check "/dev/shm, /tmp and /run are the node's own" "" "$vc" exec n2 sh -c \
    'for f in /dev/shm/a /tmp/b /run/c; do [ ! -e $f ] || echo $f; done'
check "processes are the node's own" 1 \
    "$vc" exec n2 sh -c "ps -e -o args= | grep -c '^sshd: .*listener'"
check "another cluster at the same time" 0 code_of env VCLUSTER_DIR="$scratch/other" "$vc" up 1
check "it is separate" 1 code_of env VCLUSTER_DIR="$scratch/other" "$vc" exec n2 true
check "and ends alone" 0 code_of env VCLUSTER_DIR="$scratch/other" "$vc" down
check "a second up is refused" '*already up*' "$vc" up 2
check "an unknown node" '*no node n4*' "$vc" exec n4 true
check "a wrong number of nodes" '*number of nodes from 1*' "$vc" up 0
check "a wrong size" '*of size lots*' env VCLUSTER_DIR="$scratch/bad" "$vc" up --shm-size lots 1
check "and leaves nothing" 1 code_of test -e "$scratch/bad"
mkdir "$scratch/mine"
check "a directory of someone else is left alone" '*not a vcluster*' \
    env VCLUSTER_DIR="$scratch/mine" "$vc" up 1

"$vc" exec n1 ssh n2 'sleep 1000 >/dev/null 2>&1 &'
check "down" 0 code_of "$vc" down
check "nothing is up" '*nothing is up*' "$vc" status
check "the state is gone" 1 code_of test -e "$VCLUSTER_DIR"
still=''
for pid in $pids; do
    [[ $(ps -o stat= -p "$pid") =~ ^[^Z] ]] && still+=" $pid"
done
check "no process is left" '' echo -n "$still"
check "down again" '*nothing is up*' "$vc" down
check "up again" 0 code_of "$vc" up 2
check "and down" 0 code_of "$vc" down
[ $failed = 0 ]
