#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetch Debian packages of any architecture and suite without touching the host's package state.
#
#   debian-apt.sh fetch ARCH SUITE OUTDIR PACKAGE...   download and unpack into OUTDIR
#   debian-apt.sh debs ARCH SUITE PACKAGE...           download, print the path of each .deb
#   debian-apt.sh resolve ARCH SUITE PACKAGE           print the pool file of the newest version
#   debian-apt.sh depends ARCH SUITE PACKAGE           print the packages it depends on, one a line
#   debian-apt.sh closure ARCH SUITE PACKAGE...        the same, of all of them and recursively
#
# apt gets a private configuration: own state, cache, sources and architecture (apt.conf(5)).
# Downloads stay in ${BULKHEAD_CACHE:-~/.cache/bulkhead}; a package already there is not fetched
# again. Progress and errors go to standard error.
set -eu

die() { echo "debian-apt: $*" >&2; exit 1; }

[ $# -ge 4 ] || die "usage: debian-apt.sh fetch ARCH SUITE OUTDIR PACKAGE... |" \
    "{debs|resolve|depends|closure} ARCH SUITE PACKAGE..."
verb=$1 arch=$2 suite=$3
shift 3

cache=${BULKHEAD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/bulkhead}
root=$cache/apt/$suite-$arch
debs=$cache/debs
mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial" "$root/log" "$debs"
: >>"$root/status"

# Two builds at once share this cache: one at a time from here on.
exec 9>"$cache/apt/lock"
flock 9

# The host's own first Debian mirror, with the suite replaced; sources.list(5) comes in two forms.
write_sources() {
    uri=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
    [ -n "$uri" ] || uri=$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([a-z]*:[^ ]*\) .*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1)
    [ -n "$uri" ] || uri=http://deb.debian.org/debian
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        "$uri" "$suite" >"$root/sources.list"
}

write_conf() {
    cat >"$root/apt.conf" <<EOF
APT::Architecture "$arch";
#clear APT::Architectures;
APT::Architectures { "$arch"; };
Dir::State "$root/state";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
Dir::Log "$root/log";
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Post-Invoke;
#clear DPkg::Post-Invoke;
EOF
}

apt_get() { apt-get -q -q -c "$root/apt.conf" "$@" 9>&-; }
apt_cache() { apt-cache -c "$root/apt.conf" "$@" 9>&-; }

# The index is refreshed at most once a day; a failed refresh is fatal only where there is no index.
refresh() {
    if [ -e "$root/stamp" ] && [ -z "$(find "$root/stamp" -mtime +0)" ]; then return; fi
    write_sources
    write_conf
    echo "debian-apt: reading the package index of $suite ($arch)" >&2
    if apt_get update >"$root/log/update" 2>&1; then
        touch "$root/stamp"
    elif [ ! -e "$root/stamp" ]; then
        die "cannot read Debian's index of $suite ($arch): $(tail -n 1 "$root/log/update")"
    fi
}

newest() {
    apt_cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Filename: //p' | head -n 1
}

# Only what must be there: no alternatives, no virtual packages' providers but the first.
depends() {
    apt_cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances "$1" | sed -n 's/^ *\(Pre\)\{0,1\}Depends: \([^<>]*\)$/\2/p' | sort -u
}

closure() {
    apt_get -s -o Debug::NoLocking=1 --no-install-recommends install "$@" |
        sed -n 's/^Inst \([^ ]*\) .*/\1/p' | sort -u
}

download() {
    (cd "$root/cache/archives" && apt_get download "$1" >"$root/log/download" 2>&1)
}

# Sets deb to the cached, checked package file.
need_deb() {
    file=$(newest "$1")
    [ -n "$file" ] || die "Debian $suite ($arch) has no package $1"
    deb=$debs/$(basename "$file")
    if [ ! -e "$deb" ]; then
        echo "debian-apt: fetching $1 ($arch)" >&2
        if ! download "$1"; then
            # The pool drops a version once a newer one is out: an index of yesterday may name it.
            rm -f "$root/stamp"
            refresh
            download "$1" || die "cannot fetch $1: $(tail -n 1 "$root/log/download")"
            deb=$debs/$(basename "$(newest "$1")")
        fi
        got=$(ls -t "$root/cache/archives/$1"_*.deb | head -n 1)
        mv "$got" "$deb"
        (cd "$debs" && sha256sum "$(basename "$deb")" >>SHA256SUMS)
    fi
    (cd "$debs" && grep -F " $(basename "$deb")" SHA256SUMS | tail -n 1 | sha256sum -c --quiet -) >&2 ||
        die "$deb does not match its recorded hash; delete it and try again"
}

refresh
case $verb in
fetch)
    out=$1
    shift
    mkdir -p "$out"
    for package in "$@"; do
        need_deb "$package"
        dpkg-deb -x "$deb" "$out"
    done
    ;;
debs)
    for package in "$@"; do
        need_deb "$package"
        echo "$deb"
    done
    ;;
resolve) newest "$1" ;;
depends) depends "$1" ;;
closure) closure "$@" ;;
*) die "unknown verb $verb" ;;
esac
