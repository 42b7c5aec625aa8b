# SPDX-License-Identifier: BSD-2-Clause
"""Boots in a row: none may hang. tests/soak.py does the same for as long as one likes."""
import pathlib
import re
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


class Started(machine.Machine):
    """One whose guest has begun."""

    def start(self, text, *qemu):
        super().start(text, *qemu)
        self.wait("echo: asking")


class Deaf(machine.Machine):
    """One whose monitor is elsewhere, as if it were not there yet."""

    def start(self, text, *_):
        super().start(text)


@pytest.mark.parametrize("kind,below", [
    pytest.param(Started, r"(CPU#\d\n PC=[0-9a-f]{16}(.*\n)+){4}", id="running"),
    pytest.param(Deaf, "soak: no registers: ", id="too-early")])
def test_a_boot_that_hangs_is_looked_into(tmp_path, monkeypatch, kind, below):
    """Its log has the registers of all four processors at its end, or why it has none."""
    monkeypatch.setattr(machine, "Machine", kind)
    monkeypatch.setattr(soak, "BOOT_SECONDS", 0)
    # A guest that never says what a Debian says.
    monkeypatch.setattr(soak, "debian", lambda name, *_, **__: machine.bare(name, "echo"))
    config = machine.Config(machine.KERNEL_GIC, cores=4)
    end, _, reason = soak.boot("cloud", config, log=tmp_path / "log")
    assert end == soak.HUNG and "while waiting for" in reason
    text = (tmp_path / "log").read_text()
    assert re.search(below, text[text.index(f"soak: {reason}\n"):]), text


@pytest.mark.long
def test_every_machine():
    all_pass(soak.MACHINES, 1)


@pytest.mark.long
def test_fifty_boots_on_a_busy_computer():
    with soak.load():
        all_pass(BUSY, 50)
