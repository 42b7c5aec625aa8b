# SPDX-License-Identifier: BSD-2-Clause
"""
The kernel's API from user level, held against what the reference kernel answers.

tests/probe/expected.txt was recorded from seL4 16.0.0 in the reference configuration, four cores on
cortex-a53; docs/keel.md says what differs on other machines.
"""
import difflib

import machine
import pytest
from machine import Config


@pytest.mark.parametrize("config", [Config(gic=2, cores=4), Config(gic=3, cores=4)], ids=str)
def test_probe(run_root_task, config):
    expected = (machine.TREE / "tests/probe/expected.txt").read_text().splitlines()
    output = run_root_task("probe/probe", config)
    got = [line for line in output.splitlines() if line]
    difference = "\n".join(difflib.unified_diff(expected, got, "seL4", "this kernel", lineterm=""))
    assert not difference, difference
