# SPDX-License-Identifier: BSD-2-Clause
"""Boots in a row: none may hang. tests/soak.py does the same for as long as one likes."""
import pathlib
import sys

import machine
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import soak  # noqa: E402

LOGS = machine.BUILD / "logs" / "soak"
BUSY = [("cloud", machine.Config(2)), ("cloud", machine.Config(3, cores=4)),
        ("cloud", machine.Config(2, cores=4), 4), ("cloud", machine.Config(3, cores=4), 4)]


def all_pass(machines, rounds):
    possible = [each for each in machines if each[1].possible()]
    if not possible:
        pytest.skip("the given kernel runs on none of these machines")
    tallies = soak.soak(possible, rounds, 2, LOGS)
    bad = {name: str(tally) for name, tally in tallies.items()
           if tally.ends[soak.PASSED] != rounds}
    assert not bad, f"{bad}; see {LOGS}"


@pytest.mark.long
def test_every_machine():
    all_pass(soak.MACHINES, 1)


@pytest.mark.long
def test_fifty_boots_on_a_busy_computer():
    with soak.load():
        all_pass(BUSY, 50)
