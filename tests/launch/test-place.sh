#!/bin/bash
# test-place.sh: where ranks run: dry runs for other machines, the map, mistakes, binding, OpenMP.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
unset OMP_NUM_THREADS OMP_PLACES OMP_PROC_BIND GOMP_CPU_AFFINITY KMP_AFFINITY OMP_WAIT_POLICY GOMP_SPINCOUNT KMP_BLOCKTIME
big="package:2 numa:4 l3:2 core:4 pu:2"
machines=$here/topologies

# plan ARGUMENT...: a dry run for the big machine.
plan() { run "$mprun" --dry-run --topology "$big" "$@"; }

# Dry runs start nothing, and need none of the nodes they speak of.
plan -n 2 --map-by numa -H far:4 --wdir /tmp ./prog 'two words' : -n 1 touch "$scratch/started"
is "a dry run" "$code $out $err" \
"0 rank 0 on node far: package 0 core 0 (cpus 0-1), in /tmp: ./prog 'two words'
rank 1 on node far: package 0 core 8 (cpus 16-17), in /tmp: ./prog 'two words'
rank 2 on node far: package 0 core 16 (cpus 32-33), in $PWD: touch $scratch/started "
run "$mprun" --dry-run -n 2 touch "$scratch/started"
is "a dry run on this node" "$code $(wc -l <"$scratch/out") $(ls "$scratch/started" 2>&1)" "0 2 ls: *"
run "$mprun" --dry-run --launch-agent "$agent" -H nodeA:1,nodeB:1 true
is "a dry run asks the nodes" "$code $(cut -d' ' -f1-5 <<<"$out" | tr '\n' ' ')$err" \
    "0 rank 0 on node nodeA: rank 1 on node nodeB: "
leaves_nothing "dry runs"

# The map
plan --display map --map-by ppr:1:numa:pe=3 ./prog
is "the map" "$(grep -v '^rank' <<<"$out")" \
"node $(hostname): 2 packages, 8 NUMA domains, 16 L3 caches, 64 cores, 128 hardware threads; ranks 0-7
  package 0
    NUMA 0   [[]0] [[]0] [[]0] [[].] | [[].] [[].] [[].] [[].]
    NUMA 1   [[]1] [[]1] [[]1] [[].] | [[].] [[].] [[].] [[].]
    NUMA 2   [[]2] [[]2] [[]2] [[].] | [[].] [[].] [[].] [[].]
    NUMA 3   [[]3] [[]3] [[]3] [[].] | [[].] [[].] [[].] [[].]
  package 1
    NUMA 4   [[]4] [[]4] [[]4] [[].] | [[].] [[].] [[].] [[].]
    NUMA 5   [[]5] [[]5] [[]5] [[].] | [[].] [[].] [[].] [[].]
    NUMA 6   [[]6] [[]6] [[]6] [[].] | [[].] [[].] [[].] [[].]
    NUMA 7   [[]7] [[]7] [[]7] [[].] | [[].] [[].] [[].] [[].]
    .  free"
run "$mprun" --dry-run --display map --topology "$machines/hybrid.xml" -n 5 ./prog
is "slow cores" "$(sed -n '3,4p' <<<"$out")" \
"    NUMA 0   (4) (.) (.) (.) | [[]0] [[]1] [[]2] [[]3]
    .  free,  ( )  slower core"
run "$mprun" --dry-run --display map --topology "core:4 pu:2" --bind-to hwthread --cpu-list 0-5 -n 3 ./prog
is "hardware threads, and a core that is cut off" "$(sed -n '2,3p' <<<"$out")" \
"    NUMA 0   [[]0/1] [[]2/.] [[]./.] [[]x  ]
    .  free,  x  not for this job"
plan --display map --bind-to package -n 4 ./prog
is "ranks that share cores" "$(sed -n '3p' <<<"$out")" "    NUMA 0   [[]8 cores: 0-3]"
plan --display map -n 65 ./prog
is "ranks that are not bound" "$(head -1 <<<"$out")" "node *; ranks 0-64, not bound (more ranks than cores)"
run "$mprun" --display map -n 1 echo hello
is "the map of a real job is on stderr" "$code $out ${err%%:*}" "0 hello node $(hostname)"

plan --display map=json -n 2 ./prog 'say "hi"'
is "json" "$(grep -c '"core": ' <<<"$out") $(grep '"rank": 1' <<<"$out")" \
'64 *{"rank": 1, "node": 0, "cpus": "2-3", "binding": "package 0 core 1 (cpus 2-3)",*"command": [[]"./prog", "say \\"hi\\""]}*'
if command -v python3 >/dev/null; then
    is "json is json" "$(python3 -c 'import json, sys
map = json.load(open(sys.argv[1]))
print(len(map["nodes"][0]["cores"]), [r["threads"] for r in map["ranks"]])' "$scratch/out" 2>&1)" "64 [[]1, 1]"
fi
plan --display "map=svg:$scratch/map.svg" -n 2 ./prog
is "svg in a file" "$(head -c 4 "$scratch/map.svg") $(grep -c '<rect' "$scratch/map.svg") $(tail -1 "$scratch/map.svg") $(wc -l <<<"$out")" \
    "<svg 65 </svg> 2"
fails "a file that cannot be written" 2 "mprun: option --display: cannot write /nonexistent/map*" \
    "$mprun" --dry-run --topology "$big" --display map=svg:/nonexistent/map ./prog

# Mistakes: what was asked, what there is, what to do.
while IFS='|' read -r options message; do
    # shellcheck disable=SC2086
    fails "$options" 2 "mprun: option $message" "$mprun" --dry-run --topology "$machines/cut.xml" $options ./prog
done <<'END'
--map-by cache|--map-by: "cache" is not one of slot, *
--map-by numa:pe=0|--map-by: "pe=0" does not say*
--map-by ppr:2|--map-by: ppr is written ppr:N:OBJECT*
--map-by slot:pe=7|--map-by slot:pe=7: node * has 6 cores, too few for one rank; use a smaller pe
--map-by ppr:1:numa -n 4|--map-by ppr:1:numa: there is room for 3 ranks (3 on node *), but 4 are to be started;*
--map-by dist|--map-by dist: on node * there is no network device (it has no devices);*
--rank-by disk|--rank-by: "disk" is not one of slot,*
--bind-to core -n 7|--bind-to core: 7 ranks on node * but there is room for 6 of them (6 cores in all); use*--bind-to none
--cpu-list 0-3|--cpu-list 0-3: cpu 3 is not one that this job may use on node *; it may use 0-2,14-17,20-23
--cpu-list 0-|--cpu-list: "0-" is no list of hardware threads like 0-3,8
--display plan|--display: "plan" is not one of map,*
END
fails "no topology" 2 "mprun: option --topology: \"nonsense\" is neither a file nor a description*" \
    "$mprun" --dry-run --topology nonsense true
fails "a file that is no topology" 2 "mprun: option --topology: \"$0\" is no XML file of lstopo's" \
    "$mprun" --dry-run --topology "$0" true
fails "a topology without a dry run" 2 "mprun: option --topology is for planning: use it with --dry-run" \
    "$mprun" --topology "$big" true
fails "more than can be bound, on a real node" 2 "mprun: option --bind-to core: * ranks on node *" \
    "$mprun" --bind-to core -n $(($(nproc) + 1)) true
fails "the same on others" 2 "mprun: option --bind-to core: * ranks on node nodeA *" \
    "$mprun" --launch-agent "$agent" -H nodeA:99999,nodeB:1 --bind-to core -n 999 true

# What ranks see. Another job on this machine may have the cores: then they are not bound.
show='echo "$(sed -n "s/Cpus_allowed_list:\t//p" /proc/self/status) $OMP_NUM_THREADS $OMP_PLACES $OMP_PROC_BIND"'
cpu=$(sed -n 's/Cpus_allowed_list:\t\([0-9]*\).*/\1/p' /proc/self/status)
for where in "" "--launch-agent $agent -H nodeA:9"; do
    # shellcheck disable=SC2086
    for try in 1 2 3 4 5; do
        run "$mprun" $where -v -n 1 --cpu-list "$cpu" sh -c "$show; echo \${OMP_WAIT_POLICY-may spin}"
        [[ $err != *"another job has"* ]] && break
        sleep 1
    done
    if [[ $err != *"another job has"* ]]; then
        is "a bound rank's OpenMP variables ($where)" "$out" "$cpu 1 cores close"$'\n'"may spin"
        is "-v tells them ($where)" "$err" "*core * (cpus $cpu*), OMP_NUM_THREADS=1"
    fi
    # shellcheck disable=SC2086
    run "$mprun" $where -n 1 --cpu-list "$cpu" -x OMP_PLACES=threads sh -c "$show"
    is "the user's own places ($where)" "$out" "$cpu 1 threads "
    # shellcheck disable=SC2086
    run "$mprun" $where -n 1 --bind-to none --cpu-list "$cpu" -x OMP_PLACES=threads sh -c "$show"
    is "a list binds even so ($where)" "$out" "$cpu 1 threads "
    # shellcheck disable=SC2086
    run "$mprun" $where -n 1 --bind-to none -x OMP_NUM_THREADS=7 sh -c "$show"
    is "the user's own number of threads ($where)" "$out" "* 7  "
    # shellcheck disable=SC2086
    run "$mprun" $where -n 1 --bind-to none sh -c "$show"
    is "the share of a rank that is not bound ($where)" "$out" "* [1-9]*  "
done

# PMIx tells each rank which package, caches and NUMA domain others of its node are bound to.
for try in 1 2 3 4 5; do
    run "$mprun" --launch-agent "$agent" -H nodeA:1 -v -n 1 --bind-to core "$pmixjob" locate
    [[ $err != *"another job has"* ]] && break
    sleep 1
done
[[ $err == *"another job has"* ]] ||
    is "where a rank is bound" "$code $out" "0 rank 0 of rank 0: *SK[0-9]*:*CR[0-9]*"$'\n'"rank 0 of rank 0: *"
run "$mprun" -n 2 --bind-to none "$pmixjob" locate
is "ranks that are not bound are nowhere" "$(sort -u <<<"$out" | wc -l) $(grep -c nothing <<<"$out")" "4 4"

# Two jobs that begin together: the one that is planned later sees what the other has claimed. Here this script is the
# other, which claims a core by the locks that claim.c describes.
cpus=/sys/devices/system/cpu
if [ "$(nproc)" -ge 2 ] && exec 8<"$cpus/cpu$cpu/topology/core_id" 9<"$cpus/online" && flock -xn 9; then
    begun=${EPOCHREALTIME/./}
    "$mprun" -v -n 1 true >/dev/null 2>"$scratch/second" 8<&- 9<&- &
    second=$!
    sleep 0.1
    flock -xn 8
    claimed=$? took=$((${EPOCHREALTIME/./} - begun))
    exec 9<&-
    wait $second
    if [ $claimed != 0 ] || [ $took -gt 400000 ]; then
        echo "      (not judged: a job that begins with another: the core was taken, or mprun's patience was over)"
    else
        is "a job that begins with another" "$(grep -c "core [0-9]* (cpus $cpu)" "$scratch/second") $(<"$scratch/second")" "0 mprun: rank 0 *"
    fi
    exec 8<&-
fi
run taskset -c "$cpu" "$mprun" --dry-run true
is "affinity limits the slots" "$code $(wc -l <"$scratch/out")" "0 1"
run taskset -c "$cpu" "$mprun" -n 2 sh -c 'echo "$TRIREME_JOB_CPUS"'
is "and what ranks that share cores are told of them" "$code $out" "0 1"$'\n'"1"
run "$mprun" -n $(($(nproc) + 1)) sh -c 'echo "$OMP_WAIT_POLICY"'
is "threads of ranks that share cores do not spin" "$(sort -u <<<"$out")" "passive"
run "$mprun" -n $(($(nproc) + 1)) -x OMP_WAIT_POLICY=active sh -c 'echo "$OMP_WAIT_POLICY"'
is "unless the user says so" "$(sort -u <<<"$out")" "active"
run "$mprun" -n $(($(nproc) + 1)) -x GOMP_SPINCOUNT=99 sh -c 'echo "${OMP_WAIT_POLICY-as gcc is told}"'
is "unless the user says how long" "$(sort -u <<<"$out")" "as gcc is told"
OMP_NUM_THREADS=3 run "$mprun" -n 1 --bind-to none sh -c "$show"
is "the environment's number of threads" "$out" "* 3  "
run "$mprun" --launch-agent "$agent" -H nodeA:2,nodeB:2 -n 4 --map-by node sh -c 'echo $PMIX_RANK $PMIX_HOSTNAME'
is "--map-by node" "$(sort <<<"$out" | tr '\n' ' ')" "0 nodeA 1 nodeB 2 nodeA 3 nodeB "
run "$mprun" --launch-agent "$agent" -H nodeA:2,nodeB:2 --map-by node "$pmixjob" modex
is "ranks that alternate find each other" "$code $out $err" "0  "
leaves_nothing "all of these"
finish
