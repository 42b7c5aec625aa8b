# SPDX-License-Identifier: BSD-2-Clause
"""Bad descriptions, each with its one message, and good ones, which have none."""

import artefacts
import pytest

BAD = sorted(path.stem for path in (artefacts.CORPUS / "bad").glob("*.dts"))
GOOD = sorted(path.stem for path in (artefacts.CORPUS / "good").glob("*.dts"))


@pytest.mark.parametrize("name", BAD)
def test_bad(tool, name):
    expected = (artefacts.CORPUS / "bad" / f"{name}.expected").read_text()
    assert expected.count("\n") == 1
    before = tool.files()
    for command in (["check", f"{name}.dts"], ["build", f"{name}.dts", "-o", "out.img"]):
        result = tool.run(*command)
        assert result.stderr == expected
        assert result.stdout == ""
        assert result.returncode == 1
    assert tool.files() == before


@pytest.mark.parametrize("name", GOOD)
def test_good(tool, name):
    result = tool.run("check", f"{name}.dts")
    assert result.returncode == 0
    assert "no mistakes found" in result.stdout
    assert result.stderr == "" or name == "fetch"


def test_corpus_is_whole():
    """Every message belongs to a description."""
    assert sorted(p.stem for p in (artefacts.CORPUS / "bad").glob("*.expected")) == BAD
    assert len(BAD) >= 30
