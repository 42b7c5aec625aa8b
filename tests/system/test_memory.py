# SPDX-License-Identifier: BSD-2-Clause
"""What a VM costs besides its guest's RAM, by the manager's accounts."""
import re

import machine
from machine import Config, bare, description

MIB = 1 << 20
COST = re.compile(r"manager: vm ([\w-]+): memory besides guest RAM: (\d+) bytes, "
                  r"of which page tables (\d+) bytes")


def test_memory_besides_guest_ram(boot):
    """At most 1 MiB and the page tables, for the smallest and the largest."""
    # 1106 MiB are made from pieces, mapped by pages of 2 MiB: the most capabilities and tables.
    vms = [bare("small", "hello", "2M"), bare("medium", "hello", "512M", cpus=4, affinity=0),
           bare("large", "hello", "1106M", cpus=8, affinity=0)]
    running = boot(description(*vms), Config())
    running.wait_end(120)
    cost = {name: (int(everything), int(tables))
            for name, everything, tables in COST.findall(running.text())}
    assert set(cost) == {"small", "medium", "large"}, running.log_path
    for everything, tables in cost.values():
        assert 0 < tables < everything, cost
        assert everything - tables <= MIB, cost
    assert cost["small"][0] < cost["large"][0], cost


def test_memory_for_a_large_window(boot):
    """A window is seen by the largest pages that fit: it takes few capabilities."""
    layout = (f'{{ kernel = "{machine.GUEST_BINARIES}/hello.bin"; memory = "2M"; '
              "window@80000000 { window = <&shm>; writable; }; };")
    text = description(f"one {layout}", f"two {layout}").replace(
        "vms {", 'windows { shm: shm { size = "64M"; }; };\n    vms {')
    running = boot(text, Config())
    running.wait_end(120)
    cost = {name: int(everything) - int(tables)
            for name, everything, tables in COST.findall(running.text())}
    assert set(cost) == {"one", "two"} and max(cost.values()) <= MIB, cost
