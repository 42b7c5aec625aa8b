# SPDX-License-Identifier: BSD-2-Clause
"""What a VM takes besides its guest's RAM, by the manager's own accounts."""
import re

from machine import bare, description
from targets import Row

TITLE = "memory"
QUICK = True

VCPUS = (1, 4, 8)
ROWS = [Row(f"memory-{n}", f"bytes besides RAM, {n} vCPU{'s' * (n > 1)}, 512 MiB") for n in VCPUS]
ROWS += [Row("memory-tables", "page tables among them, bytes")]


def wanted(target):
    return [] if target.bare else [row.key for row in ROWS]


def measure(target, folder):
    if target.bare:
        return {}
    vms = [bare(f"vm{n}", "hello", "512M", cpus=n, affinity=0) for n in VCPUS]
    running = target.start(folder, description(*vms))
    try:
        target.end(running)
        found = {int(n): (int(all_), int(tables)) for n, all_, tables in re.findall(
            r"vm vm(\d): memory besides guest RAM: (\d+) bytes, of which page tables (\d+)",
            running.text())}
        return {f"memory-{n}": found[n][0] for n in VCPUS} | {"memory-tables": found[1][1]}
    finally:
        running.stop()
