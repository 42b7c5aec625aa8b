#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
Measures Bulkhead and prints one table; what could not be measured is "-".

  bench/run.py [--kernel FILE.elf [--kernel-cores N] [--kernel-gic 2|3]] [--quick]

QEMU's `-icount shift=0` makes one nanosecond of the machine one executed instruction, whatever the
computer is doing, so most figures are instructions and no wall times. It needs one emulated CPU:
with several it is too slow to wait for. keel runs on one core; a seL4 kernel runs so only if it was
built for one core (--kernel-cores 1). What needs more cores is measured in real time and given as a
ratio to the same guest on QEMU without anything below it in the same run, which is the first
column: the limit.

Exit status 1 if a figure is missing that can be had.
"""

import argparse
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import targets  # noqa: E402  (finds tests/system for the others)
import beside  # noqa: E402
import compute  # noqa: E402
import exits  # noqa: E402
import ipi  # noqa: E402
import linux  # noqa: E402
import memory  # noqa: E402
from targets import Bare, Target, say  # noqa: E402

JOBS = [exits, ipi, beside, compute, linux, memory]


def measure(target, jobs):
    results = {}
    for job in jobs:
        say(f"{target.name}: {job.TITLE}")
        try:
            with tempfile.TemporaryDirectory() as folder:
                results.update(job.measure(target, pathlib.Path(folder)))
        except AssertionError as error:
            say(f"{target.name}: {job.TITLE}: {error}")
    return results


def cell(row, value, limit):
    if value is None or (row.relative and not limit):
        return "-"
    return f"{value / limit:.4f}" if row.relative else f"{value:,}"


def table(columns, jobs, results):
    """results: {column: {key: value}}; the first column is the limit."""
    width = max(len(row.title) for job in jobs for row in job.ROWS)
    print(f"{'':{width}}" + "".join(f"{column.name:>14}" for column in columns))
    for row in (row for job in jobs for row in job.ROWS):
        limit = results[columns[0].name].get(row.key)
        print(f"{row.title:{width}}"
              + "".join(f"{cell(row, results[column.name].get(row.key), limit):>14}"
                        for column in columns))


def main():
    parser = argparse.ArgumentParser(description="Measures Bulkhead in counted instructions.")
    parser.add_argument("--kernel", default="", help="a seL4 kernel.elf to measure as well")
    parser.add_argument("--kernel-cores", type=int,
                        default=int(os.environ.get("KERNEL_CORES") or 4))
    parser.add_argument("--kernel-gic", type=int, default=int(os.environ.get("KERNEL_GIC") or 2))
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--only", metavar="JOB", choices=[job.__name__ for job in JOBS],
                        help="one of: %(choices)s")
    options = parser.parse_args()

    columns = [Bare(), Target("keel")]
    if options.kernel:
        columns.append(Target("seL4", os.path.abspath(options.kernel), options.kernel_cores,
                              options.kernel_gic))
    jobs = [job for job in JOBS if (job.QUICK or not options.quick)
            and options.only in (None, job.__name__)]
    results = {column.name: measure(column, jobs) for column in columns}
    print("instructions, one core, GICv2, cortex-a53 (QEMU -icount shift=0); ratios to QEMU alone")
    table(columns, jobs, results)
    missing = [f"{column.name}: {key}" for column in columns for job in jobs
               for key in job.wanted(column) if key not in results[column.name]]
    for name in missing:
        say(f"missing: {name}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
