# SPDX-License-Identifier: BSD-2-Clause
"""What exits cost at most, kernel and VMM together, in counted instructions of one core."""
import re

import machine
import pytest
from machine import Config, bare, description

# One nanosecond is one instruction, whatever the computer is doing.
COUNTED = ("-icount", "shift=0,sleep=off")
# Any register on keel; on seL4 each register that is moved costs, and high ones more.
LOW = ("mmio-load-x0", "mmio-store", "smc")
ANY = (*LOW, "mmio-load-x28", "mmio-load-xzr", "mmio-store-x28")
KEEL_MOST, SEL4_MOST = 1000, 3100


@pytest.mark.one_core
def test_exits(boot):
    running = boot(description(bare("guest", "bench")), Config(), *COUNTED)
    running.wait_end(120)
    text = running.text()
    assert "PASS bench" in text
    cost = {name: int(count) for name, count in re.findall(r"bench: ([\w-]+) (\d+)\s", text)}
    names, most = (LOW, SEL4_MOST) if machine.KERNEL else (ANY, KEEL_MOST)
    assert all(0 < cost[name] <= most for name in names), cost
