#!/bin/bash
# test-options.sh: options about streams, files of programs and variables, on this node and others.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$scratch" || exit 99
seq 1 50000 >"$scratch/big"
sum=$(md5sum <"$scratch/big")
nothing=$(md5sum </dev/null)
echo_input='echo "$PMIX_RANK $(md5sum)"'

for where in "" "--launch-agent $agent -H nodeA:2,nodeB:1,nodeC:1 --fanout 1"; do
    # shellcheck disable=SC2086
    start=("$mprun" $where -n 4)
    name=${where:+, remote}
    for reader in 0 2 3 all none; do
        wanted=$(for rank in 0 1 2 3; do
            case $reader in $rank | all) echo "$rank $sum" ;; *) echo "$rank $nothing" ;; esac
        done)
        got=$(cat "$scratch/big" | timeout 30 "${start[@]}" --stdin $reader sh -c "$echo_input" | sort)
        is "--stdin $reader$name" "$got" "$wanted"
    done
    got=$(yes 2>/dev/null | timeout 30 "${start[@]}" --stdin all sh -c '
        [ $PMIX_RANK = 1 ] && exit; head -c 300000 | wc -c' | sort)
    is "--stdin all, ranks that stop to read$name" "$got" $'300000\n300000\n300000'
    left=$(cat "$scratch/big" | { timeout 30 "${start[@]}" --stdin all sh -c '[ $PMIX_RANK = 1 ] && sleep 0.2; exec <&-'
                                  sleep 0.2; wc -c; })
    [ "$left" -gt $(($(wc -c <"$scratch/big") - 65536)) ] && verdict=kept || verdict="only $left left"
    is "--stdin all that nobody reads stays$name" "$verdict" kept
    fails "--stdin with no such rank$name" 2 "mprun: option --stdin: there is no rank 4, only 4 ranks" \
        "${start[@]}" --stdin 4 true

    run "${start[@]}" --output-dir "$scratch/logs" sh -c 'echo "out $PMIX_RANK"; echo "err $PMIX_RANK" >&2; printf end'
    is "--output-dir: nothing else$name" "$code $out $err" "0  "
    is "--output-dir: files$name" "$(cd "$scratch/logs" && grep . * | sort)" \
        "$(for r in 0 1 2 3; do printf '%s\n' "rank.$r.err:err $r" "rank.$r.out:end" "rank.$r.out:out $r"; done | sort)"
    run "${start[@]}" --output-dir "$scratch/logs" --tag-output true
    is "--output-dir: files begin anew$name" "$(cat "$scratch"/logs/* | wc -c)" 0
    fails "--output-dir that cannot be made$name" 1 \
        "mprun: option --output-dir: cannot make the directory $scratch/no/where: No such file or directory" \
        "${start[@]}" --output-dir "$scratch/no/where" true
    run "${start[@]}" --timestamp-output --tag-output echo a b
    stamp='[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]'
    is "--timestamp-output$name" "$(sort -k2 <<<"$out" | tr '\n' ' ')" \
        "$stamp [[]0] a b $stamp [[]1] a b $stamp [[]2] a b $stamp [[]3] a b "
done
fails "--output-dir on a full disk" 1 "mprun: option --output-dir: cannot write */rank.0.out: No space left on device" \
    bash -c 'mkdir -p "$1" && ln -sf /dev/full "$1/rank.0.out" && shift && "$@"' - "$scratch/full" \
    "$mprun" -n 1 --output-dir "$scratch/full" echo text

cat >vars <<'END'
# comment
ONE=1

TWO=a "b" c=d
GIVEN
END
export GIVEN=outside
run "$mprun" -n 1 --env-file vars sh -c 'echo "$ONE,$TWO,$GIVEN"'
is "--env-file" "$out" '1,a "b" c=d,outside'
run "$mprun" --launch-agent "$agent" -H nodeA:1 --env-file vars sh -c 'echo "$ONE,$TWO,$GIVEN"'
is "--env-file, remote" "$out" '1,a "b" c=d,outside'
printf 'ONE=1\nNOT SET=2\n' >vars
fails "--env-file with a bad line" 2 "mprun: vars:2: expected VAR=VALUE*" "$mprun" --env-file vars true
fails "--env-file that is not there" 2 "mprun: cannot read none: No such file or directory" \
    "$mprun" --env-file none true

cat >apps <<'END'
# programs
-n 2 -x WHO="the workers" sh -c 'echo "$PMIX_RANK $WHO $HUE"'
-n 1 -x WHO=master -x HUE=red sh -c 'echo "$PMIX_RANK $WHO $HUE"' : -n 1 echo colon
END
run "$mprun" -x HUE=blue --app apps
is "--app" "$(sort <<<"$out")" $'0 the workers blue\n1 the workers blue\n2 master red\ncolon'
run "$mprun" --app apps : -n 1 echo more
is "--app and a program" "$(sort <<<"$out" | tail -n 2 | tr '\n' ' ')" "colon more "
fails "--app with a program of its own" 2 "mprun: option --app: the file apps takes the place of a program" \
    "$mprun" --app apps echo
printf -- '-n 1 true\n-n 1\n' >apps
fails "--app with a line without a program" 2 "mprun: no program after \":\"; *" "$mprun" --app apps
printf -- '-n 1 $(true)\n' >apps
fails "--app with a line that is no command" 2 "mprun: apps:1: cannot be read as words *" "$mprun" --app apps
printf '# nothing\n' >apps
fails "--app with nothing in it" 2 "mprun: option --app: the file names no program" "$mprun" --app apps

# Trireme in another place on the other nodes.
mkdir -p there/bin && cp "$(dirname "$mprun")/mprund" there/bin/
run "$mprun" -v --launch-agent "$agent" --prefix "$scratch/there" -H nodeA:1 sh -c \
    'echo "$PATH|$LD_LIBRARY_PATH|$(tr "\0" " " </proc/$PPID/cmdline)"'
is "--prefix" "$out" "$scratch/there/bin:*|$scratch/there/lib*|$scratch/there/bin/mprund "
fails "--prefix that is relative" 2 "mprun: option --prefix: \"there\" is not an absolute path*" \
    "$mprun" --prefix there true
leaves_nothing "all of these"
finish
