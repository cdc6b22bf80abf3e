# common.sh: what the launcher's tests share; sourced by them.
# SPDX-License-Identifier: BSD-3-Clause
#
# Environment: MPRUN, the launcher (default: ./apps/mprun/mprun); LAUNCH_BIN, where pmixjob is (default:
# ./tests/launch). Run in the top build directory.
set -u
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mprun=$(readlink -f "${MPRUN:-./apps/mprun/mprun}")
pmixjob=$(readlink -f "${LAUNCH_BIN:-./tests/launch}")/pmixjob
agent=$here/agent.sh
[ -x "$mprun" ] || { echo "no launcher $mprun"; exit 99; }
[ -x "$pmixjob" ] || { echo "no program $pmixjob"; exit 99; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/launch-test.XXXXXX") || exit 99
vcluster=$here/../cluster/vcluster
export VCLUSTER_DIR=$scratch/cluster
clean_up() {
    [ ! -d "$VCLUSTER_DIR" ] || "$vcluster" down 2>/dev/null
    rm -rf "$scratch"
}
# Not in subshells: those that are killed run this trap as well.
trap '[ "$BASHPID" = "$$" ] && clean_up' EXIT
# Modules of the tree that is tested, and not of what may be installed.
[ ! -e "$PWD/.libs" ] || export TRIREME_MODULE_DIR=${TRIREME_MODULE_DIR:-$PWD/.libs}
failed=0
# A word in every environment below here, by which processes that stayed behind are found.
export LAUNCH_TEST_MARK=launch-test-$$-$RANDOM

good() { echo "ok    $1"; }
bad() {
    echo "FAIL  $1"
    shift
    printf '      | %s\n' "$@"
    failed=$((failed + 1))
}

# is WHAT GOT WANTED: WANTED may be a pattern.
is() {
    # shellcheck disable=SC2053
    if [[ $2 == $3 ]]; then good "$1"; else bad "$1" "wanted: $3" "got:    $2"; fi
}

# run COMMAND...: sets code, out and err. Whatever happens it ends within 30 s.
run() {
    timeout -k 5 30 "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
    out=$(<"$scratch/out")
    err=$(<"$scratch/err")
}

# fails WHAT CODE PATTERN COMMAND...: the exit code, and one line on stderr that fits.
fails() {
    local what=$1 wanted=$2 pattern=$3
    shift 3
    run "$@"
    is "$what: exit code" "$code" "$wanted"
    is "$what: message" "$err" "$pattern"
    is "$what: one line" "$(grep -c . "$scratch/err")" 1
    leaves_nothing "$what"
}

# The processes of this test that are still there, but for its own shells and those given.
leftovers() {
    local dir pid
    for dir in /proc/[0-9]*; do
        pid=${dir#/proc/}
        { tr '\0' '\n' <"$dir/environ"; } 2>/dev/null | grep -q "^LAUNCH_TEST_MARK=$LAUNCH_TEST_MARK\$" ||
            continue
        [ "$pid" = "$$" ] || [ "$pid" = "$BASHPID" ] && continue
        { grep -q mprun "$dir/cmdline" || grep -q '^PMIX_RANK=' <(tr '\0' '\n' <"$dir/environ"); } \
            2>/dev/null && echo "$pid $(tr '\0' ' ' <"$dir/cmdline" 2>/dev/null)"
    done
}

# cluster_up N: virtual nodes n1 to nN with ssh, which see the scratch folder and end with the test; where they can not be
# had the test is skipped.
cluster_up() {
    command -v ssh >/dev/null || { echo "skipped: no ssh"; exit 77; }
    "$vcluster" up --share "$scratch" "$1" 2>"$scratch/why"
    code=$?
    [ $code = 0 ] || { cat "$scratch/why"; exit $code; }
}

leaves_nothing() {
    local left
    left=$(leftovers)
    # What was killed a moment ago may need that moment.
    [ -z "$left" ] || { sleep 0.5; left=$(leftovers); }
    is "$1: no process stays" "$left" ""
}

finish() {
    [ $failed = 0 ] || { echo "$failed checks failed"; exit 1; }
    exit 0
}
