# Latency and bandwidth against size: measured for all libraries, drawn with gnuplot.
# SPDX-License-Identifier: BSD-3-Clause

# Lines of curves.tsv: benchmark, library, size, value.
measure_curve() {
    local bench=$1 sizes=$2 who
    for who in "${libraries[@]}"; do
        progress "curve of $bench, $who"
        launch "$who" 2 "$out/bin/mpbench.$who" "$bench" --size "$sizes" --reps "$reps" --format csv
        attempt 120 "$out/log/$who.csv" "$out/log/$who" "${command[@]}"
        grep '^[0-9]' "$out/log/$who.csv" | tr , '\t' | cut -f 1,2 |
            sed "s/^/$bench\t$who\t/" >>"$curves"
    done
}

measure_curves() {
    local round sizes=1..4M
    [ -z "$quick" ] || sizes=1,8,64,512,4K,8K,32K,256K,1M,4M
    for ((round = 0; round < (rounds < 3 ? rounds : 3); round++)); do
        measure_curve latency "$sizes"
        measure_curve bandwidth "$sizes"
    done
    # The median of the rounds, in the order of sizes.
    sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3n -k4,4g "$curves" | awk -F '\t' '
        function flush() { if (n) print key, v[int((n + 1) / 2)]; n = 0 }
        BEGIN { OFS = "\t" }
        $1 OFS $2 OFS $3 != key { flush(); key = $1 OFS $2 OFS $3 }
        { v[++n] = $4 }
        END { flush() }' >"$curves.new" && mv "$curves.new" "$curves"
}

# A library has the same colour in every plot.
declare -A line_style=([trireme]=1 [mpich]=2 [openmpi]=3 [openmpi-ofi]=4)

# draw BENCH TITLE YLABEL TERMINAL
draw() {
    local bench=$1 title=$2 label=$3 terminal=$4 file=$out/$1.${4%cairo} who plots=()
    for who in "${libraries[@]}"; do
        awk -F '\t' -v b="$bench" -v w="$who" '$1 == b && $2 == w { print $3, $4 }' "$curves" \
            >"$out/log/$bench.$who.dat"
        [ -s "$out/log/$bench.$who.dat" ] &&
            plots+=("'$out/log/$bench.$who.dat' title '$who' with linespoints linestyle ${line_style[$who]:-5}")
    done
    [ ${#plots[@]} -gt 0 ] || return 0
    gnuplot <<END || say "gnuplot failed for $file"
set terminal $terminal size 900,560
set output '$file'
set title '$title'
set xlabel 'message size, bytes'
set ylabel '$label'
set logscale x 2
set logscale y
set format x '%.0b%B'
set key top left
set grid
set style line 1 linewidth 2.5 pointtype 7 linecolor rgb '#c0392b'
set style line 2 linewidth 1.5 pointtype 5 linecolor rgb '#2c6fbb'
set style line 3 linewidth 1.5 pointtype 9 linecolor rgb '#2e8b57'
set style line 4 linewidth 1.5 pointtype 11 linecolor rgb '#8e6bbf'
set style line 5 linewidth 1.5 pointtype 13 linecolor rgb '#b8860b'
plot $(IFS=,; echo "${plots[*]}")
END
}

plot() {
    local where='on one node' terminal
    [ "$nodes" = 1 ] || where='between two virtual nodes, TCP'
    if ! have gnuplot; then
        say "no plots: gnuplot is not installed"
        return
    fi
    for terminal in svg pngcairo; do
        draw latency "Latency, 2 ranks $where" 'half a round trip, us' $terminal
        draw bandwidth "Bandwidth, 2 ranks $where" 'GB/s' $terminal
    done
    echo "plots: $out/latency.svg, $out/bandwidth.svg (and .png)"
}
