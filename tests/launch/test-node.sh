#!/bin/bash
# test-node.sh: jobs on one node: what ranks see, options, several programs, environment.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cores=$(nproc)

run "$mprun" -n 3 "$pmixjob" describe
is "three ranks: exit code" "$code" 0
is "what ranks are told" "$(sort <<<"$out")" \
"rank 0 size 3 universe * local 0 of 3 peers 0,1,2 app 0 of 1 host $(hostname) cores $cores
rank 1 size 3 universe * local 1 of 3 peers 0,1,2 app 0 of 1 host $(hostname) cores $cores
rank 2 size 3 universe * local 2 of 3 peers 0,1,2 app 0 of 1 host $(hostname) cores $cores"

for what in modex collect unfenced groups late; do
    run "$mprun" -n 4 "$pmixjob" $what
    is "$what on a node" "$code $out $err" "0  "
done

run "$mprun" hostname
is "as many ranks as cores" "$(wc -l <"$scratch/out")" "$cores"
run "$mprun" -n 2 "$pmixjob" describe : -n 1 "$pmixjob" describe : "$pmixjob" describe
is "several programs" "$(sort <<<"$out" | sed 's/.*\(rank . size .\).*\(app . of .\).*/\1 \2/')" \
"rank 0 size 4 app 0 of 3
rank 1 size 4 app 0 of 3
rank 2 size 4 app 1 of 3
rank 3 size 4 app 2 of 3"

run "$mprun" --pset ocean -n 2 "$pmixjob" sets : -n 1 --pset ice "$pmixjob" sets : \
    -n 1 --pset ocean "$pmixjob" sets : -n 1 "$pmixjob" sets
is "process sets" "$(sort <<<"$out" | cut -d' ' -f3- | uniq -c | sed 's/^ *//')" \
    "5 sets ocean:013 ice:2"
run "$mprun" -n 1 "$pmixjob" sets
is "no process sets" "$out" "rank 0 sets"
run "$mprun" --pset mpi://MINE -n 1 true
is "a set's name that is none" "$code $err" "2 mprun: option --pset: \"mpi://MINE\" is no name*"

export GIVEN=outside
run "$mprun" -n 1 -x GIVEN=one -x OTHER="two words" sh -c 'echo "$GIVEN,$OTHER"' : \
    -n 1 -x GIVEN sh -c 'echo "$GIVEN,$OTHER"'
is "variables belong to a program" "$(sort <<<"$out")" $'one,two words\noutside,'
mkdir "$scratch/dir" && printf '#!/bin/sh\npwd\necho $PWD\n' >"$scratch/dir/prog" &&
    chmod +x "$scratch/dir/prog"
run "$mprun" -np 1 -wdir "$scratch/dir" ./prog
is "-wdir" "$out" "$scratch/dir"$'\n'"$scratch/dir"
run "$mprun" -n 1 --path "/nonexistent:$scratch/dir" prog
is "--path" "$code ${out%%$'\n'*}" "0 $PWD"
run "$mprun" -n 2 --tag-output sh -c 'echo one; echo two >&2; printf three'
is "--tag-output" "$(sort <<<"$out" | tr '\n' ' ')|$(sort <<<"$err" | tr '\n' ' ')" \
    "[[]0] one [[]0] three [[]1] one [[]1] three |[[]0] two [[]1] two "
run "$mprun" -n 1 sh -c 'echo "[$*]"' sh -n 5 --host x -v
is "a program's options are its own" "$out" "[[]-n 5 --host x -v]"

run "$mprun" -v -n 1 true
is "-v tells pid and binding" "$err" "mprun: rank 0 on node $(hostname): pid *, *"
run "$mprun" -n 1 --bind-to none sh -c 'grep Cpus_allowed_list /proc/self/status'
is "--bind-to none" "$out" "$(grep Cpus_allowed_list /proc/self/status)"
run "$mprun" -v -n $((cores + 1)) true
is "more ranks than cores are not bound" "$(grep -c 'not bound (more ranks' <<<"$err")" $((cores + 1))

run "$mprun" -H localhost:2,127.0.0.1:1 "$pmixjob" describe
is "names of this node are one node" "$(wc -l <"$scratch/out")" 3
printf '# nodes\n\nlocalhost slots=2 # here\n' >"$scratch/hosts"
run "$mprun" --hostfile "$scratch/hosts" "$pmixjob" describe
is "host file" "$(wc -l <"$scratch/out")" 2
run "$mprun" --version
is "--version" "$out" "mprun (Trireme) [0-9]*"
run "$mprun" --help
is "--help" "$out" "Usage: mprun*--hostfile=FILE*"

# A job inside a job must not take itself for a part of it.
run "$mprun" -n 1 "$mprun" -n 2 "$pmixjob" modex
is "a job in a job" "$code $out $err" "0  "
run nohup "$mprun" -n 2 "$pmixjob" modex
is "under nohup" "$code" 0
run bash -c "exec 0<&- 1>&- ; exec '$mprun' -n 2 '$pmixjob' modex"
is "without stdin and stdout" "$code $err" "0 "
leaves_nothing "all of these"
finish
