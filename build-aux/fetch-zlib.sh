#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Print a folder that holds Debian's zlib for ARCH as libz.a and include/, fetching it if needed.
set -eu
arch=$1
cache=${BULKHEAD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bulkhead}
out=$cache/zlib-$arch
if [ ! -e "$out/libz.a" ]; then
    rm -rf "$out.tmp"
    "$(dirname "$0")/debian-apt.sh" fetch "$arch" bookworm "$out.tmp" zlib1g-dev
    mkdir -p "$out/include"
    cp "$out.tmp"/usr/include/zlib.h "$out.tmp"/usr/include/zconf.h "$out/include/"
    cp "$out.tmp"/usr/lib/*/libz.a "$out/libz.a"
    rm -rf "$out.tmp"
fi
echo "$out"
