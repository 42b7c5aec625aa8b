# SPDX-License-Identifier: BSD-2-Clause
"""bulkhead graph: tables that people read, and a graph that Graphviz takes."""
import re

import artefacts
import pytest

EXPECTED = artefacts.CORPUS / "graph"


@pytest.mark.parametrize("name", ["reservations", "windows", "banks", "multi-vcpu"])
def test_text(tool, name):
    result = tool.run("graph", "--text", f"{name}.dts")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (EXPECTED / f"{name}.expected").read_text()


def test_graph(tool):
    """Every edge is between nodes that are declared."""
    text = tool.run("graph", "windows.dts").stdout
    assert text.startswith("graph system {\n") and text.endswith("}\n")
    nodes = set(re.findall(r'^    ("[^"]*") \[', text, re.M))
    edges = re.findall(r'^    ("[^"]*") -- ("[^"]*") \[', text, re.M)
    assert len(nodes) + len(edges) + 3 == text.count("\n")
    assert {end for edge in edges for end in edge} == nodes
    assert ('"vm one"', '"window mailbox"') in edges


def test_wrong_description(tool):
    result = tool.run("graph", "core-overbooked.dts")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (artefacts.CORPUS / "bad" / "core-overbooked.expected").read_text()


def test_names_cannot_write_on_the_terminal(tool):
    (tool.folder / "ker\x1b[2Jnel").write_bytes((tool.folder / "Image").read_bytes())
    (tool.folder / "escape.dts").write_text(
        "/dts-v1/;\n/ { compatible = \"bulkhead,system\"; board = \"qemu-virt-aarch64\";\n"
        "vms { one { memory = \"64M\"; kernel = \"ker\\x1b[2Jnel\"; }; }; };\n")
    result = tool.run("graph", "--text", "escape.dts")
    assert result.returncode == 0
    assert "  ker?[2Jnel\n" in result.stdout
