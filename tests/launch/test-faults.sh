#!/bin/bash
# test-faults.sh: what can go wrong on other nodes while a job is started and runs there: one line
# names the node and the cause, and nothing stays. Over virtual nodes; skipped where those are not
# possible.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=$(dirname "$mprun")
nodes=7
cluster_up $nodes
"$vcluster" hosts --slots 1 >"$scratch/hosts"
cp "$pmixjob" "$scratch/job"
cd "$scratch" || exit 99
on() { "$vcluster" exec "$@"; }

# What is on the nodes besides what a virtual node always has; seen through their first processes.
roots=$("$vcluster" status | awk '{ print $3 }')
state_of_all() {
    local pid file name
    for pid in $roots; do
        for file in "/proc/$pid/root/proc"/[0-9]*/cmdline; do
            { read -r -d '' name <"$file"; } 2>/dev/null
            case ${name##*/} in mprun | mprund | job | sleep | ssh | cat) echo "$pid $name" ;; esac
        done
        ls -A "/proc/$pid/root/tmp" "/proc/$pid/root/dev/shm"
    done
}
before=$(state_of_all)
# Guards of daemons that do not answer give them a moment.
nodes_clean() {
    local tries=0
    while [ "$(state_of_all)" != "$before" ] && [ $((tries++)) -lt 80 ]; do sleep 0.1; done
    is "$1: nothing stays" "$(diff <(echo "$before") <(state_of_all))" ""
}

fails_here() {
    local what=$1 pattern=$2
    shift 2
    run "$@"
    is "$what: exit code" "$code" 1
    is "$what: message" "$err" "$pattern"
    is "$what: one line" "$(grep -c . "$scratch/err")" 1
    nodes_clean "$what"
}

# The daemon of a node, and a signal to it while the job runs. A rank that it is about to start looks like it for a
# moment, but has a higher number.
daemon_of() {
    on "$1" sh -c 'for p in /proc/[0-9]*; do
        [ "$(tr "\0" " " <$p/cmdline)" = "'"$dir"'/mprund " ] && echo ${p#/proc/}; done' 2>/dev/null |
        sort -n | head -n 1
}
signal_daemon() {
    local node=$1 signal=$2 tries=0
    while [ -z "$(on "$node" sh -c 'ls /tmp/running.*' 2>/dev/null)" ] && [ $((tries++)) -lt 100 ]; do
        sleep 0.1
    done
    on "$node" kill -"$signal" "$(daemon_of "$node")"
}
# in_mid_job NODE SIGNAL COMMAND...: the command with a signal to the node's daemon in mid-job.
in_mid_job() {
    local node=$1 signal=$2 n
    shift 2
    signal_daemon "$node" "$signal" &
    run "$@" sh -c 'touch /tmp/running.$PMIX_RANK; sleep 60; true'
    wait $!
    for ((n = 1; n <= nodes; n++)); do on n$n sh -c 'rm -f /tmp/running.*'; done
}

# With this in the place of mprund on a node.
replaced() { # NODE SCRIPT
    printf '#!/bin/sh\n%s\n' "$2" >"$scratch/replaced"
    chmod +x "$scratch/replaced"
    on "$1" mount --bind "$scratch/replaced" "$dir/mprund"
}
restored() { on "$1" umount "$dir/mprund"; }

# With a fan-out of 2, n1 starts n2 and n5, and n2 starts n3 and n4.
for fanout in 32 2; do
    start=("$vcluster" exec n1 "$mprun" --hostfile "$scratch/hosts" --fanout $fanout)
    if [ $fanout = 2 ]; then
        name=", tree" by=" (started by node n2, see --fanout)"
    else
        name="" by=""
    fi
    run "${start[@]}" ./job collect
    is "a good job$name" "$code $err" "0 "
    nodes_clean "a good job$name"

    on n4 mv /etc/ssh/authorized_keys /etc/ssh/hidden
    fails_here "ssh refused$name" \
        "mprun: cannot start mprund on node n4: ssh exited with code 255: *Permission denied*$by" \
        "${start[@]}" ./job
    on n4 mv /etc/ssh/hidden /etc/ssh/authorized_keys
    sed 's/^n4 /nowhere /' "$scratch/hosts" >"$scratch/unknown"
    fails_here "host unknown$name" \
        "mprun: cannot start mprund on node nowhere: ssh exited with code 255: *not resolve*$by" \
        "$vcluster" exec n1 "$mprun" --hostfile "$scratch/unknown" --fanout $fanout ./job

    replaced n4 'kill -9 $$'
    fails_here "daemon killed before the start$name" \
        "mprun: cannot start mprund on node n4: ssh exited with code 137: Killed$by" \
        "${start[@]}" ./job
    restored n4
    replaced n4 'echo TRIREME-MPRUND-READY 1; exec cat >/dev/null'
    fails_here "another version$name" \
        "mprun: mprund on node n4 is of another version of Trireme than mprun; *$by" \
        "${start[@]}" ./job
    restored n4
    replaced n4 'exec cat >/dev/null'
    fails_here "a daemon that does not report$name" \
        "mprun: mprund on node n4 did not report within 1 s (--launch-timeout)$by" \
        "${start[@]}" --launch-timeout 1 ./job
    restored n4
    cp "$dir/mprund" "$scratch/mprund.real"
    # The daemon reports, and is killed as soon as it is told about the job.
    replaced n4 "head -c 1 >/dev/null; exec 3<&0; $scratch/mprund.real <&3 & sleep 0.1; kill -9 \$!"
    fails_here "daemon killed during the start$name" \
        "mprun: *node n4*$by" "${start[@]}" ./job late
    restored n4
    for node in n4 ${by:+n2}; do
        in_mid_job $node KILL "${start[@]}"
        if [ $node = n4 ]; then after=$by; else after=""; fi
        is "daemon of $node killed$name" "$code $err" "1 mprun: lost the connection to node $node (*)$after"
        nodes_clean "daemon of $node killed$name"
        in_mid_job $node STOP "${start[@]}" --heartbeat 1
        is "daemon of $node frozen$name" "$code $err" \
            "1 mprun: mprund on node $node has not answered for 1 s (--heartbeat); *$after"
        nodes_clean "daemon of $node frozen$name"
    done
    # Nothing of a job needs room in /tmp.
    for n in n1 n4; do on $n sh -c 'mount -o remount,size=64k /tmp; cat /dev/zero >/tmp/fill 2>/dev/null'; done
    run "${start[@]}" ./job collect
    is "full /tmp$name" "$code $out $err" "0  "
    for n in n1 n4; do on $n sh -c 'rm /tmp/fill; mount -o remount,size=64m /tmp'; done
    nodes_clean "full /tmp$name"
done

# Ranks that cannot talk to each other: the daemons can, through ssh.
program=$(dirname "$pmixjob")/../spmd/comm_basic
if ! command -v nft >/dev/null || [ ! -x "$program" ]; then
    echo "      (not tested: blocked ports, for want of nft or $program)"
    finish
fi
printf '%s\n' 'table ip block {' 'chain in {' 'type filter hook input priority 0; policy accept;' \
    'iifname "eth0" tcp dport 1024-65535 tcp sport 1024-65535 drop' '}' '}' | on n3 nft -f -
TRIREME_TRANSPORTS=self,shm,ofi run "$vcluster" exec n1 "$mprun" -H n1:1,n3:1 -x TRIREME_TRANSPORTS "$program"
is "blocked ports: exit code" "$code" 1
is "blocked ports: message" "$err" "*trireme: rank ? on n[13]: *connection to rank ?*10.213.77.[13] port *"
on n3 nft delete table ip block
nodes_clean "blocked ports"
finish
