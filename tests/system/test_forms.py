# SPDX-License-Identifier: BSD-2-Clause
"""The forms in which a guest's program can come, and an overlay, as guests find them."""
import gzip
import struct

from machine import GUEST_BINARIES, Config, bare, description, vm

OVERLAY = """/dts-v1/;
/plugin/;
&uart0 { current-speed = <115200>; };
&{/} {
    bulkhead,number = <0x5eed0001>;
    extra { compatible = "bulkhead,test"; number = <0x5eed0002 0x5eed0003>; };
};
"""
FLAT, STACK = 0x80000, 0x20000


def linux_image(program, offset):
    """A flat program as an arm64 Image (Linux Documentation/arch/arm64/booting.rst) whose header is
    at `offset` and whose first instruction branches to where the program has to be."""
    ahead = FLAT - offset
    size = ahead + len(program) + STACK
    branch = 0x14000000 | ahead // 4
    header = struct.pack("<IIQQQQQQII", branch, 0, offset, size, 0, 0, 0, 0, 0x644d5241, 0)
    return header.ljust(ahead, b"\0") + program


def test_forms(boot, tmp_path):
    """An ELF file, a gzip'd Image, and a flat program whose devicetree an overlay extends."""
    program = (GUEST_BINARIES / "hello.bin").read_bytes()
    (tmp_path / "hello.gz").write_bytes(gzip.compress(linux_image(program, 0x70000)))
    (tmp_path / "extra.dtso").write_text(OVERLAY)
    running = boot(description(vm("elf", GUEST_BINARIES / "hello.elf"), vm("gzip", "hello.gz"),
                               bare("flat", "overlay", overlay="extra.dtso")), Config())
    running.wait_end(60)
    text = running.text()
    assert "BAD" not in text
    for name, program in (("elf", "hello"), ("gzip", "hello"), ("flat", "overlay")):
        assert f"[{name}]\x1b[0m PASS {program}" in text.replace("\r", "")
