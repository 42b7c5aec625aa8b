# SPDX-License-Identifier: BSD-2-Clause
"""stats: what the monitor tells of a VM is what its guest did."""
import collections
import re
import time

import machine
import pytest
from machine import VCPUS, Config, bare, description
from test_console import MONITOR, monitor

MEASURED = re.compile(r"<\d+ [num]s: (\d+)")


def stats_of(running, name, cpus=1):
    """[{what: count}] of each vCPU, as `stats NAME` prints them; it leaves out what is 0."""
    running.type(f"\rstats {name}\r")
    running.wait(rf"{name} vCPU 0 on core")
    for n in range(1, cpus):
        running.wait(rf"{name} vCPU {n} on core")
    running.wait(MONITOR)
    text = running.text().rpartition(f"stats {name}\r")[2]
    found = []
    for part in re.split(rf"{name} vCPU \d+ on core ", text)[1:]:
        counts = collections.Counter({word: int(count) for word, count
                                      in re.findall(r"([a-z-]+) (\d+)", part)})
        counts["measured"] = sum(int(count) for count in MEASURED.findall(part))
        found.append(counts)
        assert max(len(line) for line in part.splitlines()) <= 100
    return found


def entries(counts):
    return sum(counts[word] for word in
               ("mmio", "abort", "hypercall", "idle", "sysreg", "undefined", "irq-end", "timer",
                "event", "other"))


@pytest.mark.parametrize("gic", [2, 3])
def test_exits_are_counted(boot, gic):
    running = boot(description(bare("one", "counts"), bare("two", "echo")), Config(gic))
    # To its end: it is shown again if another line has broken into it.
    line = running.wait(r"counts: ([^\r]*)\.\r", 120).group(1)
    made = {word: int(count) for word, count in re.findall(r"([a-z]+) (\d+)", line)}
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    found = stats_of(running, "one")[0]
    for word, count in made.items():
        assert found[word] >= count, (word, made, found)
    # Exactly what was made, where nothing else makes such exits.
    for word in ("abort", "decoded", "idle"):
        assert found[word] == made[word], (word, made, found)
    assert found["hypercall"] <= made["hypercall"] + 2, found
    assert found["irq-end"] == found["injected"], found
    # Every entry is measured, but for one that is in progress.
    assert entries(found) - found["measured"] in (0, 1), found
    # A VM that is built anew begins at nothing; one that does not exist says so.
    monitor(running, "stop one", "vm one: stopped")
    monitor(running, "stats one", "VM one is stopped")
    running.type("start one\r")
    running.wait(r"counts: [^\r]*\.\r", 120)
    again = stats_of(running, "one")[0]
    assert again["abort"] == made["abort"] and again["decoded"] == made["decoded"], again
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_stats_of_several_vcpus(boot):
    running = boot(description(bare("one", "pulse", cpus=VCPUS)),
                   Config(cores=machine.KERNEL_CORES))
    running.wait("beat 3")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    # Nothing goes on while the pages are read.
    monitor(running, "pause one", "vm one: paused")
    found = stats_of(running, "one", VCPUS)
    assert len(found) == VCPUS
    assert found[0]["timer"] >= 60 and found[0]["irq-end"] >= 60, found
    if VCPUS >= 4:
        assert found[2]["mmio"] > 20, found
        assert found[3]["injected"] > 10, found
    for counts in found:
        # The last entry, which brought the pause, is not answered yet.
        assert entries(counts) - counts["measured"] in (0, 1), found
    running.type(machine.ESCAPE + "q")
    running.wait_end()


@pytest.mark.skipif(VCPUS < 2, reason="one vCPU waits for nobody")
def test_locks_are_rarely_taken(boot):
    """vCPUs that do nothing but interrupt each other, and all of it by the same lock."""
    running = boot(description(bare("one", "storm", "2M", bootargs="kind=crossfire", cpus=VCPUS)),
                   Config(machine.KERNEL_GIC, cores=machine.KERNEL_CORES))
    running.wait("storm: crossfire")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    limit = time.monotonic() + 60 * machine.PATIENCE
    found = stats_of(running, "one", VCPUS)
    while min(entries(counts) for counts in found) < 5000:
        assert time.monotonic() < limit, found
        found = stats_of(running, "one", VCPUS)
    # An exit takes it once or twice, for a small part of its way; were it for most of it, nearly
    # each would find it taken, by one of the others that do the same.
    for counts in found:
        assert counts["injected"] > 0 and 2 * counts["waits"] < entries(counts), found
    running.type(machine.ESCAPE + "q")
    running.wait_end()
