# SPDX-License-Identifier: BSD-2-Clause
"""Files that descriptions of the corpus name, and stand-ins for Bulkhead's own programs."""

import gzip
import os
import pathlib
import shutil
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("BULKHEAD_BUILD") or TREE / "build").resolve()
CORPUS = HERE / "corpus"
RAM = 0x4000_0000
START = RAM + 0x10_0000
KERNEL = 0x6000_0000
MIB = 1 << 20


def arm64_image(text=b"text", file_size=MIB, image_size=2 * MIB, pe_size=None):
    """A Linux arm64 Image that is a PE file too, as distributions ship it."""
    pe_size = file_size if pe_size is None else pe_size
    header = struct.pack("<2sH IQQQQQQ4sI", b"MZ", 0, 0, 0, image_size, 0xa, 0, 0, 0, b"ARM\x64",
                         0x40)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0xaa64, 1, 0, 0, 0, 0, 0x206)
    section = struct.pack("<8sIIIIIIHHI", b".text", (image_size - 0x1000) & 0xffffffff,
                          0x1000, pe_size - 0x1000,
                          0x1000, 0, 0, 0, 0, 0x60000020)
    return (header + coff + section + text).ljust(file_size, b"\0")


def loader_binary(text=b"loader", size=5000):
    """An Image that is an EFI application too; what depends on the boot image's size is 0."""
    header = struct.pack("<2sHIQQQQQQ4sI", b"MZ", 0, 0, 0, 0, 0xa, 0, 0, 0, b"ARM\x64", 0x40)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0xaa64, 1, 0, 0, 0, 112, 0x206)
    optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20b, 0, 0, 0, 0, 0, 0, 0, 0, 4096,
                           4096, 0, 0, 0, 0, 0, 0, 0, 0, 4096, 0, 10, 0, 0, 0, 0, 0, 0, 0)
    section = struct.pack("<8sIIIIIIHHI", b".data", 0, 4096, 0, 4096, 0, 0, 0, 0, 0xc0000040)
    return (header + coff + optional + section + text).ljust(size, b"\0")


def elf64(segments, entry, machine=183):
    """An executable of (virtual address, physical address, contents, size in memory) segments."""
    offset = 4096
    headers, body = b"", b""
    for vaddr, paddr, contents, memsz in segments:
        headers += struct.pack("<IIQQQQQQ", 1, 7, offset + len(body), vaddr, paddr, len(contents),
                               memsz, 4096)
        body += contents.ljust((len(contents) + 4095) // 4096 * 4096, b"\0")
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, machine, 1, entry, 64, 0, 0,
                       64, 56, len(segments), 64, 0, 0)
    return (head + headers).ljust(4096, b"\0") + body


def sparse(path, size):
    with open(path, "wb") as file:
        file.write(b"sparse")
        file.truncate(size)


def compile_overlay(source, target):
    subprocess.run(["dtc", "-q", "-O", "dtb", "-o", target, source], check=True)


def make_guest_files(folder):
    """All that the descriptions of the corpus name, beside those descriptions."""
    image = arm64_image()
    elf = elf64([(START, START, b"code" * 100, 8192)], START)
    outside = elf64([(0x1000, 0x1000, b"code" * 100, 8192)], 0x1000)
    files = {
        "Image": image,
        "Image.truncated": arm64_image(file_size=MIB // 2, pe_size=MIB),
        "Image.big-endian": image[:24] + b"\x0b" + image[25:],
        "Image.damaged": arm64_image(image_size=1 << 40),
        "Image.gz": gzip.compress(image, mtime=0),
        "Image.truncated.gz": gzip.compress(os.urandom(65536), mtime=0)[:30000],
        "Image.of-truncated.gz": gzip.compress(arm64_image(file_size=MIB // 2, pe_size=MIB)),
        "inside.elf.gz": gzip.compress(elf, mtime=0),
        "bzImage": b"MZ".ljust(0x202, b"\0") + b"HdrS" + bytes(4096),
        "zImage": bytes(0x24) + b"\x18\x28\x6f\x01" + bytes(4096),
        "linux.deb": b"!<arch>\ndebian-binary" + bytes(100),
        "initrd.cpio": b"070701" + b"0" * 1000,
        "inside.elf": elf,
        "outside.elf": outside,
        "entry.elf": elf64([(START, START, b"code" * 100, 8192)], START + 8192),
        "overlap.elf": elf64([(START, START, b"code", 8192), (START + 4096, START + 4096, b"code",
                                                              4096)], START),
        "segments.elf": elf64([(START + n * 4096, START + n * 4096, b"code", 4096)
                               for n in range(17)], START),
        "truncated.elf": elf[:4200],
        "x86.elf": elf64([(RAM, RAM, b"code", 4096)], RAM, machine=62),
        "flat.bin": b"\x14\0\0\0" * 16,
        "empty": b"",
        "damaged.dtbo": b"\xd0\x0d\xfe\xed" + b"\xff" * 100,
    }
    for name, contents in files.items():
        (folder / name).write_bytes(contents)
    (folder / "large.dtso").write_text("/dts-v1/;\n/plugin/;\n&uart0 { data = [" + "00" * 32768 +
                                       "]; };\n")
    (folder / "folder").mkdir()
    sparse(folder / "large", 127 * MIB)
    sparse(folder / "beyond", 513 * MIB)
    sparse(folder / "huge", 460 * MIB)
    shutil.copytree(CORPUS / "files", folder / "files")
    for path in (CORPUS / "files").iterdir():
        shutil.copy(path, folder)
    compile_overlay(folder / "overlay.dtso", folder / "overlay.dtbo")


def make_root(folder):
    """A source tree with a guests/fetch that knows one guest."""
    script = folder / "guests" / "fetch"
    script.parent.mkdir(parents=True)
    (folder / "fake").mkdir()
    (folder / "fake" / "kernel").write_bytes(arm64_image())
    script.write_text("""#!/bin/sh
if [ "$1" = fake ]; then
    echo "guests: making fake" >&2
    echo "$(dirname "$0")/../fake"
else
    echo "guests: there is no guest \\"$1\\"; guests/fetch --list names them" >&2
    exit 1
fi
""")
    script.chmod(0o755)


MANAGER_BASE = 0x40_0000


def make_parts(folder):
    """Programs of the right form, recognisable in an image."""
    def put(name, contents):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)

    def program(word):
        return elf64([(0x20_0000, 0x20_0000, word * 50, 4096)], 0x20_0000) + b"debug" * 10000

    put("loader/loader.bin", loader_binary())
    put("manager/manager.elf", elf64(
        [(MANAGER_BASE, MANAGER_BASE, b"manager text", 12),
         (MANAGER_BASE + 0x3010, MANAGER_BASE + 0x3010, b"manager data", 0x1800)],
        MANAGER_BASE + 4))
    put("vmm/vmm.elf", program(b"vmm "))
    put("servers/console.elf", program(b"console "))
    put("servers/timer.elf", program(b"timer "))
    put("kernel/keel.elf", elf64([(KERNEL, KERNEL, b"keel " * 1000, 16384)], KERNEL))
    put("guests/rt.bin", b"\x14\0\0\0" * 16)
