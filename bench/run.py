#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
Measures Bulkhead in counted instructions and prints one table.

  bench/run.py [--kernel FILE.elf [--kernel-cores N] [--kernel-gic 2|3]] [--quick]

QEMU's `-icount shift=0` makes one nanosecond of the machine one executed instruction, whatever the
computer is doing, so no figure here is a wall time. It needs one emulated CPU: with several it is
too slow to wait for. keel runs on one core; a seL4 kernel runs so only if it was built for one core
(--kernel-cores 1). Of a kernel for several cores only the exits of an idle guest are counted.

The first column is the same guest on QEMU without anything below it: the limit.
"""

import argparse
import collections
import os
import pathlib
import re
import socket
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TREE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TREE / "tests" / "system"))

import machine  # noqa: E402
from machine import Config, bare, debian, description  # noqa: E402

ICOUNT = ["-icount", "shift=0,sleep=off"]
IDLE_SECONDS = 10

ROWS = [
    ("mmio-load-x0", "MMIO load, low register: round trip"),
    ("mmio-load-x28", "MMIO load, high register"),
    ("mmio-load-xzr", "MMIO load, zero register"),
    ("mmio-store", "MMIO store"),
    ("mmio-load-pair", "MMIO load of a pair (decoded)"),
    ("mmio-gic-distributor", "GIC distributor load"),
    ("smc", "SMC (PSCI_VERSION): round trip"),
    ("hvc", "HVC (PSCI_VERSION): round trip"),
    ("interrupt-to-handler", "software interrupt to guest handler"),
    ("interrupt-round-trip", "software interrupt, its end included"),
    ("timer-to-handler", "virtual timer to guest handler"),
    ("timer-to-handler-from-wfi", "virtual timer to handler, from WFI"),
    ("boot", "Debian cloud kernel to a shell, 10^6"),
    ("idle-exits", "exits per second, Debian idle"),
    ("overhead", "memory beyond guest RAM, bytes"),
]


class Target:
    """One column: a kernel, or none."""

    def __init__(self, name, kernel="", cores=1, gic=2):
        self.name, self.kernel, self.cores, self.gic = name, kernel, cores, gic
        self.counts = self.cores == 1

    def start(self, folder, text, *qemu):
        machine.KERNEL, machine.KERNEL_GIC = self.kernel, self.gic
        machine.KERNEL_CORES = self.cores
        running = machine.Machine(folder, log_path(self.name), Config(self.gic))
        return running.start(text, *qemu)


class Bare:
    """The guest directly on the emulated machine."""

    name, counts = "QEMU", True

    def start(self, folder, text, *qemu):
        kernel = re.search(r'kernel = "([^"]+)"', text).group(1)
        initrd = re.search(r'initrd = "([^"]+)"', text)
        bootargs = re.search(r'bootargs = "([^"]+)"', text)
        arguments = ["-M", "virt,gic-version=2", "-cpu", "cortex-a53", "-m", "256", "-nographic",
                     "-nic", "none", "-kernel", guest_file(kernel), *qemu]
        if initrd:
            arguments += ["-initrd", guest_file(initrd.group(1))]
        if bootargs:
            arguments += ["-append", bootargs.group(1)]
        running = machine.Machine(folder, log_path(self.name), Config())
        return running.spawn("qemu-system-aarch64", arguments)


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


def measure_exits(target, folder):
    running = target.start(folder, description(bare("bench", "bench")), *ICOUNT)
    try:
        running.wait("(PASS|FAIL) bench", 300)
        text = running.text()
        if not isinstance(target, Bare):
            running.wait_end(60)
        results = dict(re.findall(r"bench: ([\w-]+) (\d+)", text))
        return {name: int(value) for name, value in results.items()}
    finally:
        running.stop()


def measure_boot(target, folder):
    """The guest's own clock when its shell is there."""
    running = target.start(folder, description(debian("debian")), *ICOUNT)
    try:
        running.wait_prompt(600)
        match = running.command("cut -d' ' -f1 /proc/uptime", r"(\d+\.\d+)")
        results = {"boot": round(float(match.group(1)) * 1000)}
        running.type("poweroff\r")
        running.wait("reboot: Power down")
        if not isinstance(target, Bare):
            running.wait_end()
            overhead = re.search(r"memory besides guest RAM: (\d+) bytes", running.text())
            results.update({"overhead": int(overhead.group(1))} if overhead else {})
        return results
    finally:
        running.stop()


def monitor(path, *lines):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(path))
        link.settimeout(10)
        for line in ("", *lines):
            link.sendall(line.encode() + b"\n" if line else b"")
            text = b""
            while not text.rstrip().endswith(b"(qemu)"):
                text += link.recv(4096)


def measure_idle(target, folder):
    """Exceptions to EL2 from below while nothing happens, as QEMU's own log counts them."""
    link, log = folder / "monitor", folder / "exceptions"
    running = target.start(folder, description(debian("debian")), "-D", str(log), "-monitor",
                           f"unix:{link},server,nowait")
    try:
        running.wait_prompt(300)
        # The kernel's own work after the boot is over when its random numbers are ready.
        running.command("sleep 15; echo calm", "calm", 120)
        monitor(link, "log int")
        time.sleep(IDLE_SECONDS)  # the measured stretch itself: nothing to wait for
        monitor(link, "log none")
        return count_exits(log)
    finally:
        running.stop()


def count_exits(log):
    causes = collections.Counter()
    text = log.read_text(errors="replace")
    for cause, level in re.findall(r"Taking exception \d+ \[([^\]]+)\][^\n]*\n"
                                   r"\.\.\.from EL([01]) to EL2", text):
        causes[cause, level] += 1
    # The host's user level is EL0 too: what it does is no exit of the guest.
    guest = sum(n for (cause, level), n in causes.items() if level == "1")
    say(f"idle: {dict((f'{c} from EL{e}', n) for (c, e), n in causes.items())}")
    return {"idle-exits": round(guest / IDLE_SECONDS, 1)}


def measure(target, quick):
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        jobs = [("exits", measure_exits), ("boot", measure_boot)] if target.counts else []
        if not quick and not isinstance(target, Bare):
            jobs.append(("idle guest", measure_idle))
        for title, job in jobs if not quick else jobs[:1]:
            say(f"{target.name}: {title}")
            try:
                results.update(job(target, folder))
            except AssertionError as error:
                say(f"{target.name}: {title}: {error}")
    return results


def table(targets, results):
    width = max(len(title) for _, title in ROWS)
    print(f"{'':{width}}" + "".join(f"{t.name:>14}" for t in targets))
    for key, title in ROWS:
        cells = [results[t.name].get(key) for t in targets]
        print(f"{title:{width}}" + "".join(f"{'-' if c is None else format(c, ','):>14}"
                                           for c in cells))


def main():
    parser = argparse.ArgumentParser(description="Measures Bulkhead in counted instructions.")
    parser.add_argument("--kernel", default="", help="a seL4 kernel.elf to measure as well")
    parser.add_argument("--kernel-cores", type=int,
                        default=int(os.environ.get("KERNEL_CORES") or 4))
    parser.add_argument("--kernel-gic", type=int, default=int(os.environ.get("KERNEL_GIC") or 2))
    parser.add_argument("--quick", action="store_true", help="only the cost of exits")
    options = parser.parse_args()

    targets = [Bare(), Target("keel")]
    if options.kernel:
        targets.append(Target("seL4", os.path.abspath(options.kernel), options.kernel_cores,
                              options.kernel_gic))
    results = {target.name: measure(target, options.quick) for target in targets}
    print("instructions, one core, GICv2, cortex-a53 (QEMU -icount shift=0)")
    table(targets, results)
    missing = [t.name for t in targets if t.counts and "smc" not in results[t.name]]
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
