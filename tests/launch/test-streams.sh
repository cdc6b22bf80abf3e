#!/bin/bash
# test-streams.sh: stdin, stdout and stderr of ranks, on this node and through a daemon.
# SPDX-License-Identifier: BSD-3-Clause
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
seq 1 200000 >"$scratch/big"
sum=$(md5sum <"$scratch/big")
nothing=$(md5sum </dev/null)

# stdin, each as a file, a pipe and nothing at all
for where in "" "--launch-agent $agent -H nodeA:2"; do
    # shellcheck disable=SC2086
    start=("$mprun" $where -n 2)
    name="stdin${where:+ through a daemon}"
    got=$(timeout 30 "${start[@]}" md5sum <"$scratch/big" | sort)
    is "$name, a file" "$got" "$(printf '%s\n' "$sum" "$nothing" | sort)"
    got=$(cat "$scratch/big" | timeout 30 "${start[@]}" md5sum | sort)
    is "$name, a pipe" "$got" "$(printf '%s\n' "$sum" "$nothing" | sort)"
    got=$(timeout 30 "${start[@]}" md5sum </dev/null | sort)
    is "$name, empty" "$got" "$(printf '%s\n' "$nothing" "$nothing" | sort)"
    left=$(cat "$scratch/big" | { timeout 30 "${start[@]}" true; sleep 0.2; wc -c; })
    [ "$left" -gt $(($(wc -c <"$scratch/big") - 32768)) ] && verdict=kept || verdict="only $left left"
    is "$name that nobody reads stays" "$verdict" kept
    got=$( (echo a; sleep 0.3; echo b) | timeout 30 "${start[@]}" sh -c 'while read x; do echo "$PMIX_RANK $x"; done')
    is "$name, slowly" "$got" $'0 a\n0 b'
    # A rank that closes its stdin early must not end the job.
    got=$(yes 2>/dev/null | timeout 30 "${start[@]}" sh -c 'head -1; exec <&-; sleep 0.2'; echo "${PIPESTATUS[1]}")
    is "$name, closed early" "$got" $'y\n0'

    name="output${where:+ through a daemon}"
    timeout 60 "${start[@]}" sh -c \
        'i=0; while [ $i -lt 5000 ]; do echo "rank $PMIX_RANK line $i ................................."; i=$((i+1)); done' \
        >"$scratch/out"
    is "$name: all lines" "$(wc -l <"$scratch/out")" 10000
    is "$name: whole lines" "$(grep -vcE '^rank [01] line [0-9]+ \.{33}$' "$scratch/out")" 0
    for rank in 0 1; do
        is "$name: order of rank $rank" \
            "$(grep "^rank $rank" "$scratch/out" | cut -d' ' -f4 | cksum)" "$(seq 0 4999 | cksum)"
    done
    # Lines in pieces with pauses between them.
    timeout 60 "${start[@]}" sh -c \
        'for i in 1 2 3; do for j in 1 2 3 4; do printf "$PMIX_RANK$PMIX_RANK"; sleep 0.02; done; echo; done' \
        >"$scratch/out"
    is "$name: lines in pieces" "$(sort "$scratch/out" | uniq -c | tr -s ' ' | tr '\n' ',')" \
        " 3 00000000, 3 11111111,"
    timeout 60 "${start[@]}" sh -c \
        'head -c 1000000 /dev/zero | tr "\0" $PMIX_RANK; echo' >"$scratch/out"
    is "$name: very long lines" \
        "$(awk '{print length($0), gsub(/0/, ""), gsub(/1/, "")}' "$scratch/out" | sort | tr '\n' ,)" \
        "1000000 0 1000000,1000000 1000000 0,"
    run "${start[@]}" sh -c 'printf "end $PMIX_RANK"; printf "error $PMIX_RANK" >&2'
    is "$name: unfinished last lines" "$(sort <<<"$out" | tr '\n' ,)$(sort <<<"$err" | tr '\n' ,)" \
        "end 0,end 1,error 0,error 1,"
    # A slow reader: nothing is lost, and mprun does not hoard.
    timeout 60 "${start[@]}" sh -c 'head -c 30000000 /dev/zero | tr "\0" "x" | fold -w 99' \
        2>/dev/null | { sleep 0.5; ps -o rss= -C "$(basename "$mprun")" | sort -n | tail -1 >"$scratch/rss"
                        wc -c; } >"$scratch/out"
    # The newline more stands between the two last lines, which have none.
    is "$name: a slow reader loses nothing" "$(<"$scratch/out")" "$((2 * (30000000 + 303030) + 1))"
    [ "$(<"$scratch/rss")" -lt 100000 ] && verdict=small || verdict="$(<"$scratch/rss") KiB"
    is "$name: a slow reader costs no memory" "$verdict" small

    timeout 30 "${start[@]}" yes 2>"$scratch/err" | head -1 >"$scratch/out"
    is "$name closed: exit code" "${PIPESTATUS[0]}" 141
    is "$name closed: message" "$(<"$scratch/err")" \
        "mprun: standard output was closed, the job is ended"
    leaves_nothing "$name closed"

    # A reader that does not read must not hold up the end of a job that failed.
    rm -f "$scratch/ended"
    { timeout 30 "${start[@]}" sh -c '[ $PMIX_RANK = 0 ] && { sleep 0.5; exit 3; }; yes' 2>"$scratch/err"
      echo $? >"$scratch/ended"; } | {
        tries=0
        while [ ! -s "$scratch/ended" ] && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
        cat "$scratch/ended" >"$scratch/seen" 2>&1; }
    is "$name that nobody reads, job failed" "$(<"$scratch/seen") $(<"$scratch/err")" \
        "3 mprun: rank 0 on node * exited with code 3"
    leaves_nothing "$name that nobody reads"

    # At a terminal a question appears before the answer is there.
    if command -v script >/dev/null; then
        got=$({ tries=0
                while ! grep -q name "$scratch/tty" 2>/dev/null && [ $tries -lt 100 ]; do
                    sleep 0.1; tries=$((tries + 1)); done
                echo answer; sleep 0.3; } |
            timeout 30 script -qfec "${start[*]} sh -c '[ \$PMIX_RANK = 0 ] || exit 0; printf name:; read x; echo got \$x'" \
                "$scratch/tty" | tr -d '\r' | tail -n 1)
        is "$name, a prompt" "$(grep -c 'got answer' <<<"$got") $(grep -c '^name:' "$scratch/tty")" "1 1"
        rm -f "$scratch/tty"
    fi
done
# shellcheck disable=SC2024
timeout 30 "$mprun" -n 1 yes >/dev/full 2>"$scratch/err"
is "a full disk" "$? $(<"$scratch/err")" "1 mprun: cannot write to standard output: *"
run "$mprun" -n 2 sh -c 'sleep 5 & echo done'
is "a child with our stdout does not hold up the end" "$code $out" $'0 done\ndone'
leaves_nothing "all of these"
finish
