#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Check that the Debian packages for the named purposes are installed, and install what is missing.
#
#   need-packages.sh check PURPOSE...     one line and exit status 1 if something is missing
#   need-packages.sh install PURPOSE...   installs it, as root or with sudo, and says so
#
# Purposes: build, guests, run, test.
set -eu

build="clang lld llvm meson ninja-build make gcc libc6-dev pkg-config libcmocka-dev libfdt-dev
       zlib1g-dev device-tree-compiler python3"
guests="apt dpkg gzip xz-utils python3 debian-archive-keyring"
run="qemu-system-arm device-tree-compiler gzip"
test="python3-pytest python3-pytest-xdist python3-pexpect clang-format clang-tidy git
      device-tree-compiler qemu-efi-aarch64 u-boot-qemu"

die() { echo "bulkhead: $*" >&2; exit 1; }

[ $# -ge 2 ] || die "usage: need-packages.sh check|install build|guests|run|test..."
verb=$1
shift

wanted=
for purpose in "$@"; do
    case $purpose in
    build) wanted="$wanted $build" ;;
    guests) wanted="$wanted $guests" ;;
    run) wanted="$wanted $run" ;;
    test) wanted="$wanted $test" ;;
    *) die "need-packages.sh knows no purpose \"$purpose\"" ;;
    esac
done

# Elsewhere than on Debian, the tools themselves say what is missing.
command -v dpkg-query >/dev/null || exit 0

# A line for each architecture. Packages that others only recommend are known as "not-installed".
is_installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing=
for package in $wanted; do
    case " $missing " in *" $package "*) continue ;; esac
    is_installed "$package" || missing="${missing:+$missing }$package"
done
[ -n "$missing" ] || exit 0
[ "$verb" = install ] || die "Debian packages are missing; apt-get install $missing"

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo
else
    die "Debian packages are missing; as root: apt-get install $missing"
fi

echo "bulkhead: installing Debian packages: $missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
get() {
    # shellcheck disable=SC2086 # the list of packages is meant to be split
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
        install $missing </dev/null >"$log" 2>&1
}
# A machine that has never read an index, or whose index names versions that are gone, needs one.
get || { $as_root apt-get -q update </dev/null >"$log" 2>&1 && get; } ||
    die "apt-get cannot install $missing: $(grep -m 1 '^E: ' "$log" || tail -n 1 "$log")"
