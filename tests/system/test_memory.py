# SPDX-License-Identifier: BSD-2-Clause
"""What a VM costs besides its guest's RAM, and how much fits the board."""
import bisect
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


def full_board(last):
    """As many VMs as there may be, which fill the board; the last one has so many MiB."""
    vms = [bare(f"vm{n}", "echo", "40M", affinity=0) for n in range(47)]
    return description(*vms, bare("last", "echo", f"{last}M", affinity=0))


def test_largest_system(boot, tmp_path):
    """What the check admits has the memory to boot; with 2 MiB more it is refused."""
    def check(last):
        (tmp_path / "full.dts").write_text(full_board(last))
        return machine.run(machine.BUILD / "bulkhead", "check", "full.dts", folder=tmp_path)

    sizes = range(2, 400, 2)
    refused = sizes[bisect.bisect_left(sizes, 1, key=lambda last: check(last).returncode)]
    assert re.fullmatch(r"full\.dts:\d+: [^\n]* need \d+ MiB[^\n]*; the board has \d+ MiB for them; "
                        r'lower "memory"\n', check(refused).stderr)
    running = boot(full_board(refused - 2), Config(machine.KERNEL_GIC))
    for _ in range(48):
        running.wait(r"vm \w+: \d+ MiB RAM, 1 vCPU on core 0, started")
    running.type(machine.ESCAPE + "q")
    running.wait_end()
    assert "failed" not in running.text()
