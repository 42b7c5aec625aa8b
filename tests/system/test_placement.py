# SPDX-License-Identifier: BSD-2-Clause
"""
Which physical core runs which vCPU, seen by the machine itself: QEMU stops and shows the registers
of all its cores, and a guest that holds its number in two of them is recognised there.
"""
import re
import time

import machine
import monitor
from machine import Config, bare, by, description

MARK = 0xbeac0000beac0000
MAX_VCPUS = 8  # of a VM
SAMPLES = 40  # of each vCPU


def registers(text):
    """{core: {register: value}}"""
    cores = {}
    for part in re.split(r"CPU#", text)[1:]:
        number = int(re.match(r"\d+", part).group(0))
        found = re.findall(r"\b(X\d\d)=([0-9a-f]{16})", part)
        cores[number] = {name: int(value, 16) for name, value in found}
    return cores


def trace(running, qemu, wanted):
    """{vCPU: cores it was seen on}, from many looks at the running machine."""
    seen = {vcpu: [] for vcpu in wanted}
    limit = time.monotonic() + 60 * machine.PATIENCE
    while min(len(cores) for cores in seen.values()) < SAMPLES:
        assert time.monotonic() < limit, f"not seen often enough: {seen}; see {running.log_path}"
        qemu.command("stop")
        for core, values in registers(qemu.command("info registers -a")).items():
            if values.get("X27") == MARK:
                seen[values["X28"]].append(core)
        qemu.command("cont")
    return seen


def look(boot, tmp_path, places):
    """
    A VM per entry of places, which has the cores of its vCPUs. Returns where each was seen: a set
    of cores per vCPU, in the same form.
    """
    vms = [bare(f"vm{n}", "beacon", "2M", bootargs=f"id={MAX_VCPUS * n}", cpus=len(cores),
                affinity=cores) for n, cores in enumerate(places)]
    numbers = [[MAX_VCPUS * n + vcpu for vcpu in range(len(cores))]
               for n, cores in enumerate(places)]
    path = tmp_path / "qemu"
    running = boot(description(*vms), Config(cores=4), *monitor.option(path))
    for n in range(len(places)):
        running.see(by(f"vm{n}", "shining"))
    with monitor.QemuMonitor(path) as qemu:
        seen = trace(running, qemu, sum(numbers, []))
    running.stop()
    return [[set(seen[number]) for number in vm] for vm in numbers]


def test_direct_mapping(boot, tmp_path):
    """Three VMs on a core each: none was ever seen on another one."""
    assert look(boot, tmp_path, [[0], [1], [2]]) == [[{0}], [{1}], [{2}]]


def test_shared_core(boot, tmp_path):
    """Two VMs take turns on core 1, a third one has core 3 for itself."""
    assert look(boot, tmp_path, [[1], [1], [3]]) == [[{1}], [{1}], [{3}]]


def test_hybrid(boot, tmp_path):
    """A VM of two vCPUs has cores 1 and 2 for itself, two VMs of one vCPU take turns on core 0."""
    assert look(boot, tmp_path, [[1, 2], [0], [0]]) == [[{1}, {2}], [{0}], [{0}]]
