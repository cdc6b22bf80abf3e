#!/bin/bash
# test-slurm.sh: jobs inside an allocation of a real Slurm on three virtual nodes; skipped where
# Slurm or virtual nodes are not to be had.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=$(dirname "$mprun")
cluster_up 3
cp "$pmixjob" "$scratch/job"
cd "$scratch" || exit 99
on() { "$vcluster" exec "$@"; }
. "$here/../cluster/slurm.bash"
slurm_up "$scratch" 3 4 || { echo "skipped: $slurm_why"; exit 77; }

# alloc OPTION...: a command inside an allocation, from n1.
placement() { sort -k2n <<<"$out" | sed 's/^rank \([0-9]*\) .*host \([^ ]*\) .*/\2/' | uniq -c | awk '{printf "%s:%s ", $2, $1}'; }
run "$vcluster" exec n1 salloc -Q -N 3 -n 5 srun hostname
slurms=$(sort <<<"$out" | uniq -c | awk '{printf "%s:%s ", $2, $1}')
for how in "" "--fanout 1"; do
    # shellcheck disable=SC2206
    start=("$mprun" $how)
    name=${how:+, $how}
    for what in modex collect groups; do
        run "$vcluster" exec n1 salloc -Q -N 3 -n 6 --ntasks-per-node=2 "${start[@]}" ./job $what
        is "$what in an allocation$name" "$code $out $err" "0  "
    done
    run "$vcluster" exec n1 salloc -Q -N 3 -n 5 "${start[@]}" ./job describe
    is "ranks without -n and hosts$name" "$(placement)" "$slurms"
done
run "$vcluster" exec n1 salloc -Q -w n2,n3 -N 2 --ntasks-per-node=3 "$mprun" ./job describe
is "nodes without mprun's own" "$(placement)" "n2:3 n3:3 "
run "$vcluster" exec n1 salloc -Q -N 3 --ntasks-per-node=1 "$mprun" -H n3:2 ./job describe
is "-H within an allocation" "$(placement)" "n3:2 "
run "$vcluster" exec n1 salloc -Q -N 2 --ntasks-per-node=1 "$mprun" -v true
is "-v shows srun" "$err" "*node n2: starting srun --nodes=1*"
seq 1 100000 >"$scratch/big"
got=$(timeout 30 "$vcluster" exec n1 salloc -Q -w n2 -N 1 "$mprun" -n 1 md5sum <"$scratch/big")
is "stdin through srun" "$got" "$(md5sum <"$scratch/big")"
run "$vcluster" exec n1 salloc -Q -N 3 --ntasks-per-node=1 "$mprun" ./job end signal11 2
is "a rank dies" "$code $(grep mprun: <<<"$err")" "139 mprun: rank 2 on node n3 (pid *) was killed by signal 11 (*)"
run "$vcluster" exec n1 salloc -Q -N 1 --ntasks-per-node=1 "$mprun" -H n1:1,n3:1 --launch-timeout 5 ./job
is "a node outside of the allocation" "$code $(grep mprun: <<<"$err")" "1 mprun: cannot start mprund on node n3: srun exited with code *"
run "$vcluster" exec n1 env SLURM_JOB_ID=1 SLURM_JOB_NODELIST='n[1-' "$mprun" true
is "a node list that is none" "$code $err" "1 mprun: cannot understand SLURM_JOB_NODELIST=n[[]1-; name hosts with -H"

# Programs that srun itself starts: over PMIx, and over PMI-2 where Slurm's library is there. Two nodes in the order of
# srun, and then by turns.
whereami=$(dirname "$pmixjob")/whereami
session=$dir/../../tests/spmd/session
abort=$dir/../../tests/spmd/init_abort
places() { sort -k2n <<<"$out" | sed -n 's/^rank .* on \([^ ]*\) .*/\1/p' | tr '\n' ' '; }
kinds=pmix
ldconfig -p | grep -q libpmi2.so.0 && kinds+=" pmi2" || echo "skipped: srun --mpi=pmi2: no libpmi2.so.0 (package libpmi2-0)"
for kind in $kinds; do
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 3 "$whereami"
    is "srun --mpi=$kind" "$code $(places)$err" "0 n1 n1 n2 "
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 4 --ntasks-per-node=2 -m block "$whereami"
    is "srun --mpi=$kind -m block" "$code $(places)$err" "0 n1 n1 n2 n2 "
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 4 --ntasks-per-node=2 -m cyclic "$whereami"
    is "srun --mpi=$kind -m cyclic" "$code $(places)$err" "0 n1 n2 n1 n2 "
    run "$vcluster" exec n1 env TRIREME_TRANSPORTS=self,ucx srun -Q --mpi=$kind -w n1,n2 -N 2 -n 3 "$whereami"
    is "srun --mpi=$kind over ucx" "$code $(places)$err" "0 n1 n1 n2 "
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 3 "$session" restart
    is "srun --mpi=$kind, again and again" "$code $err" "0 "
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 3 "$session" after
    is "srun --mpi=$kind, sessions after the world" "$code $err" "0 "
    run "$vcluster" exec n1 srun -Q --mpi=$kind -w n1,n2 -N 2 -n 3 "$abort" abort 1 7
    # The exit code is srun's: the rank's own, or that of another one which it killed.
    [ $code = 124 ] || code=${code/#[1-9]*/some}
    is "srun --mpi=$kind, MPI_Abort" "$code $(grep trireme: <<<"$err")" "some trireme: rank 1 on n1: MPI_Abort * with code 7"
done
run "$vcluster" exec n1 srun -Q --mpi=none -N 1 -n 2 "$whereami"
is "srun without PMIx" "$code $(grep trireme: <<<"$err" | head -n 1)" "1 trireme: started by srun without PMIx or PMI-2 (*"
if [[ $kinds == *pmi2* ]]; then
    library=$(readlink -f "$(ldconfig -p | sed -n 's/.*libpmi2.so.0 .*=> //p' | head -n 1)")
    on n1 mount --bind /dev/null "$library"
    run "$vcluster" exec n1 srun -Q --mpi=pmi2 -w n1 -n 1 "$whereami"
    on n1 umount "$library"
    is "without Slurm's library" "$code $(grep trireme: <<<"$err")" "1 trireme: started by srun --mpi=pmi2, for which Slurm's *"
fi

# scancel in mid-job, and nothing stays on any node.
on n1 salloc -Q -N 3 --ntasks-per-node=1 "$mprun" sh -c 'touch /tmp/running; sleep 60; true' >"$scratch/out" 2>&1 &
pid=$!
tries=0
until on n3 test -e /tmp/running || [ $((tries++)) -ge 100 ]; do sleep 0.1; done
on n1 sh -c 'scancel $(squeue -h -o %i)'
wait $pid
sleep 1
left=''
for n in n1 n2 n3; do
    left+=$(on $n sh -c 'for p in /proc/[0-9]*; do tr "\0" " " <$p/cmdline; echo; done' 2>/dev/null |
        grep -E '^[^ ]*(mprund?|sleep) ')
done
is "after scancel nothing stays" "$left" ""

finish
