#!/bin/sh
# Stands in for ssh: its last two arguments are a machine, which $MACHINES has the process of, and a command to run there.
set -eu
while [ $# -gt 2 ]; do shift; done
process=$(cat "$MACHINES/$1")
exec nsenter --target "$process" --mount --net --pid="/proc/$process/ns/pid_for_children" --wd=/root \
    env -i HOME=/root USER=root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c "$2"
