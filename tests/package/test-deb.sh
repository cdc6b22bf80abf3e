#!/bin/bash
# test-deb.sh: builds the Debian package from the distribution, installs it on a system of its own, and uses it.
# SPDX-License-Identifier: BSD-3-Clause
#
# The system is this one's root below an overlay, in namespaces: what is installed there is gone afterwards. Run in the
# top build directory. Skipped where packages can not be built or such a system can not be made.
set -u
export LC_ALL=C
for tool in dpkg-buildpackage dh unshare chroot; do
    command -v $tool >/dev/null || { echo "skipped: no $tool (apt install debhelper dpkg-dev)"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: not root, so that no system can be made for the package"; exit 77; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/package-test.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
failed=0
say() { # WHAT CODE
    if [ "$2" = 0 ]; then echo "ok    $1"; else echo "FAIL  $1"; failed=$((failed + 1)); fi
}

log=$scratch/log
make dist >"$log" 2>&1 && tar -C "$scratch" -xf trireme-*.tar.xz
say "distribution" $?
# Without the options of this build: MAKEFLAGS would tell the package's make of our job server.
(cd "$scratch"/trireme-*/ && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u CFLAGS \
    DEB_BUILD_OPTIONS="parallel=$(nproc) nocheck" dpkg-buildpackage -b -us -uc) >>"$log" 2>&1
say "dpkg-buildpackage" $?
deb=$(echo "$scratch"/trireme_*.deb)
[ -e "$deb" ] || { tail -n 30 "$log"; exit 1; }

cp "$(dirname "$0")/../launch/agent.sh" "$scratch"
cat >"$scratch/hello.c" <<'END'
#include <mpix.h>
#include <stdio.h>
int main(void)
{
    int rank, sum;
    MPI_Init(NULL, NULL);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    printf("rank %d sum %d\n", rank, sum);
    return MPI_Finalize();
}
END
# What is done on the package's system, line by line: WHAT COMMAND.
cat >"$scratch/steps" <<'END'
install               dpkg -i /deb/trireme_*.deb
compile               mpcc -Wall -Werror /deb/hello.c -o /deb/hello
run                   test "$(mprun -n 4 /deb/hello | sort)" = "$(printf 'rank %d sum 6\n' 0 1 2 3)"
the installed library ldd /deb/hello | grep -q "libmpi_abi.so.1 => /\(usr/\)\?lib/"
another node          test "$(mprun --launch-agent /deb/agent.sh -H n1:1,n2:1 /deb/hello | sort)" = "$(printf 'rank %d sum 1\n' 0 1)"
mpsim                 mpsim -n 4 -s 8 bcast
mpinfo                mpinfo | grep -q "^Trireme"
a module              mpinfo | grep -q "^  ofi, between nodes$"
between nodes         TRIREME_TRANSPORTS=self,ofi mprun -n 2 /deb/hello
the other way         TRIREME_TRANSPORTS=self,ucx mprun -n 2 /deb/hello
pkg-config            gcc $(pkg-config --cflags trireme) /deb/hello.c $(pkg-config --libs trireme) -o /deb/hello2
manual pages          man -w mprun mprun mpcc mpinfo mpsim trireme
completion            cd /usr/share/bash-completion/completions && test -e mprun && test -e mpinfo && test -e mpsim
the system's file     echo EAGER_MAX=4k >/etc/trireme.conf; mpinfo --variables | grep -q "^TRIREME_EAGER_MAX=4k (from file /etc/trireme.conf:1;"
the user's before it  echo EAGER_MAX=8k >/deb/trireme.conf; XDG_CONFIG_HOME=/deb mpinfo --variables | grep -q "^TRIREME_EAGER_MAX=8k "
no foreign names      ! dpkg -L trireme | grep -E "/(mpicc|mpirun|mpiexec|mpi-c.pc)$"
removal               dpkg -r trireme
nothing left          ! ls /usr/bin/mprun /usr/bin/mpcc /usr/include/trireme 2>/dev/null
END
cat >"$scratch/system" <<'END'
mount -t tmpfs none "$1/over" && mkdir "$1/over/up" "$1/over/work" "$1/over/root" &&
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/over/up,workdir=$1/over/work" "$1/over/root" || exit 77
root=$1/over/root
mkdir -p "$root/deb"
cp "$1"/*.deb "$1/hello.c" "$1/agent.sh" "$root/deb"
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys"
code=0
while read -r line; do
    what=${line:0:22} command=${line:22}
    if chroot "$root" bash -c "$command" >"$1/step" 2>&1 </dev/null; then
        echo "ok    ${what%"${what##*[! ]}"}"
    else
        echo "FAIL  $what: $command"
        sed 's/^/      | /' "$1/step"
        code=1
    fi
done <"$1/steps"
exit $code
END
mkdir "$scratch/over"
unshare --mount --pid --fork --kill-child bash "$scratch/system" "$scratch"
code=$?
[ $code = 77 ] && { echo "skipped: no overlay on this machine"; [ $failed = 0 ] && exit 77; exit 1; }
say "on a system of its own" $code
[ $failed = 0 ] || { tail -n 30 "$log"; exit 1; }
