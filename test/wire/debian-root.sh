#!/bin/sh
# Prints the path of a root file system of a Debian release with the servers in it; makes it where it is not there yet.
#   debian-root.sh RELEASE
# Exit status: 0 it is there, 3 debootstrap or its release cannot be had here; says why.
set -eu

release=$1
PATH=$PATH:/usr/sbin:/sbin
# What the tests start and use in it.
tests=$(dirname "$0")/..
packages=$(sed -n 's/.*"package": "\([^"]*\)".*/\1,/p' "$tests/servers.json" "$tests/systems.json" | tr -d '\n')curl,docker-compose,iproute2,libatomic1,libnginx-mod-stream,libsasl2-modules,libstdc++6,mount,openssl,perl,python3-systemd,sslscan
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/mailcow-proxy-tests
# What another version of this script has made is not taken for this one's.
root=$cache/$release-$({ cat "$0" && echo "$packages"; } | cksum | cut -d' ' -f1)
mkdir -p "$cache"
# Another run may be making it just now.
exec 9>"$cache/lock"
flock 9
[ -d "$root" ] || {
    if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
        echo "debootstrap is missing; install it, for example with: sudo apt-get install debootstrap" >&2
        exit 3
    fi
    # The mirror that this machine's own packages come from, where it is Debian; debootstrap knows one for elsewhere.
    mirror=
    # shellcheck source=/dev/null
    if [ "$(. /etc/os-release && echo "$ID")" = debian ]; then
        codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
        # shellcheck disable=SC2016 # apt-get's own placeholders
        mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME)' "Created-By: Packages" | sed -n "s/ $codename\$//p" | head -n 1)
    fi
    echo "Making a root file system of Debian $release" >&2
    rm -rf "$root.part"
    if ! debootstrap --variant=minbase --include="$packages" "$release" "$root.part" ${mirror:+"$mirror"} >"$root.log" 2>&1; then
        tail -n 5 "$root.log" >&2
        rm -rf "$root.part"
        exit 3
    fi
    rm -rf "$root.part"/var/cache/apt/archives/*.deb "$root.part"/var/lib/apt/lists/*
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root.part/etc/hosts"
    # It is mounted read-only, so what is mounted into it has its place already, outside what the tests lay over it.
    mkdir -p "$root.part/project" "$root.part/results"
    : >"$root.part/node"
    mv "$root.part" "$root"
}
echo "$root"
