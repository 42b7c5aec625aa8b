# SPDX-License-Identifier: BSD-2-Clause
"""Time: what a description promises is what a VM gets. QEMU counts instructions instead of time."""
import re

import machine
import pytest
from machine import Config, bare, description

# 8 ns per instruction
COUNTING = ("-icount", "shift=3")

pytestmark = pytest.mark.one_core


def shares(running, *names):
    """{name: (share in permille, longest pause in us)}"""
    running.wait_end(180)
    found = {}
    for name in names:
        match = re.search(rf"\[{name}\]\x1b\[0m share (\d+) permille, longest pause (\d+) us[\r\n]",
                          running.text())
        assert match, f"{name} has not measured; see {running.log_path}"
        found[name] = tuple(int(group) for group in match.groups())
    return found


def test_reservation_beside_busy_vm(boot):
    """20 % are 20 %, in every period, beside a VM that never stops, which gets the rest."""
    vms = [bare("bounded", "share", budget_us=2000, period_us=10000), bare("busy", "share")]
    found = shares(boot(description(*vms), Config(), *COUNTING), "bounded", "busy")
    assert 180 <= found["bounded"][0] <= 220, found
    assert found["bounded"][1] <= 10000, found
    assert 700 <= found["busy"][0] <= 820, found


def test_equals_take_turns(boot):
    """VMs without limit and of the same priority get half each."""
    vms = [bare("one", "share"), bare("two", "share")]
    found = shares(boot(description(*vms), Config(), *COUNTING), "one", "two")
    assert all(450 <= share <= 560 for share, _ in found.values()), found


@pytest.mark.parametrize("kind", ["registers", "calls", "aborts", "interrupts", "ticks"])
def test_turns_of_a_guest_that_exits(boot, kind):
    """The same, though the end of such a guest's turns mostly comes while its VMM thread runs."""
    storm = bare("storm", "storm", bootargs=f"kind={kind}")
    running = boot(description(storm, bare("other", "share")), Config(), *COUNTING)
    running.wait("PASS share", 120)
    running.type(machine.ESCAPE + "q")
    found = shares(running, "other")
    assert 450 <= found["other"][0] <= 560, found


@pytest.mark.parametrize("kind", ["registers", "calls", "aborts"])
def test_vmm_work_is_charged(boot, kind):
    """A VM of 20 % that does nothing but exit: what its VMM does for it comes out of the 20 %."""
    storm = bare("storm", "storm", budget_us=2000, period_us=10000, bootargs=f"kind={kind}")
    running = boot(description(storm, bare("busy", "share")), Config(), *COUNTING)
    running.wait("PASS share", 120)
    running.type(machine.ESCAPE + "q")
    found = shares(running, "busy")
    # Of 1000: the storm's 200, and its 20 for events, which it may have on top.
    assert 780 <= found["busy"][0] <= 820, found
