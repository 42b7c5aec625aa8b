# SPDX-License-Identifier: BSD-2-Clause
"""pause and resume: a VM stands still, and goes on as if nothing had been."""
import re

import machine
import pytest
from machine import VCPUS, Config, bare, by, description
from test_console import MONITOR, monitor

ROUNDS = 100
# One core counts instructions, 8 ns each, and waiting takes no time: then the guest can tell how long
# it was away, whatever this computer does meanwhile.
COUNTING = ("-icount", "shift=3,sleep=off")
SMP = machine.KERNEL_CORES if machine.KERNEL else 4


def start(boot, config, *qemu, **properties):
    """VM `one` is going to be paused; `two` is there to see that time passes."""
    if properties.get("cpus", 1) > config.cores:
        pytest.skip("more vCPUs than cores")
    running = boot(description(bare("one", "pulse", **properties),
                               bare("two", "pulse", affinity=0)), config, *qemu)
    beat(running, "one")
    beat(running, "two")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    return running


def beat(running, name, count=1):
    for _ in range(count):
        running.wait(by(name, r"beat \d+\r+\n"), 120)


def finish(running):
    """The guest finds nothing wrong, and its beats come one by one."""
    beat(running, "one", 3)
    running.type(machine.ESCAPE + "1")
    running.wait("keyboard to one")
    running.type("q")
    running.wait("(PASS|FAIL) pulse", 120)
    running.type(machine.ESCAPE + "q")
    running.wait_end()
    text = running.text()
    assert "BAD" not in text
    shown = re.findall(r"\[one\]\x1b\[0m beat (\d+)\r+\n", text)
    # A line that another one breaks into is shown again.
    beats = [int(n) for n, after in zip(shown, shown[1:] + [""]) if not after.startswith(n)]
    assert len(beats) > 3 and beats == list(range(1, len(beats) + 1)), beats
    return int(re.search(r"longest step (\d+) us", text).group(1))


@pytest.mark.parametrize("config, properties", [
    (Config(), {}),
    (Config(), {"budget_us": 2000, "period_us": 10000}),
    (Config(cores=SMP), {"cpus": VCPUS}),
    (Config(gic=3, cores=SMP), {"cpus": VCPUS, "budget_us": 3000, "period_us": 10000}),
    pytest.param(Config(cores=8), {"cpus": 8}, marks=pytest.mark.long),
], ids=str)
def test_a_hundred_pauses(boot, config, properties):
    running = start(boot, config, **properties)
    for n in range(ROUNDS):
        monitor(running, "pause one", "vm one: paused")
        if n % 10 == 0:
            beat(running, "two")
        monitor(running, "resume one", "vm one: resumed")
        if n % 10 == 5:
            beat(running, "one")
    finish(running)


@pytest.mark.one_core
def test_guest_time_stands_still(boot):
    """The guest's counter goes on where it stopped, however long that was."""
    running = start(boot, Config(), *COUNTING)
    for _ in range(3):
        monitor(running, "pause one", "vm one: paused")
        beat(running, "two", 3)
        monitor(running, "resume one", "vm one: resumed")
        beat(running, "one")
    assert finish(running) < 50000 # us; two beats of the other VM are 200000


def test_paused_vm_uses_no_time(boot):
    running = start(boot, Config(cores=SMP), cpus=min(VCPUS, 2))
    monitor(running, "pause one", "vm one: paused")
    monitor(running, "list", r"one +paused")
    monitor(running, "stats", r"two +0 ")
    used = []
    for _ in range(2):
        beat(running, "two", 2)
        running.type("stats\r")
        used.append([running.wait(rf"one +{n} +\d+ +(\d+) +0\.0 %").group(1)
                     for n in range(min(VCPUS, 2))])
        running.wait(MONITOR)
    assert used[0] == used[1]
    monitor(running, "resume one", "vm one: resumed")
    finish(running)


def test_refusals(boot):
    running = start(boot, Config())
    monitor(running, "resume one", "VM one is running, not paused")
    monitor(running, "pause one", "vm one: paused")
    monitor(running, "pause one", "VM one is paused, not running")
    monitor(running, "resume one", "vm one: resumed")
    monitor(running, "stop one", "vm one: stopped")
    monitor(running, "pause one", "VM one is stopped, not running")
    monitor(running, "resume one", "VM one is stopped, not paused")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_end_of_a_paused_vm(boot):
    """stop, restart and kill do what they do to a running one, and all memory comes back."""
    running = start(boot, Config(cores=SMP), cpus=VCPUS, restart="on-failure")
    free = []
    for command, state in (("stop", "stopped"), ("restart", "running"), ("kill", "running")):
        monitor(running, "pause one", "vm one: paused")
        running.type(f"{command} one\r")
        if state == "stopped":
            running.wait("vm one: stopped")
            running.type("start one\r")
        running.wait(by("one", r"beat 1\r+\n"), 120)
        running.type("list\r")
        running.wait("VM +state")
        free.append(running.wait(r"(\d+) MiB free\r").group(1))
    assert len(set(free)) == 1, free
    running.type(machine.ESCAPE + "q")
    running.wait_end()
