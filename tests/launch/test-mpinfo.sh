#!/bin/bash
# test-mpinfo.sh: what mpinfo tells of this installation and node, and its look at the nodes of a host file.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
mpinfo=$(readlink -f "$(dirname "$mprun")/../mpinfo/mpinfo")
[ -x "$mpinfo" ] || { echo "no program $mpinfo"; exit 99; }
export TRIREME_MODULE_DIR=$scratch/modules
mkdir "$TRIREME_MODULE_DIR"
cp -L .libs/transport_*.so "$TRIREME_MODULE_DIR" 2>/dev/null

line_of() { grep "^ *$1" <<<"$out" | head -n 1; }

run "$mpinfo"
is "summary: exit code" "$code$err" 0
is "version" "$out" "Trireme *"
run "$mpinfo" --version
is "--version" "$code $out" "0 mpinfo (Trireme) [0-9]*"
run "$mpinfo"
is "libraries" "$(line_of 'built with')" "*hwloc [0-9]*pmix [0-9]*libevent_core [0-9]*"
is "options of configure" "$(line_of 'configured with')" "configured with ?*"
is "launchers" "$(line_of launchers)" "launchers *srun --mpi=pmi2: @(works (libpmi2.so.0)|not here, *)"
is "topology" "$(line_of topology)" "topology *[1-9]* core*, [1-9]* hardware thread*"
is "shm" "$(line_of shm)" "  shm, on a node"
is "the rule between nodes" "$(line_of network)" "  network is *, the best first (*: *)"
if [ -e "$TRIREME_MODULE_DIR/transport_ofi.so" ]; then
    is "a provider is used" "$(grep -c ': used between nodes$' <<<"$out")" 1
    run env TRIREME_OFI_PROVIDER=sockets "$mpinfo"
    is "a forced provider" "$(grep ': used between nodes$' <<<"$out")" "    sockets, *"
    run env TRIREME_TRANSPORTS=self,shm "$mpinfo"
    is "a transport not in the list" "$(line_of ofi)" "  ofi, between nodes (not in TRIREME_TRANSPORTS: not used)"
fi
if [ -e "$TRIREME_MODULE_DIR/transport_ucx.so" ]; then
    run env TRIREME_TRANSPORTS=self,ucx "$mpinfo"
    is "the other transport in the list" "$(line_of ucx)" "  ucx, between nodes"
fi
run env TRIREME_TRANSPORTS=self,shm TRIREME_CMA=0 "$mpinfo"
is "attach forbidden by the variable" "$(line_of cross)" "*; TRIREME_CMA forbids it"
echo spoilt >"$TRIREME_MODULE_DIR/transport_ofi.so"
run "$mpinfo"
is "a module that can not be loaded" "$(line_of "$scratch")" "  *transport_ofi.so: not used: ?*"
rm "$TRIREME_MODULE_DIR"/*
run "$mpinfo"
is "no modules" "$(line_of 'no modules')" "  no modules in $TRIREME_MODULE_DIR: *"
run env TRIREME_EAGER_MAX=4096 "$mpinfo" --variables
is "origin of a variable" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=4096 (from the environment; default *"
fails "a wrong variable" 1 "mpinfo: TRIREME_CMA*" env TRIREME_CMA=maybe "$mpinfo"

cat >"$scratch/file" <<'END'
# of this test
EAGER_MAX = 8k
  TRIREME_WAIT=sleep

END
run env TRIREME_FILE="$scratch/file" "$mpinfo" --variables
is "a variable from a file" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=8k (from file $scratch/file:2; default *"
is "another, with its prefix" "$(line_of TRIREME_WAIT)" "TRIREME_WAIT=sleep (from file $scratch/file:3; default *"
run env TRIREME_FILE="$scratch/file" TRIREME_EAGER_MAX=4096 "$mpinfo" --variables
is "the environment counts more" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=4096 (from the environment; *"
mkdir -p "$scratch/home/.config"
echo "EAGER_MAX = 16k" >"$scratch/home/.config/trireme.conf"
run env -u XDG_CONFIG_HOME HOME="$scratch/home" "$mpinfo" --variables
is "the user's own file" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=16k (from file $scratch/home/*:1; *"
run env XDG_CONFIG_HOME="$scratch/home/.config" HOME=/nonexistent "$mpinfo" --variables
is "the user's own file where others are" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=16k (from file $scratch/home/*:1; *"
printf 'WAIT = yield\nWAIT = sleep\n' >"$scratch/file"
run env -u XDG_CONFIG_HOME HOME="$scratch/home" TRIREME_FILE="$scratch/file" "$mpinfo" --variables
is "a file in place of the user's own" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=64k \[*"
is "the later line counts" "$(line_of TRIREME_WAIT)" "TRIREME_WAIT=sleep (from file $scratch/file:2; *"
run env HOME="$scratch/home" TRIREME_FILE= "$mpinfo" --variables
is "no file" "$(line_of TRIREME_EAGER_MAX)" "TRIREME_EAGER_MAX=64k \[*"
wrong_file() { # WHAT PATTERN TEXT
    printf '%s\n' "$3" >"$scratch/file"
    fails "$1" 1 "$2" env TRIREME_FILE="$scratch/file" "$mpinfo"
}
wrong_file "a value that can not be, in a file" "mpinfo: TRIREME_WAIT=often is not one of * (file $scratch/file:1)" "WAIT=often"
wrong_file "no such variable in a file" "mpinfo: $scratch/file:2: there is no variable TRIREME_WEIGHT *" $'#\nWEIGHT = 1'
wrong_file "a file in a file" "mpinfo: $scratch/file:1: a file of variables can not name another: set TRIREME_FILE in the environment" "FILE = $scratch/home/.config/trireme.conf"
wrong_file "a line that is none" "mpinfo: $scratch/file:1: \"WAIT\" is not of the form NAME = VALUE" "WAIT"
fails "no such file" 1 "mpinfo: TRIREME_FILE=$scratch/nothere can not be read: *" \
    env TRIREME_FILE="$scratch/nothere" "$mpinfo"
echo "WAIT = often" >"$scratch/file"
run env TRIREME_FILE="$scratch/file" "$mprun" -n 2 "${DEMO_BIN:-./apps/demo}/ring"
is "a wrong file ends a job" "$code $err" "[1-9]* *TRIREME_WAIT=often is not one of *"

# Stands in for ssh to nodes with a trouble: the real probe answers, but for what is changed on the way.
cat >"$scratch/agent" <<'END'
#!/bin/sh
host=$1
shift
case $host in
unknown*) echo "ssh: Could not resolve hostname $host: Name or service not known" >&2; exit 255 ;;
silent*) exec sleep 1000 ;;
bare*) echo "Welcome to $host"; echo TRIREME-PROBE-MISSING ;;
old*) sh -c "$*" | sed -u 's/^TRIREME-PROBE [^ ]*/TRIREME-PROBE 0.0.9/' ;;
slow*) sh -c "$*" | sed -u 's/^TIME \(.*\)/TIME 4\1/' ;;
alone*) sh -c "$*" | sed -u 's/^\(REACH [0-9]*\) .*/\1 10.9.9.9: Connection refused/' ;;
*) echo "Last login: yesterday"; exec sh -c "$*" ;;
esac
END
chmod +x "$scratch/agent"
check() {
    printf '%s\n' localhost "$@" >"$scratch/hosts"
    run "$mpinfo" --launch-agent "$scratch/agent" --check "$scratch/hosts"
    leaves_nothing "$*"
}
check good1 good2
is "good nodes: exit code" "$code$err" 0
is "good nodes reach each other" "$(grep -c ' 2 of 2$' <<<"$out")" 3
is "good nodes: last line" "$(tail -n 1 <<<"$out")" "3 of 3 nodes are fit"
check unknown1 bare1 old1
is "bad nodes: exit code" "$code" 1
is "unknown host" "$(line_of unknown1)" "unknown1 *cannot be started: ssh: Could not resolve hostname unknown1: *"
is "not installed" "$(line_of bare1)" "bare1 *Trireme is not installed there (no mpinfo)"
is "another version" "$(line_of old1)" "old1 * 0.0.9 *another version than the one here (*)"
is "bad nodes: last line" "$(tail -n 1 <<<"$out")" "1 of 4 nodes are fit"
check slow1 alone1
is "a clock that is off" "$(line_of slow1)" "slow1 *; its clock is off"
is "a node that reaches nobody" "$(line_of alone1)" "alone1 * 0 of 2; does not reach * (10.9.9.9: Connection refused)"
fails "no host file" 2 "mpinfo: *$scratch/nothere*" "$mpinfo" --check "$scratch/nothere"

if command -v ssh >/dev/null && "$vcluster" up --share "$scratch" 3 2>"$scratch/why"; then
    "$vcluster" hosts --slots 2 >"$scratch/hosts"
    run "$vcluster" exec n1 "$mpinfo" --check "$scratch/hosts"
    is "virtual nodes" "$code $(tail -n 1 <<<"$out")" "0 3 of 3 nodes are fit"
else
    echo "skipped: virtual nodes: $(cat "$scratch/why" 2>/dev/null)"
fi
finish
