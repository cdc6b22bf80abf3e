#!/bin/bash
# test-environments.sh: the same questions in each environment that a program may be started in; prints a table.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: test-environments.sh [REGEX]     only the environments whose names match. Run in the top build directory.
# A cell is ok, FAIL (the reason follows the table) or -, where the question has no sense; an environment that can not
# be made here is skipped with its reason.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
only=${1:-.}
program=$(readlink -f "${LAUNCH_BIN:-./tests/launch}")/whereami
confine=$(dirname "$program")/confine
for file in "$program" "$confine"; do
    [ -x "$file" ] || { echo "no program $file"; exit 99; }
done
lines=2000
reasons=''
roots=''

# ---- cells: each answers with its exit code and leaves the reason in why ----

# The launcher: go=(...), for so many ranks (count), on these hosts in the order of the ranks (hosts, separated by
# spaces). drawn: ours, which can draw; misuse=(...) with the exit code and the line that is to come of it.
run_long() {
    timeout -k 5 120 "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
}

starts() {
    run_long "${go[@]}" "$program"
    why="exit code $code: $(head -c 300 "$scratch/err")"
    [ $code = 0 ] && [ "$(grep -c "^rank [0-9]* of $count on " "$scratch/out")" = "$count" ]
}

right_ranks() {
    local got
    got=$(sort -k2n "$scratch/out" | sed 's/.* on \([^ ]*\) .*/\1/' | tr '\n' ' ')
    why="ranks on: $got, wanted: $hosts"
    [ "$got" = "$hosts " ]
}

# The map's cpus of each rank are those that the rank has.
placed_as_drawn() {
    local try
    [ -n "$drawn" ] || return 2
    # While another job on this machine has the cores nothing is drawn that could be wrong.
    for try in 1 2 3 4 5; do
        run_long "${go[@]}" --display "map=json:$scratch/map" "$program"
        grep -q '"unbound": ".*another job has' "$scratch/map" || break
        sleep 1
    done
    awk -F '[][{}:", ]+' '
        $2 == "index" { name[$3] = $5 }
        $2 == "rank" { print $3, name[$5], $7 }' "$scratch/map" | sort -n >"$scratch/wanted"
    sort -k2n "$scratch/out" | sed 's/rank \([0-9]*\) of [0-9]* on \([^ ]*\) cpus /\1 \2 /' >"$scratch/got"
    why="drawn: $(head -n 3 "$scratch/wanted" | tr '\n' ';') found: $(head -n 3 "$scratch/got" | tr '\n' ';')"
    [ "$(wc -l <"$scratch/wanted")" = "$count" ] || return 1
    # A rank that is not bound has null in the map, and may run anywhere.
    awk 'NR == FNR { node[$1] = $2; cpus[$1] = $3; next }
        node[$1] != $2 || (cpus[$1] != "null" && cpus[$1] != $3) { bad = 1 } END { exit bad }' \
        "$scratch/wanted" "$scratch/got"
}

whole_output() {
    run_long "${go[@]}" "$program" $lines
    why="exit code $code, $(awk 'length($0) != 200' "$scratch/out" | wc -l) torn lines of $(wc -l <"$scratch/out")"
    # Open MPI's launcher does not keep lines whole; nothing may be lost there, either.
    [ -n "$drawn" ] || { [ $code = 0 ] && [ "$(wc -c <"$scratch/out")" = $((count * lines * 201)) ]; return; }
    [ $code = 0 ] && awk -v count="$count" -v lines=$lines '
        length($0) != 200 || $2 != next_of[$1]++ { bad = 1 }
        END { for (r = 0; r < count; r++) if (next_of[r] != lines) bad = 1; exit bad }' "$scratch/out"
}

# The launchers and ranks that there are, on this node and all virtual ones, and what lies in their folders for what
# comes and goes.
state() {
    local pid file name
    for file in /proc/[0-9]*/cmdline; do
        { read -r -d '' name <"$file"; } 2>/dev/null
        case $name in "$mprun" | "${mprun%/*}/mprund" | "$program") echo "$name" ;; esac
    done
    ls -A /dev/shm
    ls -A /tmp | grep -E '^(pmix|ompi|trireme)'
    for pid in $roots; do
        ls -A "/proc/$pid/root/tmp" "/proc/$pid/root/dev/shm"
    done
}

ends_clean() {
    sleep 0.5
    why=$(diff <(echo "$before") <(state) | grep '^[<>]' | head -n 3)
    [ -z "$why" ]
}

clear_error() {
    run_long "${misuse[@]}"
    why="exit code $code, wanted $wanted_code; $(head -c 300 "$scratch/err")"
    # shellcheck disable=SC2053
    [ $code = "$wanted_code" ] && [[ $(grep -v '^$' "$scratch/err") == $wanted_line ]] &&
        [ "$(grep -c . "$scratch/err")" = 1 ]
}

# ---- the table ----

questions=(starts right_ranks placed_as_drawn whole_output ends_clean clear_error)
row() {
    local question cell text=''
    before=$(state)
    for question in "${questions[@]}"; do
        why=''
        $question
        case $? in
        0) cell=ok ;;
        2) cell=- ;;
        *)
            cell=FAIL failed=$((failed + 1))
            reasons+="$1, ${question//_/ }: $why"$'\n'
            ;;
        esac
        text+=$(printf '  %-9s' $cell)
    done
    printf '%-28s%s\n' "$1" "$text"
}
skip() { printf '%-28s  skipped: %s\n' "$1" "$2"; }
wanted() { [[ $1 =~ $only ]]; }
repeat() { local i; for ((i = 0; i < $2; i++)); do printf '%s ' "$1"; done; }

printf '%-28s  %-9s  %-9s  %-9s  %-9s  %-9s  %-9s\n' environment starts ranks placement output end error
cores=$(nproc)
self=$(uname -n)

if wanted laptop; then
    count=$cores drawn=yes hosts=$(repeat "$self" "$cores") hosts=${hosts% }
    go=("$mprun" -n "$count")
    misuse=("$mprun" -n 2 ./no-such-program) wanted_code=127
    wanted_line='mprun: program "./no-such-program" not found on node *'
    row laptop
fi
if wanted oversubscribed; then
    count=$((3 * cores + 1)) drawn=yes hosts=$(repeat "$self" $count) hosts=${hosts% }
    go=("$mprun" -n $count)
    misuse=("$mprun" -n $count --bind-to core "$program") wanted_code=2
    wanted_line='mprun: *--bind-to*'
    row oversubscribed
fi
if wanted container; then
    mkdir "$scratch/root"
    # shellcheck disable=SC2016
    go=(unshare --mount --pid --fork --kill-child bash -c '
        mount --bind / "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" &&
            mount --rbind /dev "$0/dev" && mount --rbind /sys "$0/sys" && mount --bind "$1" "$0$1" &&
            mount -t tmpfs -o size=64m none "$0/dev/shm" || exit 78
        shift
        exec chroot "$0" taskset -c 0 "$@"' "$scratch/root" "$scratch" "$confine")
    if why=$("${go[@]}" true 2>&1); then
        misuse=("${go[@]}" "$mprun" -n 3 --bind-to core "$program") wanted_code=2
        wanted_line='mprun: *--bind-to*'
        go+=("$mprun" -n 3)
        count=3 drawn=yes hosts="$self $self $self"
        row "restricted container"
    else
        skip "restricted container" "$why"
    fi
fi
if wanted "Open MPI's launcher"; then
    if command -v mpirun.openmpi >/dev/null; then
        go=(mpirun.openmpi --allow-run-as-root --oversubscribe -n 3)
        count=3 drawn='' hosts="$self $self $self"
        misuse=(env TRIREME_WAIT=often mpirun.openmpi --allow-run-as-root -q -n 1 "$program") wanted_code=1
        wanted_line='*TRIREME_WAIT=often is not one of *'
        row "Open MPI's launcher"
    else
        skip "Open MPI's launcher" "no mpirun.openmpi"
    fi
fi
if wanted "16 nodes over ssh"; then
    if why=$({ command -v ssh >/dev/null || { echo "no ssh"; false; }; } && "$vcluster" up --share "$scratch" 16 2>&1); then
        "$vcluster" hosts --slots 2 >"$scratch/hosts"
        roots=$("$vcluster" status | awk '{ print $3 }')
        # These nodes share their cores, which real ones do not: bound ranks of one would take them from the others.
        go=("$vcluster" exec n1 "$mprun" --bind-to none --hostfile "$scratch/hosts")
        count=32 drawn=yes hosts=$(for i in {1..16}; do repeat n$i 2; done) hosts=${hosts% }
        misuse=("$vcluster" exec n1 "$mprun" -H n2,nowhere "$program") wanted_code=1
        wanted_line='mprun: cannot start mprund on node nowhere: ssh *'
        row "16 nodes over ssh"
        "$vcluster" down
        roots=''
    else
        skip "16 nodes over ssh" "$why"
    fi
fi
if wanted "Slurm, 2 nodes"; then
    . "$here/../cluster/slurm.bash"
    slurm_why='no virtual nodes'
    if "$vcluster" up --share "$scratch" 2 2>/dev/null && slurm_up "$scratch" 2 4; then
        roots=$("$vcluster" status | awk '{ print $3 }')
        allocate=("$vcluster" exec n1 salloc -Q -N 2 --ntasks-per-node=2)
        # No host file: the nodes and ranks are the allocation's.
        go=("${allocate[@]}" "$mprun" --bind-to none)
        count=4 drawn=yes hosts="n1 n1 n2 n2"
        misuse=("${allocate[@]}" "$mprun" -n 2 ./no-such-program) wanted_code=127
        wanted_line='mprun: program "./no-such-program" not found on node *'
        row "Slurm, 2 nodes"
    else
        skip "Slurm, 2 nodes" "$slurm_why"
    fi
    "$vcluster" down 2>/dev/null
    roots=''
fi
[ -z "$reasons" ] || printf '\n%s' "$reasons"
finish
