# The mode --nodes: virtual nodes, launched from the first one, over TCP.
# SPDX-License-Identifier: BSD-3-Clause

vcluster=$here/../tests/cluster/vcluster
cluster_up=
per_node=1

# MPICH over libfabric is what the goals are about. Debian's is built for UCX; who has built it for libfabric names it so:
# --peer mpich-ofi=DIR
reference=mpich
for peer in ${extra_peers[@]+"${extra_peers[@]}"}; do
    [ "${peer%%=*}" != mpich-ofi ] || reference=mpich-ofi
done

# Both ends of a connection are sockets of one kernel here. Where it has put them beside each other in memory each message
# takes a microsecond longer, with whatever library and with none, as long as the connection lasts: so there are several.
if [ "$nodes" -gt 1 ]; then
    limit_runs=() runs=() times=6
    [ -z "$quick" ] || times=1
    for ((i = 0; i < times; i++)); do
        limit_runs+=("tcp|tcp --size 8,1M${quick:+ --reps 5}")
        runs+=("latency|2|latency --size 8")
    done
    runs+=("bandwidth|2|bandwidth --size 1M")
    items=(
        "lat8|latency|latency_us@8|8 B latency|us|low|$reference 1.0|tcp:latency_us@8"
        "bw1m|bandwidth|bandwidth_GBps@1048576|bandwidth 1 MiB|GB/s|high|$reference 1.0|tcp:bandwidth_GBps@1048576"
    )
fi

if [ "$nodes" = 4 ]; then
    per_node=4 limit_runs=() runs=("launch16|16|")
    items=("launch16|launch16|ms|launch of 16 ranks on 4 nodes|ms|low|x 1.0|")
fi

on_node() { "$vcluster" exec "$@"; }

nodes_up() {
    local code share=()
    [ -x "$vcluster" ] || die "no $vcluster"
    # A cluster of our own: one that a developer has up stays as it is.
    export VCLUSTER_DIR=/run/trireme-compare.$$
    [[ $(readlink -f "$prefix") != /tmp/* ]] || share=(--share "$(readlink -f "$prefix")")
    (cd "$out" && "$vcluster" up "${share[@]}" "$nodes")
    code=$?
    [ $code != 77 ] || { say "skipped: virtual nodes are not possible here"; exit 77; }
    [ $code = 0 ] || die "the virtual nodes did not start"
    cluster_up=yes
    # The same in the two forms that hostfiles have.
    "$vcluster" hosts --slots $per_node >"$out/hosts.openmpi"
    sed 's/ slots=/:/' "$out/hosts.openmpi" >"$out/hosts"
    address=$("$vcluster" status | awk '$1 == "n2" { print $2 }')
}

nodes_down() {
    [ -z "$cluster_up" ] || "$vcluster" down
    cluster_up=
}

# Sets `command` to one of `limits`. Between nodes that is the client on n1; its server ends itself
# with the connection.
limit_command() {
    if [ "$nodes" = 1 ]; then
        command=("$out/bin/limits" "$@" --format csv)
        return
    fi
    # shellcheck disable=SC2016
    command=(bash -c '
        "$0" exec n2 timeout 60 "$1" tcp --listen="$2" & server=$!
        sleep 0.3
        "$0" exec n1 "$1" "${@:3}" --connect "$2" --format csv; code=$?
        [ $code = 0 ] || kill $server 2>/dev/null
        wait $server; exit $code' "$vcluster" "$out/bin/limits" "$address" "$@")
}

# The nodes share the processors of one machine without knowing it: a launcher that binds the first
# rank of each node to its first core would put both on the same one.
launch_on_nodes() {
    local name=$1 ranks=$2 starter=${launcher[$1]} openmpi_options=()
    shift 2
    [ "$(id -u)" != 0 ] || openmpi_options=(--allow-run-as-root)
    openmpi_options+=(--bind-to none --hostfile "$out/hosts.openmpi")
    # It does so itself when it knows that ranks share cores, and is no rival here without.
    [ "$ranks" -le "$(nproc)" ] || openmpi_options+=(--mca mpi_yield_when_idle 1)
    case $name in
    trireme) command=("$starter" --bind-to none --hostfile "$out/hosts" -n "$ranks" "$@") ;;
    openmpi)
        command=("$starter" "${openmpi_options[@]}" -n "$ranks" "$@") ;;
    openmpi-ofi)
        command=("$starter" "${openmpi_options[@]}" --mca pml cm --mca mtl ofi
            --mca mtl_ofi_provider_include 'tcp;ofi_rxm' -n "$ranks" "$@") ;;
    *)
        command=(env FI_PROVIDER=tcp 'UCX_TLS=tcp,self' "$starter" -launcher ssh -f "$out/hosts"
            -n "$ranks" "$@") ;;
    esac
    command=("$vcluster" exec n1 "${command[@]}")
}

# What MPICH here is made of, and what libfabric itself reaches without any MPI.
describe_network() {
    local device
    if [ -n "${compiler[mpich]-}" ] && have mpichversion; then
        device=$(mpichversion | sed -n 's/^MPICH Device:[[:space:]]*//p')
        [[ $device == *ofi* ]] ||
            echo "mpich: its device is $device, so it goes through UCX's tcp and not through libfabric"
    fi
    # Two ranks and no MPI are no measure of a collective, or of a launch.
    [ -z "$collectives" ] && [ "$nodes" = 2 ] || return 0
    if have fi_pingpong; then
        describe_fi_pingpong
    else
        echo "fi_pingpong: not installed (Debian package libfabric-bin)"
    fi
}

describe_fi_pingpong() {
    local provider size
    for provider in tcp 'tcp;ofi_rxm'; do
        for size in 8 1048576; do
            on_node n2 timeout 30 fi_pingpong -p "$provider" -e rdm -S $size -I 2000 \
                >/dev/null 2>>"$out/log/fi_pingpong" </dev/null &
            sleep 0.5
            on_node n1 timeout 30 fi_pingpong -p "$provider" -e rdm -S $size -I 2000 "$address" \
                2>>"$out/log/fi_pingpong" </dev/null | awk -v p="$provider" -v s=$size \
                'END { printf "fi_pingpong %s rdm, %s bytes: %s MB/s, %s us a transfer\n", p, s, $6, $7 }'
            wait $!
        done
    done
}
