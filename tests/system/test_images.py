# SPDX-License-Identifier: BSD-2-Clause
"""Bad input: one clear line, exit status 1, nothing built; and images damaged after the build."""
import machine
import pytest
from machine import Config, bare, debian, description, vm


def build(folder, text):
    (folder / "system.dts").write_text(text)
    arguments = (["--kernel", machine.KERNEL, "--cpus", str(machine.KERNEL_CORES)]
                 if machine.KERNEL else [])
    return machine.run(machine.BUILD / "bulkhead", "build", "system.dts", "-o", "system.img",
                       *arguments, folder=folder)


def truncated_kernel(folder):
    guests = machine.run(machine.TREE / "guests" / "fetch", "debian-12-cloud", folder=folder)
    image = open(f"{guests.stdout.strip()}/kernel", "rb").read()
    (folder / "truncated").write_bytes(image[:len(image) // 2])
    return vm("one", "truncated", "256M")


def large_initrd(folder):
    with open(folder / "large", "wb") as file:
        file.truncate(64 << 20)
    return debian("one", memory="64M").replace("@debian-12-cloud/initrd", "large")


TRUNCATED = r'"kernel": truncated is truncated: it has \d+ bytes, its header says \d+;'
TOO_LARGE = r'"initrd": large needs 64 MiB beside kernel and devicetree with \d+, "memory" is 64 MiB'
CASES = {
    "missing-file": (lambda folder: vm("one", "no-such-file"), "no-such-file"),
    "truncated-kernel": (truncated_kernel, TRUNCATED),
    "initrd-does-not-fit": (large_initrd, TOO_LARGE),
    "typo": (lambda folder: bare("one", "hello").replace("memory", "memmory"), "memmory"),
    "unknown-guest": (lambda folder: vm("one", "@no-such-guest/kernel"), "no-such-guest"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_description(tmp_path, case):
    make, word = CASES[case]
    built = build(tmp_path, description(make(tmp_path)))
    lines = [line for line in built.stderr.splitlines() if line]
    assert built.returncode == 1
    assert machine.re.search(word, lines[-1]), built.stderr
    assert built.stdout == ""
    assert not (tmp_path / "system.img").exists()


def damaged(folder, mark, change):
    """An image with the bytes after the last `mark` changed."""
    built = build(folder, description(bare("one", "hello")))
    assert built.returncode == 0, built.stderr
    path = folder / "system.img"
    data = bytearray(path.read_bytes())
    at = data.rfind(mark)
    assert at >= 0
    data[at:at + len(change)] = change
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("mark, change", [(b"bulkhead,system\0", b"bulkhead,sistem\0"),
                                          (b"\xd0\x0d\xfe\xed", b"\xd0\x0d\xfe\xee")],
                         ids=["wrong-description", "no-description"])
def test_damaged_image(boot, tmp_path, mark, change):
    """The manager says what is wrong and switches off; it does not fault."""
    running = boot(damaged(tmp_path, mark, change), Config())
    running.wait(r"manager: [^\r\n]*(description|system\.dtb|archive)")
    running.wait_end()
