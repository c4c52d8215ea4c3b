#!/bin/sh
# Brings the servers that the tests start, and what checks and runs scripts, from the distribution's packages, where they are missing.
# Then it brings the current versions of servers, from Python's wheels.
#   servers.sh [ansible] [systems] [COMMAND:PACKAGE …]
# `ansible` is what the tests of the collection need, `systems` what those of mailcow's host need. Exit status: 0 all packages are
# here, 3 some are not and cannot be brought; says which and how. A current version that cannot be had does not count, since the tests go on without it and say so.
set -eu

PATH=$PATH:/usr/sbin:/sbin
ansible=
if [ "${1-}" = ansible ]; then
    shift
    ansible="ansible-playbook:ansible-core ansible-lint:ansible-lint yamllint:yamllint"
fi
tests=$(dirname "$0")
list=$tests/servers.json
if [ "${1-}" = systems ]; then
    shift
    list="$list $tests/systems.json"
fi
# A helper or a module, which is not in PATH, has its path there instead of its command.
has() {
    case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}
# shellcheck disable=SC2086 # a list of files
servers=$(sed -n 's/.*"program": "\([^"]*\)", "package": "\([^"]*\)".*/\1:\2/p' $list)
missing=
for pair in $servers $ansible openssl:openssl curl:curl git:git patch:patch ip:iproute2 debootstrap:debootstrap unshare:util-linux nft:nftables /usr/lib/nginx/modules/ngx_stream_module.so:libnginx-mod-stream jq:jq sslscan:sslscan shellcheck:shellcheck systemd-analyze:systemd certbot:certbot pebble:pebble pre-commit:pre-commit setpriv:util-linux sshd:openssh-server ssh:openssh-client nsenter:util-linux zsh:zsh fish:fish script:bsdutils "$@"; do
    has "${pair%%:*}" || missing="$missing ${pair#*:}"
done
# Postfix logs in with a module, which has no command either.
case $list in
*systems.json) ls /usr/lib/*/sasl2/libplain.so >/dev/null 2>&1 || missing="$missing libsasl2-modules" ;;
esac
# The module for virtual environments has no command.
venv=
python3 -c 'import ensurepip' 2>/dev/null || venv=" python3-venv"
can_install=
[ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null || can_install=yes
if [ -z "$missing${can_install:+$venv}" ]; then
    node "$tests/current-servers.js"
    exit 0
fi

if [ -z "$can_install" ]; then
    echo "The tests start real servers, and these packages are missing:$missing" >&2
    echo "Install them, for example with: sudo apt-get install --no-install-recommends$missing" >&2
    exit 3
fi

echo "The tests need these packages, which are installed now:$missing$venv" >&2
# Packages of servers start them; the tests want them installed, not running on this machine's ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi

# Seconds to wait for another apt-get: a fresh Debian's unattended-upgrades may be at work.
patience=900
apt() {
    LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout="$patience" -qq "$@"
}

# apt-get itself waits for dpkg's lock, and not for that of the package lists.
waited=0
until said=$(apt update 2>&1); do
    case $said in
    *"Could not get lock"*) ;;
    *) waited=$patience ;;
    esac
    if [ "$waited" -ge "$patience" ]; then
        echo "$said" >&2
        exit 3
    fi
    [ "$waited" -gt 0 ] || echo "Waiting for another apt-get" >&2
    sleep 5
    waited=$((waited + 5))
done
# shellcheck disable=SC2086 # a list of packages
apt install -y --no-install-recommends $missing $venv >/dev/null || exit 3
node "$tests/current-servers.js"
