# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernel: how long it takes to a shell, and how often it exits when it has nothing to do."""
import time

import exceptions
import monitor
from machine import debian, description
from targets import ICOUNT, Row, say

TITLE = "Debian"
QUICK = False

IDLE_SECONDS = 10
ROWS = [
    Row("boot", "Debian cloud kernel to a shell, 10^6"),
    Row("idle-exits", "exits per second, Debian idle"),
]


def wanted(target):
    return (["boot"] if target.counts else []) + ([] if target.bare else ["idle-exits"])


def boot(target, folder):
    """The guest's own clock when its shell is there."""
    running = target.start(folder, description(debian("debian")), *ICOUNT)
    try:
        running.wait_prompt(600)
        match = running.command("cut -d' ' -f1 /proc/uptime", r"(\d+\.\d+)")
        running.type("poweroff\r")
        running.wait("reboot: Power down")
        target.end(running)
        return round(float(match.group(1)) * 1000)
    finally:
        running.stop()


def idle(target, folder):
    """Exceptions to EL2 from below while nothing happens, as QEMU's own log counts them."""
    link, log = folder / "monitor", folder / "exceptions"
    running = target.start(folder, description(debian("debian")), "-D", str(log),
                           *monitor.option(link))
    try:
        running.wait_prompt(300)
        # The kernel's own work after the boot is over when its random numbers are ready.
        running.command("sleep 15; echo calm", "calm", 120)
        with monitor.QemuMonitor(link) as qemu:
            qemu.command("log int")
            time.sleep(IDLE_SECONDS)  # the measured stretch itself: nothing to wait for
            qemu.command("log none")
        exits = exceptions.exits(log.read_text(errors="replace"))
        say(f"{target.name}: idle: {dict(exits)}")
        return round(sum(exits.values()) / IDLE_SECONDS, 1)
    finally:
        running.stop()


def measure(target, folder):
    jobs = {"boot": boot, "idle-exits": idle}
    return {key: jobs[key](target, folder) for key in wanted(target)}
