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


def check_fault_reports(text):
    """Each life's end: whose thread, the address it wrote to, where it was, all its registers."""
    text = "\n".join(re.findall(r"manager: vm bad: [^\r\n]+", text))  # others' may come in between
    who = r"manager: vm bad: VMM thread 0: "
    reports = re.findall(rf"{who}fault: write to 0x8 failed, pc 0x([0-9a-f]+), syndrome 0x([0-9a-f]+)"
                         rf"\s+{who}pc 0x([0-9a-f]+) sp 0x([0-9a-f]+) spsr 0x[0-9a-f]+\s+"
                         rf"((?:{who}x\d+ *(?: [0-9a-f]{{16}}){{3,4}}\s+){{8}})", text)
    assert len(reports) == 6, reports
    for at, syndrome, pc, sp, lines in reports:
        # The program is linked at 4 MiB. ESR_EL2 (DDI 0487): WnR, of a data abort from a lower EL.
        assert at == pc and 0x400000 <= int(pc, 16) < int(sp, 16)
        assert int(syndrome, 16) >> 26 == 0x24 and int(syndrome, 16) & 1 << 6
        values = re.findall(r" ([0-9a-f]{16})", lines)
        assert re.findall(r" x(\d+)", lines) == [str(n) for n in range(0, 32, 4)]
        assert len(values) == 31 and any(int(value, 16) for value in values)


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
    running.see("vm bad: 5 restarts within 60 s")
    running.see("vm bad: failed")
    ask(running, "after")
    running.type(machine.ESCAPE + "q")
    running.wait("vm good: stopped")
    text = running.text()
    assert text.count("vm bad: starting") == 6
    assert not re.search("vm bad: .*, started", text)
    if what == "fault":
        check_fault_reports(text)


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
