#!/bin/sh
# test-mpcc.sh: programs are built with an installed mpcc: by hand, CMake, autoconf and pkg-config.
# SPDX-License-Identifier: BSD-3-Clause
# TRIREME_PREFIX names the installation; without it the build tree is installed to a scratch place.
work=$(mktemp -d) || exit 1
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset MPCC_CC LD_LIBRARY_PATH
failed=0

prefix=$TRIREME_PREFIX
if [ -z "$prefix" ]; then
    if [ ! -f Makefile ] || [ ! -f config.status ]; then
        echo "skipped: set TRIREME_PREFIX or run from the build directory"
        exit 77
    fi
    if ! ${MAKE:-make} install DESTDIR="$work/stage" >"$work/log" 2>&1; then
        tail -n 20 "$work/log"
        echo "not ok - make install"
        exit 1
    fi
    prefix=$(dirname "$(dirname "$(find "$work/stage" -name mpcc -perm -100 -type f)")")
fi
mpcc=$prefix/bin/mpcc
if [ ! -x "$mpcc" ]; then
    echo "not ok - there is no $mpcc"
    exit 1
fi

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

has() { [ -n "$(command -v "$1")" ]; }
skip() { echo "ok - $1 # SKIP $2"; }

# A program that calls MPI and works with the library alone, without a launcher.
mkdir "$work/src" && cd "$work/src" || exit 1
cat >hello.c <<'END'
#include <mpi.h>
#include <stdio.h>
#ifndef TEXT
#define TEXT "plain"
#endif
int main(void)
{
    int flag = 1;
    int rc = MPI_Initialized(&flag);
    printf("%s %d\n", TEXT, rc == MPI_SUCCESS && flag == 0);
    return rc != MPI_SUCCESS && rc != MPI_ERR_UNSUPPORTED_OPERATION;
}
END
cat >part.c <<'END'
#include <mpi.h>
int part(void);
int part(void)
{
    int flag;
    return MPI_Initialized(&flag) < 0;
}
END
cat >main.c <<'END'
int part(void);
int main(void)
{
    return part();
}
END
cp hello.c "a name with spaces.c"

# ---- Compiling and linking ----
runs() { "$mpcc" -o prog "$@" && ./prog; }
silent() { "$@" >said 2>&1 && [ ! -s said ]; }
starts_with() { "$@" | grep -q '^hello.o:'; }
has_function() { "$@" | grep -q 'MPI_Initialized'; }
says() { wanted=$1 && shift && "$@" >said && grep -q -e "$wanted" said; }

check "compile and link a program that runs" runs hello.c
check "the library is found by a run path" says "RUNPATH.*$prefix/lib" readelf -d prog
check "-c is silent" silent "$mpcc" -c hello.c
check "link an object" runs hello.o
check "-E" has_function "$mpcc" -E hello.c
check "-S" silent "$mpcc" -S hello.c -o hello.s
check "link an assembler file" runs hello.s
check "-M" starts_with "$mpcc" -M hello.c
check "-MD -c" silent "$mpcc" -MD -c hello.c
check "-fsyntax-only is silent" silent "$mpcc" -fsyntax-only hello.c
check "-r" silent "$mpcc" -r -o both.o hello.o
check "-shared" silent "$mpcc" -shared -fPIC -o libpart.so part.c
check "a shared library needs libmpi_abi" says 'NEEDED.*libmpi_abi.so.1' readelf -d libpart.so
check "link against that library" runs main.c -L. -lpart -Wl,-rpath,"$PWD"
check "-static-libgcc" runs -static-libgcc hello.c
check "a file name with spaces" runs "a name with spaces.c"
check "a definition with spaces" runs '-DTEXT="two words"' hello.c
check "its value arrives" says '^two words ' ./prog
echo '-O2 hello.c' >args.rsp
check "a response file" runs @args.rsp
check "a program on standard input" sh -c '"$0" -x c -o prog - <hello.c && ./prog' "$mpcc"
check "-Werror finds nothing in mpi.h" runs -std=c89 -pedantic -Wall -Wextra -Werror hello.c

# ---- Questions ----
by_hand()
{
    ${CC:-cc} $("$mpcc" -showme:compile) hello.c -o prog $("$mpcc" -showme:link) && ./prog
}
shown() { rm -f prog && "$mpcc" "$1" '-DTEXT="two words"' hello.c -o prog >cmd && [ ! -e prog ]; }
check "-showme:compile and -showme:link" by_hand
for option in -show -showme; do
    check "$option builds nothing" shown $option
    check "a shell builds what $option printed" sh -e cmd
    check "the program is the same" says '^two words ' ./prog
done
check "-showme:incdirs" says "^$prefix/include\$" "$mpcc" -showme:incdirs
check "-showme:libdirs" says "^$prefix/lib" "$mpcc" -showme:libdirs
check "-showme:libs" says '^mpi_abi$' "$mpcc" -showme:libs
check "-showme:version" says '^mpcc: Trireme [0-9]' "$mpcc" -showme:version
check "-compile-info" says "-I$prefix/include" "$mpcc" -compile-info
check "-link-info" says '-lmpi_abi' "$mpcc" -link-info
check "-show -c has no libraries" says 'hello.c$' "$mpcc" -show -c hello.c
check "--help" says '^usage: mpcc ' "$mpcc" --help
"${CC:-cc}" --version >compiler-version 2>/dev/null
check "--version is the compiler's" env MPCC_CC="${CC:-cc}" "$mpcc" --version
check "-v alone links nothing" "$mpcc" -v
if [ -e "$prefix/bin/mpicc" ]; then
    check "mpicc is the same" "$prefix/bin/mpicc" -o prog hello.c
else
    skip "mpicc" "installed without aliases"
fi

# ---- MPCC_CC ----
cat >"log cc" <<'END'
#!/bin/sh
for word; do echo "<$word>"; done
END
chmod +x "log cc"
check "MPCC_CC with arguments" env MPCC_CC="env X=1 ${CC:-cc} -O1" "$mpcc" -o prog hello.c
check "MPCC_CC with a quoted space" says '^<first  word>$' \
    env MPCC_CC="'./log cc' 'first  word'" "$mpcc" -c x.c
check "every word arrives as it was" says '^<-DX=a "b" $c>$' \
    env MPCC_CC="'./log cc'" "$mpcc" '-DX=a "b" $c'

# fails WORDS COMMAND...: ends with a failure and one line with these words.
fails()
{
    wanted=$1 && shift
    ! "$@" 2>said && [ "$(wc -l <said)" -eq 1 ] && grep -q -e "$wanted" said
}
check "a missing compiler is named" fails "'no-such-cc'.*MPCC_CC" env MPCC_CC=no-such-cc "$mpcc" x.c
check "mpcc is not its own compiler" fails 'is mpcc itself' env MPCC_CC="$mpcc" "$mpcc" x.c
check "an open quote is reported" fails 'quote' env MPCC_CC="gcc 'x" "$mpcc" x.c
check "an unknown question is reported" fails '-showme:what' "$mpcc" -showme:what
check "a compiler's failure is passed on" sh -c '! "$0" -c none.c' "$mpcc"
full() { "$mpcc" -show >/dev/full; }
[ -e /dev/full ] && check "a full standard output is reported" fails 'standard output' full

# ---- A moved installation ----
there="$work/moved to, here"
mkdir "$there" && cp -R "$prefix/bin" "$prefix/include" "$prefix/lib" "$there"
moved=$there/bin/mpcc
check "a moved installation is used" says "$there/include" "$moved" -showme:incdirs
check "it builds" "$moved" -o prog hello.c
check "and runs" ./prog
ln -s "$moved" "$work/src/link-to-mpcc"
check "through a symbolic link too" says "$there/lib" ./link-to-mpcc -showme:libdirs

# ---- pkg-config ----
pc=$(find "$prefix" -name mpi-c.pc | head -n 1)
with_pc()
{
    flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-prefix --cflags --libs mpi-c) &&
        ${CC:-cc} -o prog hello.c $flags && LD_LIBRARY_PATH=$prefix/lib ./prog
}
if [ -z "$pc" ] || ! has pkg-config; then
    skip "pkg-config" "mpi-c.pc or pkg-config is not installed"
else
    check "mpi-c.pc" with_pc
fi

# ---- CMake ----
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(hello C)
find_package(MPI REQUIRED COMPONENTS C)
add_executable(hello hello.c)
target_link_libraries(hello MPI::MPI_C)
END
cmake_project()
{
    rm -rf cmake && cmake -S . -B cmake "$@" && cmake --build cmake && ./cmake/hello &&
        grep -q "^MPI_C_COMPILER:.*$prefix" cmake/CMakeCache.txt &&
        readelf -d cmake/hello | grep -q libmpi_abi
}
on_path() { (PATH=$prefix/bin:$PATH && "$@"); }
if ! has cmake; then
    skip "CMake" "cmake is not installed"
else
    check "CMake: MPI_C_COMPILER=mpcc" cmake_project -DMPI_C_COMPILER="$mpcc"
    check "CMake: CC=mpcc" env CC="$mpcc" sh -c 'cmake -S . -B cmake-cc && cmake --build cmake-cc'
    check "its program runs" ./cmake-cc/hello
    # CMake looks for mpiexec first, and then for mpicc beside it.
    if [ -e "$prefix/bin/mpicc" ] && [ -e "$prefix/bin/mpiexec" ]; then
        check "CMake: mpicc on the path" on_path cmake_project
    fi
fi

# ---- autoconf ----
cat >configure.ac <<'END'
AC_INIT([hello], [1])
AC_PROG_CC
AC_CHECK_HEADER([mpi.h], [], [AC_MSG_ERROR([no mpi.h])])
AC_CHECK_FUNC([MPI_Send], [], [AC_MSG_ERROR([no MPI_Send])])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
END
printf 'hello: hello.o\n\t@CC@ @LDFLAGS@ -o $@ hello.o\n.c.o:\n\t@CC@ @CFLAGS@ -c $<\n' >Makefile.in
autoconf_project()
{
    rm -f hello.o && autoconf && CC=$mpcc ./configure && ${MAKE:-make} hello && ./hello
}
if ! has autoconf; then
    skip "autoconf" "autoconf is not installed"
else
    check "CC=mpcc ./configure" autoconf_project
fi
exit $failed
