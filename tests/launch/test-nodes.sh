#!/bin/bash
# test-nodes.sh: jobs over several nodes, with a launch agent that stands in for ssh.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
start=("$mprun" --launch-agent "$agent")

for what in modex collect unfenced groups late; do
    run "${start[@]}" -H nodeA:2,nodeB:2,localhost:1 "$pmixjob" $what
    is "$what on three nodes" "$code $out $err" "0  "
done

# Daemons that start daemons: the same jobs, and how many daemons are above each rank.
hosts=nodeA:1,nodeB:2,nodeC:1,nodeD:1,nodeE:1,nodeF:1,localhost:1
for fanout in 0 1 2 5; do
    for what in modex collect unfenced groups late; do
        run "${start[@]}" --fanout $fanout -H $hosts "$pmixjob" $what
        is "$what with a fan-out of $fanout" "$code $out $err" "0  "
    done
    # shellcheck disable=SC2016
    run "${start[@]}" --fanout $fanout -H $hosts sh -c 'n=0 p=$$
        while [ $p -gt 1 ]; do
            grep -q mprund /proc/$p/comm && n=$((n + 1))
            p=$(sed "s/.*) . \([0-9]*\) .*/\1/" /proc/$p/stat)
        done
        echo $PMIX_RANK:$n'
    case $fanout in
    0) wanted="0:1 1:1 2:1 3:1 4:1 5:1 6:1 7:0" ;;
    1) wanted="0:1 1:2 2:2 3:3 4:4 5:5 6:6 7:0" ;;
    2) wanted="0:1 1:2 2:2 3:2 4:1 5:2 6:2 7:0" ;;
    5) wanted="0:1 1:1 2:1 3:1 4:1 5:1 6:2 7:0" ;;
    esac
    is "the tree with a fan-out of $fanout" "$(sort -n <<<"$out" | tr '\n' ' ')" "$wanted "
done
fails "a node below another is not there" 1 \
    "mprun: cannot start mprund on node unknownX: *Could not resolve* (started by node nodeA, see --fanout)" \
    "${start[@]}" --fanout 1 -H nodeA:1,unknownX:1,nodeB:1 "$pmixjob"
fails "an error below another node" 7 "mprun: rank 2 on node nodeC (pid [1-9]*) exited with code 7 *" \
    "${start[@]}" --fanout 1 -H nodeA:1,nodeB:1,nodeC:1 "$pmixjob" end exit7 2

# The ranks of each node, in blocks.
placement() { sort -k2n <<<"$out" | sed 's/^rank \([0-9]*\) .*host \([^ ]*\) .*/\2/' | uniq -c | awk '{printf "%s%s ", $2, $1}'; }
run "${start[@]}" -H nodeA:2,nodeB:3 -n 5 "$pmixjob" describe
is "as many as slots" "$(placement)" "nodeA2 nodeB3 "
run "${start[@]}" -H nodeA:2,nodeB:3 "$pmixjob" describe
is "without -n" "$(placement)" "nodeA2 nodeB3 "
run "${start[@]}" -H nodeA:2,nodeB:3 -n 3 "$pmixjob" describe
is "fewer than slots" "$(placement)" "nodeA2 nodeB1 "
run "${start[@]}" -H nodeA:2,nodeB:2 -n 7 "$pmixjob" describe
is "more than slots" "$(placement)" "nodeA4 nodeB3 "
run "${start[@]}" -H nodeA,nodeB -n $((2 * $(nproc))) "$pmixjob" describe
is "slots not given: one a core" "$(placement)" "nodeA$(nproc) nodeB$(nproc) "
run "${start[@]}" -n 1 -host nodeB "$pmixjob" describe : -n 2 -host nodeA "$pmixjob" describe
is "hosts for each program" "$(placement)" "nodeB1 nodeA2 "
run "${start[@]}" -v -H nodeA:2,nodeB:2 -n 2 "$pmixjob" describe
is "no daemon where no rank goes" "$(grep -c 'starting' <<<"$err")" 1
is "-v shows the agent's command" "$err" "mprun: node nodeA: starting $agent nodeA /bin/sh -c *"
printf 'nodeA slots=1\nnodeB:2\n' >"$scratch/hosts"
run "${start[@]}" --hostfile "$scratch/hosts" "$pmixjob" describe
is "host file" "$(placement)" "nodeA1 nodeB2 "
is "the job as each node sees it" "$(sort -k2n <<<"$out" | head -1)" \
    "rank 0 size 3 universe 3 local 0 of 1 peers 0 app 0 of 1 host nodeA cores $(nproc)"

run env TRIREME_SOME=1 OMP_SOME=2 OTHER_SOME=3 "${start[@]}" -x GIVEN="a b" -H nodeA:1 \
    sh -c 'echo $TRIREME_SOME $OMP_SOME $GIVEN; pwd'
is "environment and directory go along" "$out" $'1 2 a b\n'"$PWD"
run "${start[@]}" -v -H noisyA:1,localhost:1 "$pmixjob" modex
is "noise before the daemon: exit code" "$code" 0
is "noise before the daemon: shown by -v" "$err" "*mprun: node noisyA: Welcome to noisyA*"
run "${start[@]}" -H noisyA:1,localhost:1 "$pmixjob" modex
is "noise before the daemon: else not" "$code $out $err" "0  "

# What the file says, not its name: a node may not have it.
printf '# measured\nflag_ns 70' >"$scratch/tuned"
run env TRIREME_TUNING="$scratch/tuned" "${start[@]}" -H nodeA:1 sh -c 'rm -f "'"$scratch"'/tuned"; echo "$TRIREME_TUNING"'
is "a file of the machine's parameters goes along" "$out" $'# measured\nflag_ns 70'
run env TRIREME_TUNING="$scratch/tuned" "${start[@]}" -H nodeA:1 true
is "a file of parameters that is not there: code" "$code" 2
is "a file of parameters that is not there" "$err" "mprun: TRIREME_TUNING: cannot read $scratch/tuned: No such file or directory"

fails "unknown host" 1 "mprun: cannot start mprund on node unknownX: *Could not resolve hostname*" \
    "${start[@]}" -H localhost:1,unknownX:1 "$pmixjob"
fails "no Trireme there" 1 "mprun: mprund was not found on node bareX *" \
    "${start[@]}" -H localhost:1,bareX:1 "$pmixjob"
fails "another version there" 1 "mprun: mprund on node oldX is of another version *" \
    "${start[@]}" -H localhost:1,oldX:1 "$pmixjob"
fails "a node that does not answer" 1 \
    "mprun: mprund on node silentX did not report within 1 s (--launch-timeout)" \
    "${start[@]}" --launch-timeout 1 -H localhost:1,silentX:1 "$pmixjob"
fails "no such agent" 1 "mprun: cannot start the launch agent \"/nonexistent/agent\": *" \
    "$mprun" --launch-agent /nonexistent/agent -H nodeA:1 "$pmixjob"
fails "missing program there" 127 "mprun: program \"./nothere\" not found on node nodeA (in $PWD)" \
    "${start[@]}" -H nodeA:2 ./nothere
fails "missing directory there" 1 \
    "mprun: working directory \"/nothere\" does not exist on node nodeA" \
    "${start[@]}" -H nodeA:2 --wdir /nothere hostname
is "a daemon without mprun leaves" \
    "$(: | timeout 10 "$(dirname "$mprun")/mprund" 2>&1 | cat >/dev/null; echo "${PIPESTATUS[1]}")" 0
run "$(dirname "$mprun")/mprund"
is "a daemon by hand" "$code $err" "2 *: started by mprun on other nodes, not by hand"
leaves_nothing "all of these"
finish
