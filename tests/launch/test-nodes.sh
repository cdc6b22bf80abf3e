#!/bin/bash
# test-nodes.sh: jobs over several nodes, with a launch agent that stands in for ssh.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
start=("$mprun" --launch-agent "$agent")

for what in modex collect unfenced groups late; do
    run "${start[@]}" -H nodeA:2,nodeB:2,localhost:1 "$pmixjob" $what
    is "$what on three nodes" "$code $out $err" "0  "
done

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
