#!/bin/bash
# test-peers.sh: programs of another MPI on PMIx, Open MPI's, run under mprun, and ours under its mpirun.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
command -v mpicc.openmpi >/dev/null || { echo "skipped: no mpicc.openmpi"; exit 77; }
cat >"$scratch/sum.c" <<'END'
#include <mpi.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    int rank, size, sum;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (argc > 1 && rank == 1) {
        MPI_Abort(MPI_COMM_WORLD, 7);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    printf("%d %d %d\n", rank, size, sum);
    MPI_Finalize();
    return 0;
}
END
mpicc.openmpi "$scratch/sum.c" -o "$scratch/sum" 2>"$scratch/err" ||
    { echo "skipped: mpicc.openmpi does not compile"; exit 77; }
run "$mprun" -n 3 "$scratch/sum"
is "on a node" "$code $(sort <<<"$out" | tr '\n' ',')" "0 0 3 3,1 3 3,2 3 3,"
run "$mprun" --launch-agent "$agent" -H nodeA:1,nodeB:1 "$scratch/sum"
is "on two nodes" "$code $(sort <<<"$out" | tr '\n' ',')" "0 0 2 1,1 2 1,"
run "$mprun" -n 2 "$scratch/sum" abort
is "abort" "$code $(grep ^mprun: <<<"$err")" "7 mprun: rank 1 on node * called MPI_Abort with code 7*"

# Ours under theirs; several times, because it answers differently as ranks come sooner or later.
ours=$(dirname "$pmixjob")/../spmd/comm_basic
if command -v mpirun.openmpi >/dev/null && [ -x "$ours" ]; then
    for round in 1 2 3 4 5 6; do
        run mpirun.openmpi --allow-run-as-root --oversubscribe -n 3 "$ours"
        is "our program under mpirun, round $round" "$code $err" "0 "
    done
fi
leaves_nothing "all of these"
finish
