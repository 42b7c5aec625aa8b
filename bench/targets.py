# SPDX-License-Identifier: BSD-2-Clause
"""What is measured: Bulkhead on a kernel, or the same guest on the emulated machine alone."""
import collections
import pathlib
import re
import sys

TREE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TREE / "tests" / "system"))

import machine  # noqa: E402
from machine import Config, bare, description  # noqa: E402

# One nanosecond is one instruction.
ICOUNT = ["-icount", "shift=0,sleep=off"]

# A line of the table. A relative one shows its value divided by that of the bare machine.
Row = collections.namedtuple("Row", "key title relative", defaults=[False])


class Target:
    """One column: a kernel, or keel if none is given. cores, gic: what the kernel is for."""

    def __init__(self, name, kernel="", cores=1, gic=2):
        self.name, self.kernel, self.cores, self.gic = name, kernel, cores, gic
        self.bare = False
        self.counts = cores == 1

    def runs_on(self, cores):
        return cores == 1 or not self.kernel or self.cores >= cores

    def start(self, folder, text, *qemu, cores=1):
        machine.KERNEL, machine.KERNEL_GIC = self.kernel, self.gic
        machine.KERNEL_CORES = self.cores
        running = machine.Machine(folder, log_path(self.name), Config(self.gic, cores=cores))
        return running.start(text, *qemu)

    def end(self, running):
        running.wait_end(120)


class Bare:
    """The guest directly on the emulated machine: the limit."""

    name, bare, counts = "QEMU", True, True

    def runs_on(self, cores):
        return True

    def start(self, folder, text, *qemu, cores=1):
        kernel = re.search(r'kernel = "([^"]+)"', text).group(1)
        initrd = re.search(r'initrd = "([^"]+)"', text)
        bootargs = re.search(r'bootargs = "([^"]+)"', text)
        arguments = ["-M", "virt,gic-version=2", "-cpu", "cortex-a53", "-smp", str(cores), "-m",
                     "256", "-nographic", "-nic", "none", "-kernel", guest_file(kernel), *qemu]
        if initrd:
            arguments += ["-initrd", guest_file(initrd.group(1))]
        if bootargs:
            arguments += ["-append", bootargs.group(1)]
        running = machine.Machine(folder, log_path(self.name), Config())
        return running.spawn("qemu-system-aarch64", arguments)

    def end(self, running):
        """Nothing of Bulkhead to wait for."""


def log_path(name):
    folder = machine.BUILD / "logs" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    log_path.count += 1
    return folder / f"{log_path.count:02}-{re.sub(r'[^A-Za-z0-9]+', '-', name)}.log"


log_path.count = 0


def guest_file(name):
    found = re.fullmatch(r"@([^/]+)/(.+)", name)
    if not found:
        return name
    run = machine.run(TREE / "guests" / "fetch", found.group(1), folder=TREE)
    return f"{run.stdout.strip()}/{found.group(2)}"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def figures(text):
    """The figures that test guests print."""
    return {name: int(value) for name, value in re.findall(r"bench: ([\w-]+) (\d+)\s", text)}


def run_guest(target, folder, binary, *qemu, cores=1):
    """The figures of a test guest that is alone, with a vCPU on each core, and ends by itself."""
    running = target.start(folder, description(bare("bench", binary, cpus=cores)), *qemu,
                           cores=cores)
    try:
        running.wait(f"(PASS|FAIL) {binary}", 300)
        results = figures(running.text())
        target.end(running)
        return results
    finally:
        running.stop()
