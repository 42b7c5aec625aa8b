# SPDX-License-Identifier: BSD-2-Clause
"""Power off, reset, faults and restarts, and what they leave alone."""
import machine
import pytest
from machine import Config, bare, by, description


def test_power_off_report(boot):
    running = boot(description(bare("one", "hello")), Config())
    running.wait_end()
    text = running.text()
    assert "vm one: powered off" in text
    assert "vm one: stopped" in text


@pytest.mark.one_core
def test_last_lines_are_shown(boot):
    """What is said last is out before the board is off, however much there was to say before."""
    floods = [bare(f"flood{n}", "storm", "2M", bootargs="kind=lines") for n in range(3)]
    running = boot(description(*floods), Config(), "-icount", "shift=4,sleep=off")
    for n in range(3):
        running.see(rf"\[flood{n}\]\x1b\[0m [^\r\n]+\r")
    running.type(machine.ESCAPE + "q")
    running.wait_end()
    text = running.text()
    for n in range(3):
        assert f"manager: vm flood{n}: stopped" in text
    assert text.endswith("\n"), text[-200:]


def test_reset_starts_anew(boot):
    """Memory and data are as at the first start, three times."""
    running = boot(description(bare("one", "reset", restart="always")), Config())
    for key in "r2r":
        running.wait("ok data is as in the file")
        running.wait("ok memory is zero")
        running.wait("reset: r, o or f")
        running.type(key)
    running.wait("reset: r, o or f")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_many_restarts(boot):
    """Every start is a whole one, whatever wakes the VMM's thread while it starts."""
    running = boot(description(bare("one", "reset")), Config())
    running.wait("reset: r, o or f")
    running.type(machine.ESCAPE + "m")
    for _ in range(60):
        running.type("restart one\r")
        # Not the manager's lines: on a busy computer they may come after the guest's.
        running.wait("reset: r, o or f")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_reset_with_restart_never(boot):
    """What the guest itself asks for is no failure: it is done whatever the policy says."""
    running = boot(description(bare("one", "reset", restart="never")), Config())
    running.wait("reset: r, o or f")
    running.type("r")
    running.wait("ok data is as in the file")
    running.wait("ok memory is zero")
    running.wait("reset: r, o or f")
    running.type("o")
    running.wait("PASS reset")
    running.wait_end()
    text = running.text()
    assert text.count("vm one: reset") == text.count("vm one: powered off") == 1


def test_reset_leaves_the_other_alone(boot):
    """One VM is reset while the other waits for input; that one answers as before."""
    running = boot(description(bare("one", "reset", restart="always"),
                               bare("two", "echo")), Config(cores=4))
    running.wait("reset: r, o or f")
    running.type(machine.ESCAPE + "2")
    running.wait("keyboard to two")
    running.type("before\r")
    running.wait("line of 6: before")
    running.type(machine.ESCAPE + "1")
    running.wait("keyboard to one")
    running.type("r")
    running.wait("ok data is as in the file")
    running.type(machine.ESCAPE + "2")
    running.wait("keyboard to two")
    running.type("after\r")
    running.wait("line of 5: after")
    assert running.text().count("echo: asking") == 1
    assert "vm one: reset" in running.text()
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_endless_exceptions_harm_nobody(boot):
    """A guest without vectors takes exceptions for ever; its neighbour on the core answers."""
    running = boot(description(bare("one", "reset", budget_us=2000, period_us=10000),
                               bare("two", "echo", affinity=0)), Config())
    running.wait("reset: r, o or f")
    running.type("f")
    running.type(machine.ESCAPE + "2")
    running.wait("keyboard to two")
    for n in range(5):
        running.type(f"alive {n}\r")
        running.wait(f"line of 7: alive {n}")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_many_vms(boot):
    """As many VMs as a system may have, at once on four cores."""
    count = 48
    vms = [bare(f"vm{n}", "heartbeat", "2M", bootargs="period=1000000", affinity=n % 4)
           for n in range(count)]
    running = boot(description(*vms), Config(cores=4))
    for n in range(count):
        running.see(by(f"vm{n}", "guest: START heartbeat"), 120)
    running.type(machine.ESCAPE + "m")
    running.wait("monitor> ")
    running.type("list\r")
    for n in range(count):
        running.wait(rf"vm{n} +running", 120)
    running.wait("monitor> ")
    running.type("stop vm47\r")
    running.wait("vm vm47: stopped", 60)
    running.type(machine.ESCAPE + "q")
    running.wait_end(120)
    assert running.text().count("bytes given back") == count
