# defaults.sh - where launcher, compiler and programs are; sourced. The environment overrides.
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
if [ -z "${MPRUN:-}" ]; then
    MPRUN=mprun
    for candidate in "$PWD/mprun" "$PWD/apps/mprun/mprun"; do
        [ ! -x "$candidate" ] || MPRUN=$candidate
    done
    # A library that is not installed yet finds its modules here.
    if [ -z "${TRIREME_MODULE_DIR:-}" ] && [ -d "$PWD/.libs" ]; then
        export TRIREME_MODULE_DIR=$PWD/.libs
    fi
fi
MPCC=${MPCC:-mpcc}
SPMD_BIN=${SPMD_BIN:-$PWD/tests/spmd}
