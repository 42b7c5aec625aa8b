# SPDX-License-Identifier: BSD-2-Clause
"""What VMs can reach: nothing but their own memory and the windows that the description names."""
import re

import machine
import pytest
from machine import Config, bare, by

HEAD = '''/dts-v1/;
/ {
    compatible = "bulkhead,system";
    board = "qemu-virt-aarch64";
    dump-capabilities;
    windows { shm: mailbox { size = "64K"; }; log: log { size = "4K"; }; };
    vms {
'''
NAMED = re.compile(r"manager: dump: (window|pipe|stats|start block|banked) ([\w-]+): "
                   r"0x([0-9a-f]+)-0x([0-9a-f]+)")
RANGE = re.compile(r"manager: dump: 0x([0-9a-f]+)-0x([0-9a-f]+): ([^\r\n]+)")


def layout(name, binary, *nodes):
    """A VM with banks, hidden memory and windows."""
    return (f'        {name} {{ kernel = "{machine.GUEST_BINARIES / binary}.bin"; '
            + " ".join(nodes) + " };\n")


def bank(base, size, extra=""):
    return f'ram@{base:x} {{ size = "{size}"; {extra}}};'


def window(base, label, extra=""):
    return f"window@{base:x} {{ window = <&{label}>; {extra}}};"


def system(binary):
    return HEAD + "".join([
        # 98 MiB is no power of two: made from pieces.
        layout("alpha", binary, bank(0x4000_0000, "98M"), window(0x8000_0000, "shm", "writable; "),
               window(0x1_8000_0000, "log")),
        layout("beta", binary, bank(0x4000_0000, "6M"), bank(0x6020_0000, "34M"),
               bank(0x1_0000_0000, "2M", "hidden; "), window(0x9000_0000, "shm"),
               window(0x3f_ffff_f000, "log", "writable; ")),
        layout("gamma", binary, bank(0x4000_0000, "2M")),
    ]) + "    };\n};\n"


def read_dump(text):
    """[(kind, name, first, last)], {(first, last): {holder: rights}}"""
    named = [(kind, name, int(first, 16), int(last, 16))
             for kind, name, first, last in NAMED.findall(text)]
    ranges = {}
    for first, last, holders in RANGE.findall(text):
        entry = ranges.setdefault((int(first, 16), int(last, 16)), {})
        for holder in holders.split(", "):
            who, _, rights = holder.rpartition(" ")
            assert who not in entry, f"{who} twice in {first}"
            entry[who] = rights
    return named, ranges


def dump_of(boot, config):
    running = boot(system("echo"), config)
    running.wait(r"dump: end, (\d+) ranges[^\r\n]*[\r\n]")
    text = running.text()
    assert "not all" not in text
    running.type(machine.ESCAPE + "q")
    running.wait_end()
    named, ranges = read_dump(text)
    assert len(ranges) == int(re.search(r"dump: end, (\d+) ranges", text).group(1))
    return named, ranges


def owner(holder):
    """A guest and its VMM are one domain."""
    kind, _, name = holder.partition(" ")
    return name if kind in ("guest", "vmm") else kind


@pytest.mark.parametrize("gic", [2, 3])
def test_no_frame_in_two_domains(boot, gic):
    named, ranges = dump_of(boot, Config(gic))
    may = {"window": {"alpha", "beta"}, "banked": {"alpha", "beta", "gamma"},
           "start block": {"console", "manager"}}
    shared = []
    for (first, last), holders in ranges.items():
        assert "unknown" not in holders
        domains = {owner(holder) for holder in holders}
        if len(domains) == 1:
            continue
        inside = [entry for entry in named if entry[2] <= first and last <= entry[3]]
        assert len(inside) == 1, f"{first:#x}-{last:#x} is in {sorted(holders)}"
        kind, name = inside[0][:2]
        own = {"pipe": {"console", "manager", name}, "stats": {"manager", name}}
        assert domains <= (may | own)[kind], inside
        shared.append(name)
    assert {"mailbox", "log", "alpha", "beta", "gamma"} <= set(shared)
    # Nobody but guests sees windows, each with the rights that the description gives.
    for kind, name, first, last in named:
        if kind == "window":
            parts = [entry for (low, high), entry in ranges.items() if first <= low <= high <= last]
            rights = {"mailbox": ("rw", "ro"), "log": ("ro", "rw")}[name]
            assert parts and all(entry == {"guest alpha": rights[0], "guest beta": rights[1]}
                                 for entry in parts)


def test_memory_is_all_there_in_pieces(boot):
    """Guest and VMM see the same frames, as many as the description says, not in one piece."""
    _, ranges = dump_of(boot, Config())
    total = {}
    for (first, last), holders in ranges.items():
        for who in holders:
            if who.startswith("guest ") and "vmm " + who[6:] in holders:
                entry = total.setdefault(who[6:], [0, 0])
                entry[0] += last + 1 - first
                entry[1] += 1
    assert {name: size >> 20 for name, (size, _) in total.items()} == {
        "alpha": 98, "beta": 42, "gamma": 2}
    assert total["beta"][1] > 1


HIDDEN = 0x1_0000_0000


@pytest.mark.parametrize("gic", [2, 3])
def test_banks(boot, gic):
    """A guest uses every page of all its banks, also of the one that only it knows of."""
    text = HEAD.replace('windows { shm: mailbox { size = "64K"; }; log: log { size = "4K"; }; };', "")
    text += layout("one", "banks", f'bootargs = "hidden={HIDDEN} size={2 << 20}";',
                   bank(0x4000_0000, "6M"), bank(0x6020_0000, "34M"), bank(0x3f_ffc0_0000, "2M"),
                   bank(HIDDEN, "2M", "hidden; ")) + "    };\n};\n"
    running = boot(text, Config(gic))
    running.wait_end(120)
    running.check_lines(["3 banks", "ok the devicetree does not name the hidden one",
                         "bank at 0x40000000, 0x600000 bytes", "bank at 0x60200000, 0x2200000 bytes",
                         "bank at 0x3fffc00000, 0x200000 bytes", "bank at 0x100000000, 0x200000 bytes",
                         "ok all of it is zero at first", "ok each page keeps what is written",
                         "ok there is nothing behind any", "PASS banks"])


def said(running, name, line):
    """The VM has printed the line, whole."""
    return re.search(by(name, rf"{re.escape(line)}[\r\n]"), running.text())


# 4160 KiB are two pages of 2 MiB and sixteen of 4 KiB.
@pytest.mark.parametrize("gic, size", [(2, "64K"), (3, "64K"), (2, "4160K")])
def test_windows(boot, gic, size):
    """One VM writes, the other reads, and cannot write."""
    text = HEAD.replace('log: log { size = "4K"; };', "").replace("64K", size) + "".join([
        layout("alpha", "window", bank(0x4000_0000, "98M"),
               window(0x8000_0000, "shm", "writable; ")),
        layout("beta", "window", bank(0x4000_0000, "6M"), bank(0x6020_0000, "34M"),
               window(0x9000_0000, "shm")),
    ]) + "    };\n};\n"
    running = boot(text, Config(gic))
    running.wait_end(60)
    for name in ("alpha", "beta"):
        assert said(running, name, "PASS window"), running.log_path
    for line in ("ok the other VM's word", "ok a store aborts", "ok ... and changes nothing"):
        assert said(running, "beta", line), running.log_path


def test_one_image_in_two_vms(boot):
    """A program that is linked to one address runs at that address in two VMs at once."""
    vms = [bare("one", "memory", "66M"), bare("two", "memory", "66M")]
    running = boot(machine.description(*vms), Config())
    running.wait_end(120)
    for name in ("one", "two"):
        assert said(running, name, "PASS memory"), running.log_path


def test_fixed_program_in_two_vms(boot):
    """A program that cannot be moved runs in two VMs at the same addresses, over scattered frames."""
    vms = "".join(layout(name, "fixed", f'bootargs = "id={number}";',
                          bank(0x4000_0000, "98M"))
                  for number, name in enumerate(("left", "right"), start=1))
    head = HEAD.replace('windows { shm: mailbox { size = "64K"; }; log: log { size = "4K"; }; };', "")
    running = boot(head + vms + "    };\n};\n", Config(cores=4))
    # Both have filled their memory before either looks again.
    for name in ("left", "right"):
        running.see(by(name, "filled"))
    running.type(f"{machine.ESCAPE}1x{machine.ESCAPE}2x")
    running.wait_end(120)
    for name in ("left", "right"):
        assert said(running, name, "ok all of its memory is as it was"), running.log_path
        assert said(running, name, "PASS fixed"), running.log_path
    _, ranges = read_dump(running.text())
    frames = {name: sorted(area for area, holders in ranges.items() if f"guest {name}" in holders
                           and "vmm " + name in holders) for name in ("left", "right")}
    for name, areas in frames.items():
        assert sum(last + 1 - first for first, last in areas) == 98 << 20
    assert max(len(areas) for areas in frames.values()) > 1, f"all in one piece: {frames}"
    assert not set(frames["left"]) & set(frames["right"])
