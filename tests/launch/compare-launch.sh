#!/bin/bash
# compare-launch.sh: how long a job of two ranks takes from start to end, beside MPICH's launcher.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: compare-launch.sh [ROUNDS]; environment: MPRUN and HELLO, an MPI program for it (default:
# tests/launch/pmixjob modex). Prints the medians of interleaved runs in milliseconds; asserts nothing.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${1:-21}
hello=${HELLO:-$pmixjob modex}
printf '#include <mpi.h>\nint main(int c, char **v) { MPI_Init(&c, &v); return MPI_Finalize(); }\n' \
    >"$scratch/hello.c"
names=(mprun)
commands=("$mprun -n 2 $hello")
if mpicc.mpich "$scratch/hello.c" -o "$scratch/mpich" 2>/dev/null; then
    names+=(mpich)
    commands+=("mpiexec.mpich -n 2 $scratch/mpich")
fi
if mpicc.openmpi "$scratch/hello.c" -o "$scratch/openmpi" 2>/dev/null; then
    names+=(openmpi)
    commands+=("mpirun.openmpi --allow-run-as-root --oversubscribe -n 2 $scratch/openmpi")
fi
for ((round = 0; round < rounds; round++)); do
    for i in "${!names[@]}"; do
        begin=$(date +%s%N)
        ${commands[$i]} >/dev/null 2>&1 </dev/null || echo "failed: ${commands[$i]}"
        echo $((($(date +%s%N) - begin) / 1000)) >>"$scratch/times.${names[$i]}"
    done
done
for name in "${names[@]}"; do
    sort -n "$scratch/times.$name" | awk -v name="$name" \
        '{ t[NR] = $1 / 1000 } END { printf "%-8s median %6.1f ms, best %6.1f ms\n", name, t[int((NR + 1) / 2)], t[1] }'
done
