# SPDX-License-Identifier: BSD-2-Clause
"""A VMM that has been taken over: it costs its own VM, and nobody else anything."""
import re

import machine
import pytest
from machine import Config, bare, description

# The taken-over program in the place of the VMM, everything else as built.
OURS = ("loader/loader.bin", "manager/manager.elf", "kernel/keel.elf", "servers/console.elf",
        "servers/timer.elf")


@pytest.fixture
def parts(tmp_path, monkeypatch):
    for name, source in [(name, machine.BUILD / name) for name in OURS] + [
            ("vmm/vmm.elf", machine.BUILD / "tests" / "hostile" / "vmm.elf")]:
        link = tmp_path / "parts" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(source)
    monkeypatch.setenv("BULKHEAD_PARTS", str(tmp_path / "parts"))


def ask(running, line):
    running.type(line + "\r")
    running.wait(f"line of {len(line)}: {line}")


@pytest.mark.parametrize("what", ["label", "fault", "ready", "everything"])
def test_ends_by_itself(boot, parts, what):
    """
    Each of its lives ends, and after five it is over; its neighbour answers all the time. None of
    them becomes ready: not by what the one before has said at its end either.
    """
    running = boot(description(bare("good", "echo"),
                               bare("bad", "echo", bootargs=what, restart="on-failure",
                                    affinity=1)), Config(cores=2))
    running.wait("echo: asking")
    ask(running, "before")
    running.wait("vm bad: 5 restarts within 60 s")
    running.wait("vm bad: failed")
    ask(running, "after")
    running.type(machine.ESCAPE + "q")
    running.wait("vm good: stopped")
    assert running.text().count("vm bad: starting") == 6
    assert not re.search("vm bad: .*, started", running.text())


@pytest.mark.parametrize("what,cores", [("silent", 1), ("pipe", 2)])
def test_goes_on_for_ever(boot, parts, what, cores):
    """It uses its own budget up and nothing else; the operator ends it."""
    running = boot(description(bare("good", "echo"),
                               bare("bad", "echo", bootargs=what, affinity=cores - 1,
                                    budget_us=2000, period_us=10000)), Config(cores=cores))
    running.wait("echo: asking")
    ask(running, "meanwhile")
    running.type(machine.ESCAPE + "m")
    running.wait("monitor> ")
    running.type("list\r")
    running.wait(r"bad +starting")
    running.type("stop bad\r")
    running.wait("vm bad: stopped")
    running.type(machine.ESCAPE + "1")
    ask(running, "afterwards")
    running.type(machine.ESCAPE + "q")
    running.wait("vm good: stopped")


def test_ready_while_it_is_stopped(boot, parts):
    """
    Its word that it is ready reaches the manager, which builds another VM just then, together with
    the operator's restart: it is not taken for its successor's.
    """
    running = boot(description(bare("slow", "reset", "256M", restart="always"),
                               bare("late", "hello", bootargs="late", affinity=1)),
                   Config(cores=2))
    running.wait("vm late: stopped")
    for _ in range(3):
        running.type(machine.ESCAPE + "m")
        running.wait("monitor> ")
        running.type("start late\r" + machine.ESCAPE + "1r")
        running.wait("vm slow: reset")
        running.type(machine.ESCAPE + "mrestart late\r")
        running.wait("vm late: starting")
        assert running.wait("PASS hello|vm late: failed").group(0) == "PASS hello"
        running.wait("vm late: stopped")
    running.type(machine.ESCAPE + "q")
    running.wait_end()
