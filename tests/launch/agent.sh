#!/bin/sh
# agent.sh: stands in for ssh: runs the command here, in a session of its own. Some host names
# stand for hosts with a trouble.
# SPDX-License-Identifier: BSD-3-Clause
host=$1
shift
case $host in
unknown*)
    echo "ssh: Could not resolve hostname $host: Name or service not known" >&2
    exit 255
    ;;
noisy*)
    echo "Welcome to $host"
    echo "You have mail" >&2
    printf 'prompt without end> '
    ;;
silent*) exec sleep 1000 ;;
old*)
    echo "TRIREME-MPRUND-READY 0"
    exec sleep 1000
    ;;
bare*) # no Trireme there
    PATH=/usr/bin:/bin
    set -- "$(echo "$*" | sed 's#"[^"]*/mprund"#"/nonexistent/mprund"#g')"
    ;;
esac
exec setsid -w sh -c "$*"
