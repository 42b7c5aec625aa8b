# SPDX-License-Identifier: BSD-2-Clause
"""Interrupts between the vCPUs of a VM: there and back."""
from machine import bare, description
from targets import ICOUNT, Row, figures, run_guest

TITLE = "interrupts between vCPUs"
QUICK = True

ROWS = [
    Row("ipi", "IPI round trip, two vCPUs on one core, asleep"),
    Row("ipi-asleep", "IPI round trip, two cores, asleep: ratio", True),
    Row("ipi-awake", "IPI round trip, two cores, awake: ratio", True),
]


def wanted(target):
    keys = ["ipi-asleep", "ipi-awake"] if target.runs_on(2) else []
    return keys + (["ipi"] if target.counts and not target.bare else [])


def one_core(target, folder):
    """Two vCPUs that wait awake would have to share the core by time slices: asleep only."""
    vm = bare("bench", "bench-ipi", cpus=2, affinity=0)
    running = target.start(folder, description(vm), *ICOUNT)
    try:
        running.wait(r"bench: ipi-asleep \d+\s", 120)
        return {"ipi": figures(running.text())["ipi-asleep"]}
    finally:
        running.stop()


def measure(target, folder):
    keys, results = wanted(target), {}
    if "ipi" in keys:
        results.update(one_core(target, folder))
    if "ipi-asleep" in keys:
        results.update(run_guest(target, folder, "bench-ipi", cores=2))
    return results
