#!/bin/bash
# test-container.sh: jobs where a container forbids or limits something. Each case is skipped where it can not be made.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
confine=$(readlink -f "${LAUNCH_BIN:-./tests/launch}")/confine
sizes=$(readlink -f "${SPMD_BIN:-./tests/spmd}")/p2p_sizes
mpinfo=$(readlink -f "$(dirname "$mprun")/../mpinfo/mpinfo")
for program in "$confine" "$sizes" "$mpinfo"; do
    [ -x "$program" ] || { echo "no program $program"; exit 99; }
done
group=''
trap '[ "$BASHPID" = "$$" ] && { leave_group; clean_up; }' EXIT

# Messages of all sizes, right to the byte, with two ranks and one more than there are cores. Through shared memory: a
# job that falls back to the network would not be told apart.
works() {
    local what=$1 n
    shift
    for n in 2 $(($(nproc) + 1)); do
        run "$@" "$mprun" -n "$n" -x TRIREME_TRANSPORTS=self,shm "$sizes"
        is "$what, $n ranks" "$code $out$err" "0 "
    done
    leaves_nothing "$what"
}

# A control group with one limit, which what runs below in_group has; the older and the newer interface.
leave_group() {
    [ -z "$group" ] || rmdir "$group"
    group=''
}
make_group() { # CONTROLLER FILE=VALUE...
    local controller=$1 setting
    shift
    group=/sys/fs/cgroup/$controller/trireme-test-$$
    [ -d "/sys/fs/cgroup/$controller" ] && mkdir "$group" 2>/dev/null || { group=''; return 1; }
    for setting; do
        echo "${setting#*=}" 2>/dev/null >"$group/${setting%%=*}" || { leave_group; return 1; }
    done
}
# shellcheck disable=SC2016
in_group=(bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"')

works "no ptrace, no cross-memory attach" "$confine"
run "$confine" "$mpinfo"
is "mpinfo says what forbids it" "$(grep attach <<<"$out")" "    cross-memory attach forbidden by a seccomp filter, *"

last=$(sed -n 's/^Cpus_allowed_list:.*[^0-9]\([0-9]\)/\1/p' /proc/self/status) # not the one that is taken first
if make_group cpuset cpuset.mems=0 "cpuset.cpus=$last"; then
    works "one core of a cgroup" "${in_group[@]}" "$group"
    run "${in_group[@]}" "$group" "$mprun" -v true
    # Another job on this machine may have that core.
    is "at most one core" "$(sed 's/.*pid [0-9]*, //' <<<"$err")" \
        "@(core * (cpus $last)|not bound (another job has the cores)), OMP_NUM_THREADS=1"
    run "${in_group[@]}" "$group" "$mprun" -v -n 2 true
    is "one core is not enough for two" "$(sed 's/.*pid [0-9]*, //' <<<"$err" | uniq)" \
        "not bound (more ranks than cores), OMP_NUM_THREADS=1"
    leave_group
else
    echo "skipped: a cgroup with one core"
fi
if make_group cpu cpu.cfs_period_us=100000 cpu.cfs_quota_us=100000; then
    works "the time of one core" "${in_group[@]}" "$group"
    leave_group
else
    echo "skipped: a cgroup with a quota of processor time"
fi

# This system with all of it read-only, /tmp as well, and a /dev/shm of 64 MiB.
mkdir "$scratch/root"
# shellcheck disable=SC2016
in_root=(unshare --mount --pid --fork --kill-child bash -c '
    mount --bind / "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" &&
        mount --rbind /dev "$0/dev" && mount --rbind /sys "$0/sys" &&
        mount -t tmpfs -o size=64m none "$0/dev/shm" || exit 78
    exec chroot "$0" "$@"' "$scratch/root")
run "${in_root[@]}" true
if [ "$code" = 0 ]; then
    run "${in_root[@]}" touch /tmp/x
    is "/tmp is read-only there" "$code" 1
    works "a read-only root and 64 MiB of /dev/shm" "${in_root[@]}"
    works "all of it" "${in_root[@]}" "$confine" taskset -c 0
else
    echo "skipped: a read-only root ($err)"
fi
finish
