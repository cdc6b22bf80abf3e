# Which MPI libraries are here, how a program is built with each and how each is launched.
# SPDX-License-Identifier: BSD-3-Clause

libraries=()
declare -A compiler launcher

have() { command -v "$1" >/dev/null; }

add_library() {
    local name=$1 wrapper=$2 starter=$3
    if have "$wrapper" && have "$starter"; then
        libraries+=("$name")
        compiler[$name]=$wrapper
        launcher[$name]=$starter
    else
        say "$name: skipped, no $wrapper with $starter here"
    fi
}

find_libraries() {
    local extra
    add_library trireme "$prefix/bin/mpcc" "$prefix/bin/mprun"
    add_library mpich mpicc.mpich mpiexec.mpich
    add_library openmpi mpicc.openmpi mpirun.openmpi
    for extra in "${extra_peers[@]}"; do
        add_library "${extra%%=*}" "${extra#*=}/bin/mpicc" "${extra#*=}/bin/mpiexec"
    done
    [ ${#libraries[@]} -gt 0 ] || die "no MPI library here (install one, or give --prefix)"
    # Between nodes Open MPI has two ways; the one through libfabric is the closest relative of ours.
    if [ "$nodes" -gt 1 ] && [ -n "${compiler[openmpi]-}" ]; then
        libraries+=(openmpi-ofi)
        compiler[openmpi-ofi]=${compiler[openmpi]}
        launcher[openmpi-ofi]=${launcher[openmpi]}
    fi
}

build_all() {
    local name kept=()
    progress "building mpbench and limits"
    "$here/build" limits "${CC:-cc}" "$out/bin/limits" >"$out/log/build.limits" 2>&1 ||
        die "limits does not build; see $out/log/build.limits"
    for name in "${libraries[@]}"; do
        if "$here/build" mpbench "${compiler[$name]}" "$out/bin/mpbench.$name" \
            >"$out/log/build.$name" 2>&1; then
            kept+=("$name")
        else
            progress_end
            say "$name: skipped, mpbench does not build; see $out/log/build.$name"
        fi
    done
    libraries=("${kept[@]}")
}

# Sets `command` to what starts RANKS ranks of PROGRAM with the library.
launch() {
    local name=$1 ranks=$2 starter=${launcher[$1]} binding=()
    shift 2
    # A rank alone is there for its threads, which are to have all cores; MPICH does not bind.
    [ "$ranks" -gt 1 ] || binding=(--bind-to none)
    if [ "$nodes" -gt 1 ]; then
        launch_on_nodes "$name" "$ranks" "$@"
        return
    fi
    case $name in
    openmpi*)
        command=("$starter" --oversubscribe "${binding[@]}" -n "$ranks" "$@")
        [ "$(id -u)" != 0 ] || command=("$starter" --allow-run-as-root "${command[@]:1}") ;;
    trireme) command=("$starter" "${binding[@]}" -n "$ranks" "$@") ;;
    *) command=("$starter" -n "$ranks" "$@") ;;
    esac
}

# A line for each library, so that a table says what was compared.
describe_libraries() {
    local name version
    for name in "${libraries[@]}"; do
        version=$(sed -n 's/^# mpi: //p' "$out/log/$name" | head -n 1 | cut -c 1-90)
        echo "$name: ${version:-none of its runs came to an end}"
    done
    [ "$nodes" -gt 1 ] && describe_network
    return 0
}
