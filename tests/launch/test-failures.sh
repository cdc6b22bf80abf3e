#!/bin/bash
# test-failures.sh: each way to fail gives one line, its exit code, and leaves nothing.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
me=$(hostname)
cd "$scratch" || exit 99

fails "missing program" 127 "mprun: program \"./nothere\" not found on node $me (in $PWD)" \
    "$mprun" -n 3 ./nothere
fails "missing program in PATH" 127 "mprun: program \"nothere\" not found on node $me (in *" \
    "$mprun" -n 2 nothere
echo text >"$scratch/text"
fails "not executable" 126 "mprun: program \"./text\" is not executable on node $me (in *" \
    "$mprun" -n 2 ./text
mkdir "$scratch/directory"
fails "a directory" 126 "mprun: program \"./directory\" is not executable*" "$mprun" ./directory
chmod +x "$scratch/text"
fails "not a program" 126 "mprun: cannot start \"./text\" on node $me: Exec format error" \
    "$mprun" -n 2 ./text
fails "missing second program" 127 "mprun: program \"./nothere\" not found*" \
    "$mprun" -n 1 sleep 30 : -n 1 ./nothere
fails "missing directory" 1 "mprun: working directory \"/nothere\" does not exist on node $me" \
    "$mprun" -n 2 --wdir /nothere hostname
printf 'nodeA slots=2\nnodeB slots=two\n' >"$scratch/hosts"
fails "bad host file" 2 "mprun: $scratch/hosts:2: the number of slots *" \
    "$mprun" --hostfile "$scratch/hosts" hostname
printf 'nodeA 2 3\n' >"$scratch/hosts"
fails "bad host file line" 2 "mprun: $scratch/hosts:1: expected *" \
    "$mprun" --hostfile "$scratch/hosts" hostname
printf -- '-oProxyCommand=x\n' >"$scratch/hosts"
fails "no option as host" 2 "mprun: $scratch/hosts:1: not a host name" \
    "$mprun" --hostfile "$scratch/hosts" hostname
printf '# nothing\n' >"$scratch/hosts"
fails "empty host file" 2 "mprun: host file $scratch/hosts names no host" \
    "$mprun" --hostfile "$scratch/hosts" hostname
fails "missing host file" 2 "mprun: cannot read host file ./none: No such file or directory" \
    "$mprun" --hostfile ./none hostname
fails "bad host" 2 "mprun: bad host \"a:x\" in \"a:x,b\": *" "$mprun" -H a:x,b hostname
fails "bad -n" 2 "mprun: option -n: \"two\" is not a whole number*" "$mprun" -n two hostname
fails "zero ranks" 2 "mprun: option -n: \"0\" is not a whole number*" "$mprun" -n 0 hostname
fails "no program" 2 "mprun: no program given; usage: *" "$mprun" -n 2
fails "no second program" 2 "mprun: no program after \":\"; *" "$mprun" -n 2 hostname :
fails "unset variable" 2 "mprun: option -x: the variable NOT_SET_AT_ALL is not set*" \
    "$mprun" -x NOT_SET_AT_ALL hostname
fails "bad --bind-to" 2 "mprun: option --bind-to: \"cache\" is not one of none, hwthread, core,*" \
    "$mprun" --bind-to cache hostname

# How ranks end, on this node and through daemons
for where in "" "--launch-agent $agent -H nodeA:2,nodeB:2"; do
    # shellcheck disable=SC2086
    start=("$mprun" $where -n 4)
    if [ -z "$where" ]; then node=$me name=""; else node=nodeB name=", remote"; fi
    fails "exit code 7$name" 7 \
        "mprun: rank 3 on node $node (pid [1-9]*) exited with code 7 before MPI_Finalize" \
        "${start[@]}" "$pmixjob" end exit7 3
    fails "exit code 0 too early$name" 1 \
        "mprun: rank 3 on node $node (pid [1-9]*) exited with code 0 before MPI_Finalize" \
        "${start[@]}" "$pmixjob" end exit0 3
    fails "a signal$name" 139 \
        "mprun: rank 3 on node $node (pid [1-9]*) was killed by signal 11 (Segmentation fault*)" \
        "${start[@]}" "$pmixjob" end signal11 3
    fails "SIGKILL$name" 137 \
        "mprun: rank 3 on node $node (pid [1-9]*) was killed by signal 9 (Killed)" \
        "${start[@]}" "$pmixjob" end signal9 3
    fails "abort$name" 7 \
        "mprun: rank 3 on node $node (pid [1-9]*) called MPI_Abort with code 7: the end is near" \
        "${start[@]}" "$pmixjob" end abort 3
    fails "exit code after finalize$name" 5 "mprun: rank 1 on node * (pid [1-9]*) exited with code 5" \
        "${start[@]}" "$pmixjob" code 5
    fails "without PMIx$name" 3 "mprun: rank 2 on node * exited with code 3" \
        "${start[@]}" sh -c '[ $PMIX_RANK = 2 ] && exit 3; sleep 60'
    fails "--timeout$name" 124 "mprun: the job ran longer than the 1 s of --timeout" \
        "${start[@]}" --timeout 1 sleep 60
    # Ranks that ignore SIGTERM, with children in sessions of their own.
    fails "stubborn ranks$name" 4 "mprun: rank 0 on node * exited with code 4" \
        "${start[@]}" bash -c 'trap "" TERM; [ $PMIX_RANK = 0 ] && { sleep 0.3; exit 4; }
                               setsid sleep 60 & while :; do sleep 1; done'
done
# A rank that breaks off while it connects makes the PMIx library write a line; here a rank says something that no PMIx
# client would. The line is for those who asked for more.
cat >"$scratch/stranger" <<'END'
at=${PMIX_SERVER_URI41##*tcp4://}
exec 3<>"/dev/tcp/${at%:*}/${at##*:}" || exit 9
printf '\0\0\0\0\0\0\0\0\14\0\0\0\0\0\0\0native\0\0\0\0\0\143' >&3
read -r -t 5 _ <&3
[ -z "${PMIX_OUTPUT_STDERR_FD-}" ]
END
for where in "" "--launch-agent $agent -H nodeA:1"; do
    # shellcheck disable=SC2086
    run "$mprun" $where -n 1 bash "$scratch/stranger"
    is "a stranger at the server: exit code" "$code" 0
    is "a stranger at the server: nothing said" "$err" ""
    # shellcheck disable=SC2086
    run "$mprun" $where -v -n 1 bash "$scratch/stranger"
    is "a stranger at the server, -v: exit code" "$code" 0
    is "a stranger at the server, -v: the library's line" "$err" "*PMIX ERROR*"
done
run "$mprun" -n 2 sh -c 'setsid sleep 60 >/dev/null 2>&1 & exit 0'
is "background children: exit code" "$code" 0
leaves_nothing "background children"
finish
