# defaults.sh - where launcher, compiler and programs are; sourced. The environment overrides.
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
if [ -z "${MPRUN:-}" ]; then
    MPRUN=mprun
    for candidate in "$PWD/mprun" "$PWD/apps/mprun/mprun"; do
        [ ! -x "$candidate" ] || MPRUN=$candidate
    done
fi
MPCC=${MPCC:-mpcc}
SPMD_BIN=${SPMD_BIN:-$PWD/tests/spmd}
