#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Print a folder that holds a library of Debian's for ARCH, NAME.a and include/, fetching it if
# needed. PACKAGE is the Debian package with both.
#
#   fetch-library.sh PACKAGE NAME ARCH
set -eu
[ $# = 3 ] || { echo "usage: fetch-library.sh PACKAGE NAME ARCH" >&2; exit 1; }
package=$1 name=$2 arch=$3
cache=${BULKHEAD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bulkhead}
out=$cache/$name-$arch
if [ ! -e "$out/$name.a" ]; then
    rm -rf "$out.tmp"
    "$(dirname "$0")/debian-apt.sh" fetch "$arch" bookworm "$out.tmp" "$package"
    mkdir -p "$out/include"
    cp "$out.tmp"/usr/include/*.h "$out/include/"
    cp "$out.tmp"/usr/lib/*/"$name.a" "$out/$name.a"
    rm -rf "$out.tmp"
fi
echo "$out"
