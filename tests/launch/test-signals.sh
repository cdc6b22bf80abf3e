#!/bin/bash
# test-signals.sh: Ctrl-C and its kin to mprun, and violent deaths of mprun and mprund.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# begin COMMAND...: in the background, with signals as at a terminal, until its ranks run.
begin() {
    rm -f "$scratch/running".*
    env --default-signal=INT,QUIT,HUP,TSTP "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
    pid=$!
    local tries=0
    while [ "$(ls "$scratch" | grep -c '^running')" -lt "$ranks" ] && [ $tries -lt 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
}
# The descendants of $1 whose command line fits $2.
descendants() {
    local p
    for p in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        { tr '\0' ' ' <"/proc/$p/cmdline"; } 2>/dev/null | grep -q -- "$2" && echo "$p"
        descendants "$p" "$2"
    done
}
child_of() { descendants "$1" "$2" | head -n 1; }
end() {
    local tries=0
    while kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    [ $tries -lt 200 ] || kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    code=$?
    err=$(<"$scratch/err")
}

sleeper="touch $scratch/running.\$PMIX_RANK; sleep 300; true"
ranks=3
for where in "-n 3" "--launch-agent $agent -H nodeA:1,nodeB:1,localhost:1"; do
    name="${where:0:2}"
    [ "$name" = -n ] && name="" || name=", remote"
    # shellcheck disable=SC2086
    start=("$mprun" $where sh -c "$sleeper")
    for signal in INT:2:Interrupt TERM:15:Terminated HUP:1:Hangup QUIT:3:Quit; do
        IFS=: read -r short number long <<<"$signal"
        begin "${start[@]}"
        kill -"$short" "$pid"
        end
        is "SIG$short$name: exit code" "$code" $((128 + number))
        is "SIG$short$name: message" "$err" "mprun: received signal $number ($long), the job is ended"
        leaves_nothing "SIG$short$name"
    done
    begin "${start[@]}"
    kill -KILL "$pid"
    end
    is "SIGKILL to mprun$name: exit code" "$code" 137
    leaves_nothing "SIGKILL to mprun$name"
done

# shellcheck disable=SC2016
begin "$mprun" -n 3 bash -c "trap '' TERM; touch $scratch/running.\$PMIX_RANK; while :; do sleep 1; done"
kill -TERM "$pid"
sleep 0.1
kill -TERM "$pid" 2>/dev/null
end
is "the second SIGTERM: exit code" "$code" 143
leaves_nothing "the second SIGTERM"

begin "$mprun" --launch-agent "$agent" -H nodeA:1,nodeB:2 sh -c "$sleeper"
kill -KILL "$(child_of "$pid" '^[^ ]*mprund $')"
end
is "a daemon dies: exit code" "$code" 1
is "a daemon dies: message" "$err" "mprun: lost the connection to node node[AB] (*)"
leaves_nothing "a daemon dies"

begin "$mprun" -n 3 sh -c "$sleeper"
kill -TSTP "$pid"
sleep 0.3
is "Ctrl-Z stops mprun" "$(cut -d' ' -f3 "/proc/$pid/stat")" T
is "Ctrl-Z stops ranks" "$(cut -d' ' -f3 "/proc/$(child_of "$pid" '^sh -c')/stat")" T
kill -CONT "$pid"
sleep 0.3
is "and SIGCONT lets them go on" "$(cut -d' ' -f3 "/proc/$(child_of "$pid" '^sh -c')/stat")" S
kill -TERM "$pid"
end
is "after that SIGTERM" "$code" 143

# The ranks on other nodes too; daemons go on meanwhile and are not taken for dead, and the time does not count.
ranks=4
begin "$mprun" --launch-agent "$agent" -H nodeA:1,nodeB:1,nodeC:1,nodeD:1 --fanout 1 --heartbeat 1 --timeout 3 \
    sh -c "touch $scratch/running.\$PMIX_RANK; sleep 0.7; sleep 0.7; true"
kill -TSTP "$pid"
sleep 4
is "Ctrl-Z stops ranks elsewhere" "$(cut -d' ' -f3 "/proc/$(child_of "$pid" '^sh -c touch')/stat" 2>/dev/null)" T
kill -CONT "$pid"
end
is "after a long stop the job ends well" "$code $err" "0 "

ranks=2
begin "$mprun" -n 2 bash -c "trap 'echo got it; exit 0' USR1; touch $scratch/running.\$PMIX_RANK
                             while :; do sleep 0.1; done"
kill -USR1 "$pid"
end
is "SIGUSR1 goes to the ranks" "$code $(tr '\n' ' ' <"$scratch/out")" "0 got it got it "
leaves_nothing "all of these"
finish
