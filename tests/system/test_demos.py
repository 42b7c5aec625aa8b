# SPDX-License-Identifier: BSD-2-Clause
"""The systems that come with Bulkhead, as they are, on the machine that the command chooses."""
import re

import machine
from machine import Config, by

SYSTEMS = machine.TREE / "systems"
READY = r"guest: READY kernel (\S+) cpus (\d+)"


def start(boot, name):
    # The cores are for a kernel that is built for a number of them; else the description's count.
    return boot(SYSTEMS / f"{name}.dts", Config(cores=1 if name == "minimal" else 4))


def wait_ready(running, *names):
    """Until every VM has a shell or its action; which order they come in is theirs to choose."""
    for name in names:
        running.see(by(name, READY), 240)


def focus(running, number, name):
    running.type(machine.ESCAPE + str(number))
    running.wait(f"keyboard to {name}")


def switch_off(running):
    running.type(machine.ESCAPE + "q")
    running.wait_end(120)


def cpus_of(running, name):
    match = re.search(by(name, READY), running.text())
    assert match, f"{name} has not said how many processors it has; see {running.log_path}"
    return int(match.group(2))


def ask(running, name, count):
    """The focused VM's shell answers with how many processors there are."""
    running.type("\r")
    running.wait("guest# ", 120)
    running.type("echo $(nproc) of $(hostname)\r")
    running.wait(by(name, f"{count} of guest"), 120)


def test_minimal(boot):
    running = start(boot, "minimal")
    running.wait_prompt(240)
    running.type("poweroff\r")
    running.wait_end(120)


def test_multi(boot):
    """Three Debian VMs; the operator kills one and a second one panics, the third one answers."""
    running = start(boot, "multi")
    wait_ready(running, "one", "two", "three")
    for number, name in enumerate(("one", "two", "three"), start=1):
        focus(running, number, name)
        ask(running, name, 1)
    for number, name in enumerate(("one", "two", "three")):
        assert re.search(rf"vm {name}: 128 MiB RAM, 1 vCPU on core {number}, started", running.text())
    running.type(machine.ESCAPE + "m")
    running.wait("monitor> ")
    running.type("kill one\r")
    running.wait("vm one: starting", 120)
    focus(running, 2, "two")
    running.type("echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger\r")
    running.wait("Kernel panic - not syncing: sysrq triggered crash", 120)
    focus(running, 3, "three")
    ask(running, "three", 1)
    while len(re.findall(by("one", READY), running.text())) < 2:
        running.wait(by("one", READY), 240)
    assert running.text().count("vm three: starting") == 1
    switch_off(running)


def test_hybrid(boot):
    """One VM on two cores of its own, two on a third one."""
    running = start(boot, "hybrid")
    wait_ready(running, "wide", "left", "right")
    assert [cpus_of(running, name) for name in ("wide", "left", "right")] == [2, 1, 1]
    text = running.text()
    assert "vm wide: 256 MiB RAM, 2 vCPUs on cores 1 2, started" in text
    assert all(f"vm {name}: 128 MiB RAM, 1 vCPU on core 0, started" in text
               for name in ("left", "right"))
    for number, (name, count) in enumerate((("wide", 2), ("left", 1), ("right", 1)), start=1):
        focus(running, number, name)
        ask(running, name, count)
    switch_off(running)


def test_mixed_criticality(boot):
    """The real-time guest goes on measuring while both others compute; how late it may be:
    test_linux_takes_nothing, where time is counted."""
    running = start(boot, "mixed-criticality")
    for name in ("load0", "load1"):
        running.see(by(name, r"guest: busy, round \d+"), 240)
    for _ in range(3):
        running.wait(r"1000 wake-ups, late by \d+ us on average, \d+ us at worst", 120)
    switch_off(running)
