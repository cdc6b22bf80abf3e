#!/bin/sh
# test-header.sh: mpi.h is what the tables say and compiles as C89, C17 and C++ without a warning.
# SPDX-License-Identifier: BSD-3-Clause
# usage: test-header.sh [DIRECTORY-OF-MPI.H]; CC and CXX choose the compilers.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
top=$(cd "$here/../.." && pwd) || exit 1
include=${1:-$top/include}
perl=${PERL:-perl}
cxx=${CXX:-g++}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

# check WHAT COMMAND...: one line, and what the command said if it failed.
check()
{
    what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        sed 's/^/# /' "$work/log" | head -n 20
        failed=1
    fi
}

strict="-pedantic -Wall -Wextra -Werror -fsyntax-only"
printf '#include <mpi.h>\n#include <mpix.h>\nint main(void) { return 0; }\n' >"$work/use.c"
cp "$work/use.c" "$work/use.cc"

$perl "$top/src/abi/gen-header.pl" "$top/src/abi" >"$work/mpi.h"
check "mpi.h is what gen-header.pl writes" cmp "$work/mpi.h" "$include/mpi.h"
for standard in c89 c99 c11 c17; do
    check "$standard" ${CC:-cc} -std=$standard $strict -I"$include" "$work/use.c"
done
$perl "$here/gen-check.pl" "$top/src/abi" c >"$work/check.c"
check "types and signatures in C" \
    ${CC:-cc} -std=c11 -Wall -Werror -fsyntax-only -I"$include" "$work/check.c"

if [ -z "$(command -v ${cxx%% *})" ]; then
    echo "ok - C++ # SKIP no C++ compiler ($cxx)"
else
    for standard in c++98 c++11 c++17 c++20; do
        check "$standard" $cxx -std=$standard $strict -I"$include" "$work/use.cc"
    done
    $perl "$here/gen-check.pl" "$top/src/abi" c++ >"$work/check.cc"
    check "types and signatures in C++" \
        $cxx -std=c++11 -Wall -Werror -fsyntax-only -I"$include" "$work/check.cc"
fi
exit $failed
