# SPDX-License-Identifier: BSD-2-Clause
"""
How much work VMs get done together, in the share of what one core does without anything below.
All work in the same half second (tests/guest/bench_compute.c). On one core, in counted
instructions, what is missing to 1 is the cost of taking turns. On two, in real time, 2 would be
all, and what else the computer does shows.
"""
import collections
import re

from machine import bare, description
from targets import ICOUNT, Row, say

TITLE = "work of several VMs"
QUICK = False

# turn_us: how long one runs before the next of the same core does.
Case = collections.namedtuple("Case", "cores vms turn_us")
CASES = [Case(cores, vms, 10000) for cores in (1, 2) for vms in (1, 2, 4, 8)] + [Case(1, 8, 1000)]
ATTEMPTS = 3


def key(case):
    return f"work-{case.cores}-{case.vms}-{case.turn_us}"


def title(case):
    cores = "one core" if case.cores == 1 else "two cores"
    turns = "" if case.turn_us == 10000 else f", turns of {case.turn_us // 1000} ms"
    return f"work of {case.vms} VM{'s' * (case.vms > 1)} on {cores}{turns}: ratio"


ROWS = [Row(key(case), title(case), True) for case in sorted(CASES)]


def possible(target, case):
    return target.counts if case.cores == 1 else target.runs_on(case.cores)


def wanted(target):
    return [key(case) for case in CASES if possible(target, case)]


def work_once(target, folder, case):
    """Units of work, and whether all VMs did theirs at the same time."""
    vms = [bare(f"vm{n}", "bench-compute", "16M", affinity=n % case.cores,
                budget_us=case.turn_us, period_us=case.turn_us) for n in range(case.vms)]
    running = target.start(folder, description(*vms), *(ICOUNT if case.cores == 1 else []),
                           cores=case.cores)
    try:
        for _ in vms:
            running.wait(r"bench: began \d+\s", 120)
        text = running.text()
        units = [int(n) for n in re.findall(r"bench: work (\d+)\s", text)]
        assert len(units) == case.vms, f"{case}: only {len(units)} VMs said what they did"
        return sum(units), len(set(re.findall(r"bench: began (\d+)\s", text))) == 1
    finally:
        running.stop()


def work(target, folder, case):
    for _ in range(ATTEMPTS):
        units, together = work_once(target, folder, case)
        if together:
            return units
        say(f"{target.name}: {case}: they did not begin together")
    raise AssertionError(f"{case}: they did not begin together")


def measure(target, folder):
    if not target.bare:
        return {key(case): work(target, folder, case) for case in CASES if possible(target, case)}
    # The limit is one machine's work, whatever it is compared with.
    alone = {cores: work(target, folder, Case(cores, 1, 10000)) for cores in (1, 2)}
    return {key(case): alone[case.cores] for case in CASES}
