# SPDX-License-Identifier: BSD-2-Clause
"""The descriptions that come with Bulkhead are right, with the guests they name."""

import pathlib
import subprocess

import artefacts
import pytest

SYSTEMS = sorted((artefacts.TREE / "systems").glob("*.dts"))


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_system(path):
    result = subprocess.run([artefacts.BUILD / "tool" / "bulkhead-san", "check", path],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)
    assert result.returncode == 0, result.stderr


def test_there_are_systems():
    assert pathlib.Path("minimal.dts") in [pathlib.Path(path.name) for path in SYSTEMS]
