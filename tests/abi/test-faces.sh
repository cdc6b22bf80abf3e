#!/bin/sh
# test-faces.sh: gen-faces.pl makes both faces of sample implementations, and refuses wrong ones.
# SPDX-License-Identifier: BSD-3-Clause
here=$(cd "$(dirname "$0")" && pwd) || exit 1
top=$(cd "$here/../.." && pwd) || exit 1
perl=${PERL:-perl}
cc=${CC:-cc}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

result()
{
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        sed 's/^/# /' "$work/log" | head -n 20
        failed=1
    fi
}

generate()
{
    $perl "$top/src/abi/gen-faces.pl" --tables "$top/src/abi" --out "$work" "$@" >"$work/log" 2>&1
}

generate "$here/sample/sample.c"
result $? "generated from samples"
flags="-std=gnu17 -fPIC -fvisibility=hidden -Wall -Wextra -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wvla -Werror"
$cc $flags -I"$top/include" -I"$here/sample" -I"$work" -shared -o "$work/libmpi_abi.so.1" \
    -Wl,-soname,libmpi_abi.so.1 -Wl,--version-script="$work/libmpi_abi.map" \
    "$work/faces.c" "$work/function_table.c" "$here/sample/sample.c" >"$work/log" 2>&1
result $? "compiled without a warning"
"$here/test-symbols.sh" "$work/libmpi_abi.so.1" >"$work/log"
result $? "the symbols are those of the ABI"
$cc -I"$top/include" -o "$work/use" "$here/sample/use.c" "$work/libmpi_abi.so.1" \
    -Wl,-rpath,"$work" >"$work/log" 2>&1
result $? "linked a program"
"$work/use" >"$work/said" 2>&1
diff "$here/sample/expected.txt" "$work/said" >"$work/log"
result $? "arguments and results are converted"

real=$(grep -c ', 1}' "$work/function_table.c")
[ "$real" -eq 22 ]
result $? "the table counts 22 real functions (found $real)"
touch -d '2001-01-01' "$work/faces.c"
generate "$here/sample/sample.c"
[ "$(find "$work/faces.c" -newermt '2002-01-01' | wc -l)" -eq 0 ]
result $? "an output that would not change is left alone"
echo MPIX_Example >"$work/extra"
generate --extra "$work/extra" "$here/sample/sample.c"
grep -q '^    MPIX_Example;$' "$work/libmpi_abi.map"
result $? "further symbols are exported"

# refuse LINE WORDS: the generator fails on this line and says the words.
refuse()
{
    echo "$1" >"$work/wrong.c"
    ! generate "$here/sample/sample.c" "$work/wrong.c" && grep -q "wrong.c:1: .*$2" "$work/log" &&
        [ "$(wc -l <"$work/log")" -eq 1 ]
    result $? "refused: $1"
}
refuse 'TRI_API(Sned)(void)' 'no function of the ABI'
refuse 'TRI_API(Recv_c)(void)' 'shares the implementation of MPI_Recv'
refuse 'TRI_API(Send)(void)' 'already implemented'
refuse 'TRI_API(Wtick)(void)' 'TRI_API_VALUE(double, Wtick)'
refuse 'TRI_API_VALUE(int, Wtick)(void)' 'TRI_API_VALUE(double, Wtick)'
refuse 'TRI_API_FORM(Barrier)(bool large)' 'has one form only'
refuse 'TRI_API_LATER(Recv)(void)' 'expected TRI_API'
exit $failed
