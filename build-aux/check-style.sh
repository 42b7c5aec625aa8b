#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Check what can be checked of the tree's form: the licence line of every file and C's layout.
set -eu
cd "$(dirname "$0")/.."

files() {
    if [ -e .git ]; then
        git ls-files --cached --others --exclude-standard -- "$@"
    else
        for pattern in "$@"; do
            find . -path ./build -prune -o -type f -path "./$pattern" -print | sed 's#^\./##'
        done
    fi
}

status=0

# The licence line is the first one, or the second behind "#!". Expected outputs are data.
unmarked=$(files '*' | grep -v -E '^LICENSE$|\.expected$|(^|/)expected(/|\.)|\.(png|dtbo|gz)$' | while read -r file; do
    [ -s "$file" ] && [ -f "$file" ] || continue
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: BSD-2-Clause' || echo "$file"
done)
for file in $unmarked; do
    echo "$file:1: no SPDX-License-Identifier: BSD-2-Clause in the first line" >&2
    status=1
done

unformatted=$(files '*.c' '*.h' | while read -r file; do
    [ ! -e "$file" ] || clang-format --dry-run -Werror "$file" 2>&1 | grep -m 1 ': error:'
done | cut -d : -f 1,2 || true)
for place in $unformatted; do
    echo "$place: not as .clang-format has it; run clang-format -i" >&2
    status=1
done
exit $status
