# SPDX-License-Identifier: BSD-2-Clause
"""
The test guests directly on QEMU's `virt` board, with nothing below them: what is expected of them as
guests is what the board does that they are made for. They ask the board themselves what it has, so
that the conduit of PSCI may differ (HVC here, SMC there), and `hostile` leaves out devices of the
board that do harm by design.
"""
import machine
import pytest
from machine import GUEST_BINARIES, Config
from test_guests import NAMES, expected

# `sweep` expects to meet nothing besides what Bulkhead's devicetree names; the board has more.
BOARD_HAS_MORE = ["sweep"]

pytestmark = pytest.mark.skipif(bool(machine.KERNEL), reason="there is no kernel below them")


def run(new_machine, name, gic):
    running = new_machine(Config(gic)).start_qemu(
        "-m", "64", "-nic", "none", "-kernel", str(GUEST_BINARIES / f"{name}.bin"), machine="virt")
    running.wait_end(60)
    return running


@pytest.mark.parametrize("gic", [2, 3])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in BOARD_HAS_MORE])
def test_program(new_machine, name, gic):
    run(new_machine, name, gic).check_lines(expected(name, gic))


def test_sweep_finds_what_it_does_not_know(new_machine):
    """Flash, fw_cfg, PCI windows below 1 GiB and high up; between them nothing, as on Bulkhead."""
    running = run(new_machine, "sweep", 2)
    running.check_lines(["BAD load at 0x0: 0 traps", "BAD every page where devices are",
                         "ok every 2 MiB up to 4 GiB", "ok every 2 MiB up to 64 GiB",
                         "BAD every 34 MiB up to 1 TiB", "FAIL sweep"])
