#!/bin/bash
# test-ssh.sh: jobs over virtual nodes with the real ssh; skipped where those are not possible.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=$(dirname "$mprun")
cluster_up 3
"$vcluster" hosts --slots 2 >"$scratch/hosts"
start=("$vcluster" exec n1 "$mprun" --hostfile "$scratch/hosts")
cp "$pmixjob" "$scratch/job"
cd "$scratch" || exit 99

# What is on a node besides what a virtual node always has.
state_of() {
    "$vcluster" exec "$1" sh -c 'for p in /proc/[0-9]*; do tr "\0" " " <$p/cmdline; echo; done |
        grep -E "^[^ ]*([m]prund?|[.]/job|[s]leep) "; ls -A /tmp /dev/shm' 2>/dev/null
}
for n in n1 n2 n3; do state_of $n >"$scratch/before.$n"; done
nodes_clean() {
    local n
    sleep 0.3
    for n in n1 n2 n3; do
        is "$1: nothing stays on $n" "$(state_of $n)" "$(<"$scratch/before.$n")"
    done
}

for what in modex collect unfenced groups late; do
    run "${start[@]}" ./job $what
    is "$what on three nodes" "$code $out $err" "0  "
done
run "${start[@]}" ./job describe
is "hosts" "$(sort -k2n <<<"$out" | sed 's/.*host \([^ ]*\).*/\1/' | tr '\n' ' ')" "n1 n1 n2 n2 n3 n3 "
nodes_clean "good jobs"
got=$(seq 1 200000 | timeout 60 "$vcluster" exec n1 "$mprun" -H n2:1,n3:1 md5sum | sort | head -c 32)
is "stdin to another node" "$got" "$(printf '%s\n' "$(seq 1 200000 | md5sum)" "$(md5sum </dev/null)" | sort | head -c 32)"
fails_here() {
    local what=$1 wanted=$2 pattern=$3
    shift 3
    run "$@"
    is "$what: exit code" "$code" "$wanted"
    is "$what: message" "$err" "$pattern"
    nodes_clean "$what"
}
fails_here "a rank dies" 139 "mprun: rank 5 on node n3 (pid *) was killed by signal 11 (*)" \
    "${start[@]}" ./job end signal11 5
fails_here "abort" 7 "mprun: rank 4 on node n3 (pid *) called MPI_Abort with code 7: *" \
    "${start[@]}" ./job end abort 4
fails_here "unknown host" 1 "mprun: cannot start mprund on node nowhere: ssh exited with code 255: *" \
    "$vcluster" exec n1 "$mprun" -H n2:1,nowhere:1 ./job
fails_here "missing program" 127 "mprun: program \"./nothere\" not found on node n2 (in $scratch)" \
    "$vcluster" exec n1 "$mprun" -H n2:2 ./nothere
fails_here "ssh refuses" 1 "mprun: cannot start mprund on node n2: ssh exited with code 255: *" \
    "$vcluster" exec n1 "$mprun" --launch-agent "ssh -o BatchMode=yes -l nobody" -H n2:2 ./job
fails_here "--timeout" 124 "mprun: the job ran longer *" "${start[@]}" --timeout 1 sh -c 'sleep 60; true'

# mprun, and then a daemon, are killed in mid-job.
run "$vcluster" exec n1 sh -c "'$mprun' -H n1:1,n2:1,n3:1 sh -c 'sleep 60; true' & sleep 1; kill -9 \$!; wait"
nodes_clean "mprun is killed"
timeout 30 "$vcluster" exec n1 "$mprun" -H n1:1,n2:1,n3:1 sh -c 'sleep 60; true' 2>"$scratch/err" &
pid=$!
sleep 1
"$vcluster" exec n2 sh -c 'for p in /proc/[0-9]*; do
    [ "$(tr "\0" " " <$p/cmdline)" = "'"$dir"'/mprund " ] && { kill -9 ${p#/proc/}; exit; }; done'
wait $pid
is "a daemon is killed: exit code" "$?" 1
is "a daemon is killed: message" "$(<"$scratch/err")" "mprun: lost the connection to node n2 (*)"
nodes_clean "a daemon is killed"
finish
