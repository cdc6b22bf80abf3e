# The mode --collectives: operations by size and number of ranks, judged over all sizes together.
# SPDX-License-Identifier: BSD-3-Clause

# A peer whose barrier takes this many times as long as the quickest peer's is left out where there
# are more ranks than cores.
hopeless=10

operations=(barrier bcast reduce allreduce allgather alltoall)
collective_sizes=8,32,128,512,2K,8K,32K,128K,512K,1M
[ -z "$quick" ] || collective_sizes=8,512,32K,1M

# A barrier has one size only, but is measured as long as the others are: with more ranks than cores
# the kernel needs a tenth of a second and more to share them out evenly, and until it has, the same
# library takes 1.2 or 2.2 us for one of four ranks on two cores.
barrier_ms=200

# ranks | goal for the median over the sizes | goal for every size; both are ratios to the best peer
layouts=("2|0.7|1.1" "4|0.8|1.1" "8|0.8|1.1")
if [ "$nodes" -gt 1 ]; then
    operations=(allreduce bcast alltoall)
    layouts=("$((2 * nodes))|1.0|1.1")
fi

# name | operation | ranks | goal for the median | goal for every size; a group is one run of mpbench
groups=()

# Sets `bytes` and `label` from a size as mpbench reads it.
read_size() {
    case $1 in
    *M) bytes=$((${1%M} << 20)) label="${1%M} MiB" ;;
    *K) bytes=$((${1%K} << 10)) label="${1%K} KiB" ;;
    *) bytes=$1 label="$1 B" ;;
    esac
}

plan_group() {
    local operation=$1 ranks=$2 worst=$3 name=$1-$2 size bytes label
    if [ "$operation" = barrier ]; then
        runs+=("$name|$ranks|barrier --rep-time $barrier_ms")
        items+=("$name|$name|max_us|$operation $ranks ranks|us|low|x $worst|")
        return
    fi
    runs+=("$name|$ranks|$operation --size $collective_sizes")
    for size in ${collective_sizes//,/ }; do
        read_size "$size"
        items+=("$name-$size|$name|max_us@$bytes|$operation $ranks ranks $label|us|low|x $worst|")
    done
}

# In place of the runs and items of the other modes. The ranks' maximum is taken: who only
# contributes may be done long before the operation is.
plan_collectives() {
    local layout ranks goal worst operation
    limit_runs=() runs=() items=() per_node=2
    for layout in "${layouts[@]}"; do
        IFS='|' read -r ranks goal worst <<<"$layout"
        for operation in "${operations[@]}"; do
            groups+=("$operation-$ranks|$operation|$ranks|$goal|$worst")
            plan_group "$operation" "$ranks" "$worst"
        done
    done
}

# Prints the time of a barrier of a library in us, or why there is none.
probe() {
    local who=$1 ranks=$2
    launch "$who" "$ranks" "$out/bin/mpbench.$who" barrier --reps 9 --rep-time 5 --format csv
    attempt 30 "$out/log/$who.csv" "$out/log/$who" "${command[@]}"
    echo "${reason:-$(awk -f "$here/compare.d/cell.awk" -v where=max_us "$out/log/$who.csv")}"
}

# With more ranks than cores a library that only spins takes milliseconds for what takes others
# microseconds: it is no rival, and the whole table would wait for it. $out/left-out has the reasons.
leave_out() {
    local ranks=$1 who why line name
    awk -v hopeless=$hopeless -F '\t' '
        $2 + 0 > 0 && $2 !~ /[a-z]/ && (!best || $2 < best) { best = $2 }
        { time[$1] = $2 }
        END {
            for (who in time)
                if (time[who] ~ /[a-z]/) print who "\t" time[who]
                else if (time[who] > hopeless * best)
                    printf "%s\ttakes %.3f ms, the quickest peer %.3f ms\n",
                        who, time[who] / 1000, best / 1000
        }' "$out/log/probe" | sort >"$out/log/left-out"
    while IFS=$'\t' read -r who why; do
        say "$who: left out with $ranks ranks: a barrier $why"
        echo "$who: left out with $ranks ranks: a barrier $why" >>"$out/left-out"
        for line in "${items[@]}"; do
            IFS='|' read -r line name _ <<<"$line"
            [ "${name#*-}" = "$ranks" ] || continue
            printf '%s\t%s\tleft out\n' "$line" "$who" >>"$values"
            echo "$name $who" >>"$out/failed"
        done
    done <"$out/log/left-out"
}

probe_peers() {
    local ranks who
    : >"$out/left-out"
    for ranks in $(printf '%s\n' "${runs[@]}" | cut -d '|' -f 2 | sort -nu); do
        [ "$ranks" -gt "$(nproc)" ] || continue
        for who in "${libraries[@]}"; do
            [ "$who" != trireme ] || continue
            progress "barrier of $ranks ranks, $who"
            printf '%s\t%s\n' "$who" "$(probe "$who" "$ranks")"
        done >"$out/log/probe"
        progress_end
        leave_out "$ranks"
    done
}

# The judgement goes to the user, all cells to table.txt.
report_collectives() {
    local line name
    for line in "${groups[@]}"; do
        name=${line%%|*}
        printf '%s\n' "${runs[@]}" | grep -q "^$name|" && echo "$line"
    done >"$out/groups"
    cat "$out/left-out"
    awk -f "$here/compare.d/values.awk" -f "$here/compare.d/collectives.awk" \
        -v libraries="${libraries[*]}" "$out/groups" "$out/items" "$values" | tee "$out/summary.txt"
    echo "all cells: $out/table.txt"
    ! grep -q 'goal missed' "$out/summary.txt"
}

[ -z "$collectives" ] || plan_collectives
