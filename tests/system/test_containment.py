# SPDX-License-Identifier: BSD-2-Clause
"""
What hostile VMs take from others: nothing beyond what budgets allow. QEMU counts instructions
instead of time, so that the bounds hold to the digit on a busy computer, too.

On core 0 with three VMs, manager (1 ms in 10), console (200 us in 2 ms) and the timer's calls rank
above every VM. What any of them may take at once is twice its budget: the rest of one period and
all of the next one.
"""
import re

import machine
import pytest
from machine import Config, bare, debian, description, vm

# 4 ns per instruction; waiting takes no time.
COUNTING = ("-icount", "shift=2,sleep=off")
RT = machine.BUILD / "guests" / "rt.bin"
MANAGER_US, CONSOLE_US = 2 * 1000, 2 * 200
# The way of one wake-up, with what the kernel does not interrupt.
WAKE_US = 150


def rt(reports, wake_ups=500, **properties):
    """Measures for so many ms a report."""
    times = dict(priority=150, budget_us=200, period_us=1000, **properties)
    return vm("rt", RT, "2M", bootargs=f"period=1000 report={wake_ups} reports={reports}", **times)


def storm(name, kind, **properties):
    return bare(name, "storm", "2M", bootargs=f"kind={kind}", **properties)


def end(running):
    running.type(machine.ESCAPE + "q")
    running.wait_end(120)


LATE = r"wake-ups, late by \d+ us on average, (\d+) us at worst"


def latest(running, reports):
    """The worst of all measured wake-ups, in us."""
    found = re.findall(LATE, running.text())
    # A line that another one breaks into is shown again.
    assert len(found) >= reports, running.text()[-2000:]
    return max(int(us) for us in found)


KINDS = ["loop", "exceptions", "interrupts", "ticks", "alarms", "deadlines", "console", "lines",
         "registers", "aborts", "calls", "system-calls"]


@pytest.mark.one_core
@pytest.mark.parametrize("kind", KINDS)
def test_storm_takes_nothing(boot, kind):
    """Beside two of its kind without limit: wake-ups in time, and 30 % of a core are 30 %."""
    # The one ends before the other's second is over: to take a VM apart, the manager uses its time.
    running = boot(description(rt(3, 250), bare("share", "share", "2M", budget_us=3000),
                               storm("storm1", kind), storm("storm2", kind)),
                   Config(), *COUNTING)
    running.wait("PASS rt", 120)
    running.wait("PASS share", 120)
    end(running)
    # Where the storm leaves the console alone, the reports themselves set it to work.
    assert latest(running, 3) <= WAKE_US + CONSOLE_US, kind
    share, pause = re.search(r"share (\d+) permille, longest pause (\d+) us",
                             running.text()).groups()
    assert int(share) >= 290, f"{share} permille"
    assert int(pause) <= 10000, f"{pause} us without the core"


@pytest.mark.one_core
def test_linux_takes_nothing(boot):
    """The system mixed-criticality.dts with all of it on one core, while both Linux VMs compute."""
    system = (machine.TREE / "systems" / "mixed-criticality.dts").read_text()
    running = boot(system.replace("affinity = <1>", "affinity = <0>"), Config(), *COUNTING)
    for _ in range(2):
        running.wait(r"guest: busy, round 1\r", 240)
    worst = max(int(running.wait(LATE, 120).group(1)) for _ in range(3))
    end(running)
    # Nothing is built any more: the console's time is all that the others' can bring.
    assert worst <= WAKE_US + CONSOLE_US
    assert latest(running, 3) <= WAKE_US + CONSOLE_US + MANAGER_US


@pytest.mark.one_core
def test_crash_loop_takes_nothing(boot):
    """One VM that resets itself for ever, until the manager has had enough."""
    running = boot(description(rt(6), storm("storm", "reset", restart="always")), Config(),
                   *COUNTING)
    running.wait("5 restarts within 60 s, not started again", 120)
    running.wait("PASS rt", 120)
    running.wait_end(60)
    assert latest(running, 6) <= WAKE_US + MANAGER_US + CONSOLE_US


@pytest.mark.one_core
def test_reservations_of_core_0(boot):
    """Three quarters of core 0 can be promised, and are kept while everyone floods the servers."""
    shares = {"half": (5000, 455), "fifth": (1800, 165)}
    vms = [bare(name, "share", "2M", budget_us=budget) for name, (budget, _) in shares.items()]
    running = boot(description(*vms, storm("console", "console"), storm("alarms", "alarms")),
                   Config(), *COUNTING)
    for _ in shares:
        running.wait("PASS share", 120)
    end(running)
    for name, (budget, least) in shares.items():
        got = int(re.search(rf"\[{name}\]\x1b\[0m share (\d+) permille", running.text()).group(1))
        assert least <= got <= budget // 10 + budget // 100 + 10, f"{name}: {got} permille"


HEARTBEAT = r"(\d+) beats, longest gap (\d+) us, latest by (\d+) us"


def three(**properties):
    return description(bare("steady", "heartbeat", "2M", **properties),
                       bare("victim", "echo", "2M"),
                       debian("panics", action="panic", memory="128M", bootargs="panic=0"))


def kill_and_panic(running):
    running.wait(r"beat \d+\r", 60)
    running.type(machine.ESCAPE + "m")
    running.wait("monitor> ")
    running.type("kill victim\r")
    running.see("vm victim: failed", 60)
    running.see("end Kernel panic", 240)
    running.wait(r"beat \d+\r", 60)
    running.type(machine.ESCAPE + "1")
    running.wait("keyboard to steady")
    running.type("q")
    match = running.wait(HEARTBEAT, 60)
    running.wait("PASS heartbeat", 60)
    end(running)
    assert "vm victim: killed" in running.text()
    beats, gap, late = (int(group) for group in match.groups())
    assert beats > 10
    return gap, late


@pytest.mark.one_core
def test_heartbeat_beside_failures(boot):
    """Beats on one core with a VM that is killed and one that panics: each is in time."""
    running = boot(three(budget_us=1000, period_us=10000, priority=150), Config(), *COUNTING)
    gap, late = kill_and_panic(running)
    bound = WAKE_US + MANAGER_US + CONSOLE_US
    assert late <= bound and gap <= 100000 + bound, f"late by {late} us, gap {gap} us"


def test_heartbeat_beside_failures_on_four_cores(boot):
    """The same with a core for the heartbeat, in whatever time this computer has: it beats on."""
    kill_and_panic(boot(three(affinity=3), Config(cores=4)))


@pytest.mark.one_core
def test_idle_vms_leave_the_core(boot):
    """Two VMs that only tick leave more than 97 % of their core to a third one."""
    running = boot(description(bare("idle1", "idle", "2M"), bare("idle2", "idle", "2M"),
                               bare("busy", "share", "2M")), Config(),
                   "-icount", "shift=0,sleep=off")
    running.wait_end(240)
    share = int(re.search(r"share (\d+) permille", running.text()).group(1))
    assert share > 970, f"{share} permille"
