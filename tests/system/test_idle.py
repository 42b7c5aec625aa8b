# SPDX-License-Identifier: BSD-2-Clause
"""A guest with nothing to do leaves the machine alone."""
import exceptions
import machine
import pytest
from machine import Config, bare, description

TICKS = 100
# WFI, and the end of the timer's interrupt; one more for whatever else the machine does meanwhile.
EXITS_PER_TICK = 3


@pytest.mark.parametrize("gic", [2, 3])
def test_exits_of_an_idle_guest(boot, tmp_path, gic):
    """
    A second with a hundred ticks of the guest's own timer has the exits of a hundred ticks, and a
    second without any has those of the one timer interrupt that ends it.
    """
    log = tmp_path / "exceptions"
    running = boot(description(bare("guest", "idle")), Config(gic), "-D", str(log), "-d", "int",
                   *([] if machine.KERNEL else ["-icount", "shift=0,sleep=off"]))
    running.wait_end(180)
    pieces = exceptions.between_marks(log.read_text(errors="replace"))
    assert len(pieces) == 3, running.log_path
    ticking, silent = exceptions.exits(pieces[0]), exceptions.exits(pieces[2])
    assert TICKS <= sum(ticking.values()) <= TICKS * EXITS_PER_TICK, ticking
    assert 1 <= sum(silent.values()) <= 2 * EXITS_PER_TICK, silent
