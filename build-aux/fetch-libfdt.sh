#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Print a folder that holds Debian's libfdt for ARCH as libfdt.a and include/, fetching it if needed.
set -eu
arch=$1
cache=${BULKHEAD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bulkhead}
out=$cache/libfdt-$arch
if [ ! -e "$out/libfdt.a" ]; then
    rm -rf "$out.tmp"
    "$(dirname "$0")/debian-apt.sh" fetch "$arch" bookworm "$out.tmp" libfdt-dev
    mkdir -p "$out/include"
    cp "$out.tmp"/usr/include/*fdt*.h "$out/include/"
    cp "$out.tmp"/usr/lib/*/libfdt.a "$out/libfdt.a"
    rm -rf "$out.tmp"
fi
echo "$out"
