#!/bin/sh
# test-symbols.sh: the library exports the functions of the ABI, PMPI strong, MPI weak, no others.
# SPDX-License-Identifier: BSD-3-Clause
# usage: test-symbols.sh [LIBRARY [FILE-OF-FURTHER-SYMBOLS]]
here=$(cd "$(dirname "$0")" && pwd) || exit 1
tables=$here/../../src/abi
library=${1:-${TRIREME_LIBRARY:-.libs/libmpi_abi.so}}
further=${2:-/dev/null}
nm=${NM:-nm}
nm=${nm%% -*} # configure's NM may carry options of its own
if [ -z "$(command -v "$nm")" ]; then
    echo "skipped: $nm is not installed"
    exit 77
fi
if [ ! -e "$library" ]; then
    echo "skipped: there is no shared library $library"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

{
    sed 1d "$tables/functions.tsv" | cut -f1 | sed 's/\(.*\)/W \1\nT P\1/'
    grep -v '^#' "$further" | sed 's/^/T /'
} | LC_ALL=C sort >"$work/expected"
"$nm" -D --defined-only "$library" | awk '{ print $(NF - 1), $NF }' | LC_ALL=C sort >"$work/found"

for side in missing:-23 "not of the ABI":-13; do
    LC_ALL=C comm ${side##*:} "$work/expected" "$work/found" >"$work/odd"
    if [ -s "$work/odd" ]; then
        echo "not ok - $(wc -l <"$work/odd") symbols ${side%%:*}, first of them:"
        head -n 10 "$work/odd" | sed 's/^/# /'
        failed=1
    else
        echo "ok - no symbol ${side%%:*}"
    fi
done
strong=$(grep -c '^T PMPI_' "$work/found")
weak=$(grep -c '^W MPI_' "$work/found")
echo "# $strong strong PMPI_, $weak weak MPI_"

if [ -n "$(command -v readelf)" ]; then
    soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
    if [ "$soname" = libmpi_abi.so.1 ]; then
        echo "ok - SONAME is $soname"
    else
        echo "not ok - SONAME is '$soname', not libmpi_abi.so.1"
        failed=1
    fi
fi
exit $failed
