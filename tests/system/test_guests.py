# SPDX-License-Identifier: BSD-2-Clause
"""The bare-metal test guests, each alone in a system, against their expected output."""
import machine
import pytest
from machine import Config, bare, description

EXPECTED = machine.TREE / "tests" / "guest" / "expected"
NAMES = sorted({path.name.split(".")[0] for path in EXPECTED.glob("*.txt")})


def expected(name, gic):
    own = EXPECTED / f"{name}.gicv{gic}.txt"
    path = own if own.exists() else EXPECTED / f"{name}.txt"
    return path.read_text().splitlines()


@pytest.mark.parametrize("gic", [2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_guest_program(boot, name, gic):
    running = boot(description(bare("guest", name)), Config(gic))
    running.wait_end(180)
    text = running.guest_text()
    assert f"PASS {name}" in text, f"see {running.log_path}\n{text[-800:]}"
    running.check_lines(expected(name, gic))


@pytest.mark.parametrize("cpu", ["cortex-a57", "max"])
@pytest.mark.parametrize("name", ["exceptions", "gic-interrupts", "mmio", "sysregs", "timer"])
def test_guest_program_on_cpu(boot, name, cpu):
    running = boot(description(bare("guest", name)), Config(3, cpu, 4))
    running.wait_end(120)
    running.check_lines(expected(name, 3))


@pytest.mark.parametrize("gic", [2, 3])
def test_input(boot, gic):
    """Bytes typed reach the guest, control bytes too, whether it asks or is interrupted."""
    running = boot(description(bare("guest", "echo")), Config(gic))
    for how in ("asking", "interrupted"):
        running.wait(f"echo: {how}")
        running.type("hello world\r")
        running.wait("line of 11: hello world")
        running.type("a\x03b\x04\r")
        running.wait(r"line of 6: a\^Cb\^D")
        running.type("\r")
        running.wait("line of 0: ")
        running.type("x" * 300 + "\r")
        running.wait("line of 300: x{300}")
        running.type("quit\r")
    running.wait("PASS echo")
    running.wait_end()


def test_escape_key(boot):
    """Ctrl-] twice is the key itself for the guest; Ctrl-] q switches the system off."""
    running = boot(description(bare("guest", "echo")), Config())
    running.wait("echo: asking")
    running.type(machine.ESCAPE * 2 + "\r")
    running.wait(r"line of 2: \^\]")
    running.type(machine.ESCAPE + "q")
    running.wait_end()
