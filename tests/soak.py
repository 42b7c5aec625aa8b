#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
Boots Debian's kernels again and again on every machine, and says how often each came through.

  tests/soak.py [--rounds N] [--jobs N] [--load] [--only WORD]... [--logs FOLDER] [--kernel FILE.elf]

A boot goes to user level, checks clock, timer, devices and memory there, and powers off. It has
failed if it says so or if the machine ends early, and hangs if a time limit passes: then the
registers of all its processors are written below its console log. The logs of both kinds are kept.
--load runs a busy loop on every processor of this computer meanwhile.
"""

import argparse
import concurrent.futures
import contextlib
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "system"))

import machine  # noqa: E402
import monitor  # noqa: E402
from machine import Config, debian, description  # noqa: E402

# Every machine: what is booted, where, and with how many vCPUs if not one.
MACHINES = [(flavour, Config(gic, cpu, cores)) for flavour in ("cloud", "generic")
            for gic in (2, 3) for cpu in ("cortex-a53", "cortex-a57", "max") for cores in (1, 4)]
MACHINES += [("cloud", Config(gic, cores=4), 4) for gic in (2, 3)]
BOOT_SECONDS = 240
END_SECONDS = 60
MONITOR_SECONDS = 10

PASSED, FAILED, HUNG = "passed", "failed", "hung"


def name(flavour, config, cpus=1):
    return f"{flavour}-{config}" + (f"-vcpus-{cpus}" if cpus > 1 else "")


class Tally:
    """What became of the boots of one machine."""

    def __init__(self):
        self.ends = dict.fromkeys((PASSED, FAILED, HUNG), 0)
        self.longest = 0.0

    def add(self, end, seconds):
        self.ends[end] += 1
        self.longest = max(self.longest, seconds)

    def __str__(self):
        counts = ", ".join(f"{count} {end}" for end, count in self.ends.items())
        return f"{counts}, longest boot {self.longest:.1f} s"


def keep(running, reason, link):
    """Puts the reason, and the registers of a machine that still runs, below its log."""
    text = f"\n\nsoak: {reason}\n"
    if running.child.isalive():
        try:
            with monitor.QemuMonitor(link, MONITOR_SECONDS) as qemu:
                text += qemu.command("info registers -a")
        except OSError as error:
            text += f"soak: no registers: {error}\n"
    running.stop()
    with open(running.log_path, "a", encoding="utf-8") as log:
        log.write(text)


def boot(flavour, config, cpus=1, *, log):
    """One boot: (its end, seconds, what was wrong). The log stays unless it passed."""
    begin = time.monotonic()
    end, reason = PASSED, ""
    with tempfile.TemporaryDirectory() as folder:
        link = pathlib.Path(folder) / "monitor"
        running = machine.Machine(pathlib.Path(folder), log, config)
        try:
            system = description(debian("debian", flavour, action="smoke", cpus=cpus))
            running.start(system, *monitor.option(link))
            running.wait(f"guest: READY kernel .* cpus {cpus}\\b", BOOT_SECONDS)
            running.wait("guest: TEST smoke PASS", BOOT_SECONDS)
            running.wait_end(END_SECONDS)
        except AssertionError as error:
            reason = str(error).splitlines()[0]  # what was printed last is in the log
            end = HUNG if running.child.isalive() else FAILED
            keep(running, reason, link)
        finally:
            running.stop()
    if end == PASSED:
        log.unlink()
    return end, time.monotonic() - begin, reason


@contextlib.contextmanager
def load():
    """Busy loops, one per processor of this computer."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"])
             for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def soak(machines, rounds, jobs, logs, say=print):
    """Boots every machine `rounds` times, `jobs` at a time. {name: Tally}"""
    tallies = {name(*each): Tally() for each in machines}
    lock = threading.Lock()
    logs.mkdir(parents=True, exist_ok=True)

    def one(each, number):
        title = name(*each)
        log = logs / f"{title}.{number}.log"
        end, seconds, reason = boot(*each, log=log)
        with lock:
            tallies[title].add(end, seconds)
            if end != PASSED:
                say(f"soak: {title}: boot {number} {end}; see {log}: {reason}")

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = [pool.submit(one, each, number + 1)
                for number, each in itertools.product(range(rounds), machines)]
        try:
            for run in concurrent.futures.as_completed(runs):
                run.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return tallies


def arguments():
    parser = argparse.ArgumentParser(description="Boots every machine again and again.")
    parser.add_argument("--rounds", type=int, default=1, help="boots of each machine")
    parser.add_argument("--jobs", type=int, default=2, help="boots at a time")
    parser.add_argument("--load", action="store_true", help="keep the computer busy meanwhile")
    parser.add_argument("--only", action="append", default=[], metavar="WORD",
                        help="machines with WORD in their name, e.g. cloud, gicv3, max-4")
    parser.add_argument("--logs", type=pathlib.Path, default=machine.BUILD / "logs" / "soak")
    parser.add_argument("--kernel", default="",
                        help="a seL4 kernel.elf (KERNEL_GIC, KERNEL_CORES: what it is for)")
    return parser.parse_args()


def main():
    options = arguments()
    if options.kernel:
        machine.KERNEL = os.path.abspath(options.kernel)
    machines = [each for each in MACHINES
                if each[1].possible() and all(word in name(*each) for word in options.only)]
    if not machines:
        sys.exit("soak: no machine of that name")
    with load() if options.load else contextlib.nullcontext():
        tallies = soak(machines, options.rounds, options.jobs, options.logs)
    width = max(map(len, tallies))
    for title, tally in tallies.items():
        print(f"{title:{width}} {tally}")
    return 1 if any(tally.ends[PASSED] != options.rounds for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
