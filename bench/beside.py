# SPDX-License-Identifier: BSD-2-Clause
"""What an exit costs beside other VMs on the same core, which sleep or never stop."""
from machine import bare, description
from targets import ICOUNT, Row, figures

TITLE = "exits beside other VMs"
QUICK = False

# what they do: the guest that does it for a second
OTHERS = {"idle": "idle", "busy": "share"}
ROWS = [Row(f"beside-{count}-{how}", f"MMIO load beside {count} {how} VM{'s' * (count > 1)}")
        for how in OTHERS for count in (1, 2, 3)]


def wanted(target):
    return [row.key for row in ROWS if target.counts and not target.bare]


def load(target, folder, how, count):
    others = [bare(f"other{n}", OTHERS[how], "16M", affinity=0) for n in range(count)]
    vms = description(*others, bare("bench", "bench-beside", "16M", affinity=0))
    running = target.start(folder, vms, *ICOUNT)
    try:
        # The line that ends while the others still run.
        running.wait(r"bench: away \d+\s", 300)
        results = figures(running.text())
        assert f"PASS {OTHERS[how]}" not in running.text(), f"{how} VMs were over too early"
        # Busy VMs of the same priority take equal shares of the core.
        share = 1000 * count / (count + 1) if how == "busy" else 0
        assert abs(results["away"] - share) < 100, f"beside {count} {how} VMs: {results}"
        return results["load"]
    finally:
        running.stop()


def measure(target, folder):
    if not wanted(target):
        return {}
    return {f"beside-{count}-{how}": load(target, folder, how, count)
            for how in OTHERS for count in (1, 2, 3)}
