# SPDX-License-Identifier: BSD-2-Clause
"""Images taken apart again: layout, headers, archive, compiled description."""

import os
import shutil
import struct
import subprocess

import artefacts
import pytest

LOAD_ADDRESS = 0x4020_0000


def build(tool, description, *options, name="out.img", **variables):
    path = tool.folder.parent / name
    result = tool.run("build", description, "-o", str(path), *options, **variables)
    assert (result.returncode, result.stderr, result.stdout) == (0, "", "")
    return path.read_bytes()


def unwrap_elf(data):
    """The one segment of the ELF wrapping, checked against the bytes that follow."""
    magic, kind, machine, _, entry, phoff, _, _, _, _, phnum = struct.unpack_from(
        "<16sHHIQQQIHHH", data)
    assert magic[:6] == b"\x7fELF\x02\x01" and (kind, machine, phnum) == (2, 183, 1)
    p_type, _, offset, vaddr, paddr, filesz, memsz, align = struct.unpack_from("<IIQQQQQQ", data,
                                                                               phoff)
    assert (p_type, entry, vaddr, paddr) == (1, LOAD_ADDRESS, LOAD_ADDRESS, LOAD_ADDRESS)
    assert filesz == memsz == len(data) - offset and offset % align == 0
    return data[offset:]


def read_pe(image):
    """The headers of an EFI application: entry, size, and (flags, start, end) of each section."""
    pe, = struct.unpack_from("<I", image, 60)
    signature, machine, count, _, _, _, optional_size, flags = struct.unpack_from(
        "<4sHHIIIHH", image, pe)
    assert image[:2] == b"MZ" and (signature, machine) == (b"PE\0\0", 0xaa64)
    assert flags & 3 == 2  # executable; it can be loaded anywhere
    magic, _, _, _, data, bss, entry, _, base, memory_align, file_align = struct.unpack_from(
        "<HBBIIIIIQII", image, pe + 24)
    assert (magic, bss, base, memory_align, file_align) == (0x20b, 0, 0, 4096, 4096)
    size, headers, _, subsystem = struct.unpack_from("<IIIH", image, pe + 24 + 56)
    assert (headers, subsystem) == (4096, 10)
    sections = []
    for index in range(count):
        name, memory, address, on_disk, offset, _, _, _, _, rights = struct.unpack_from(
            "<8sIIIIIIHHI", image, pe + 24 + optional_size + 40 * index)
        assert (memory, address) == (on_disk, offset)
        sections.append((rights, address, address + memory))
    assert data == sections[-1][2] - sections[-1][1]
    return entry, size, sections


def take_apart(raw):
    """Kernel, user image with its address and entry, and cores of a raw image."""
    assert raw[56:60] == b"ARM\x64"
    assert struct.unpack_from("<Q", raw, 16)[0] == len(raw)
    _, size, sections = read_pe(raw)
    assert size == sections[-1][2] == len(raw)
    start = 8192  # the stand-in for the loader has 5000 bytes
    magic, version, cores, kernel, kernel_size, user, user_size, vaddr, entry = struct.unpack_from(
        "<8sIIQQQQQQ", raw, start)
    assert (magic, version) == (b"BKHPAYLD", 1)
    assert kernel % 4096 == user % 4096 == user_size % 4096 == vaddr % 4096 == 0
    assert start + user + user_size == len(raw)
    kernel_bytes = raw[start + kernel:][:kernel_size]
    return kernel_bytes, raw[start + user:], vaddr, entry, cores


def read_archive(data):
    magic, version, count, size, _ = struct.unpack_from("<8sIIQQ", data)
    assert (magic, version, size) == (b"BKHARCHV", 1, len(data))
    files, end = {}, 32 + 128 * count
    for index in range(count):
        name, offset, length = struct.unpack_from("<112sQQ", data, 32 + 128 * index)
        assert offset % 4096 == 0 and offset >= end
        end = offset + length
        files[name.rstrip(b"\0").decode()] = data[offset:end]
    assert end <= size < end + 4096 and not any(data[end:])
    return files


def decompile(blob):
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input=blob, check=True,
                          capture_output=True).stdout.decode()
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_all_formats_hold_the_same(tool):
    raw = build(tool, "full.dts", "--format", "raw", name="same.raw")
    assert unwrap_elf(build(tool, "full.dts", name="same.elf")) == raw
    assert build(tool, "full.dts", "--format", "efi", name="same.efi") == raw


def test_efi_application(tool):
    """The real loader: sections cover all of the file in order, and none is writable code."""
    image = build(tool, "full.dts", "--format", "efi", BULKHEAD_PARTS=str(artefacts.BUILD))
    entry, size, sections = read_pe(image)
    (text, text_start, text_end), (data, data_start, data_end) = sections
    assert struct.unpack_from("<Q", image, 16)[0] == size == len(image)
    assert (text_start, text_end, data_end) == (4096, data_start, size)
    assert text_start <= entry < text_end
    assert struct.unpack_from("<I", image, 64 + 24 + 4)[0] == text_end - text_start
    assert text & 0xf000_0000 == 0x6000_0000 and data & 0xf000_0000 == 0xc000_0000
    assert image.find(b"BKHPAYLD", data_start) % 4096 == 0


def test_others_read_the_efi_application(tool):
    build(tool, "full.dts", "--format", "efi", name="real.efi", BULKHEAD_PARTS=str(artefacts.BUILD))
    read = subprocess.run(["llvm-readobj", "--file-headers", "--sections",
                           tool.folder.parent / "real.efi"], check=True, capture_output=True,
                          text=True).stdout
    for line in ("Format: COFF-ARM64", "Subsystem: IMAGE_SUBSYSTEM_EFI_APPLICATION (0xA)",
                 "Name: .text (", "Name: .data ("):
        assert line in read


@pytest.mark.parametrize("offset, value, wrong", [
    (56, b"ARM\0", "has no arm64 Image header"),
    (0, b"ZM", "is no EFI application"),
    (64, b"PE\1\0", "is no EFI application"),
    (60, b"\xff\xff\xff\xff", "is no EFI application"),
    (60, struct.pack("<I", 5000 - 83), "is no EFI application"),
    (64 + 6, b"\0\0", "is no EFI application"),
    (64 + 6, b"\xff\xff", "is no EFI application"),
    (64 + 20, b"\xff\xff", "is no EFI application"),
    (64 + 24 + 112 + 12, struct.pack("<I", 5001), "is no EFI application"),
])
def test_bad_loader(tool, tmp_path, offset, value, wrong):
    parts = tmp_path / "parts"
    shutil.copytree(tool.parts, parts)
    loader = bytearray((parts / "loader/loader.bin").read_bytes())
    loader[offset:offset + len(value)] = value
    (parts / "loader/loader.bin").write_bytes(loader)
    result = tool.run("build", "minimal.dts", "-o", "never.img", BULKHEAD_PARTS=str(parts))
    assert result.returncode == 1
    assert result.stderr == (f"bulkhead: {parts}/loader/loader.bin {wrong}; build Bulkhead again "
                             "(make)\n")
    assert not (tool.folder / "never.img").exists()


def test_user_image(tool):
    raw = build(tool, "full.dts", "--format=raw")
    kernel, user, vaddr, entry, _ = take_apart(raw)
    assert kernel == (tool.parts / "kernel/keel.elf").read_bytes()
    assert (vaddr, entry) == (artefacts.MANAGER_BASE, artefacts.MANAGER_BASE + 4)
    # two segments and the second one's bss: up to the page's end of 0x3010 + 0x1800
    manager, archive = user[:0x5000], user[0x5000:]
    assert manager.startswith(b"manager text\0")
    assert manager[0x3010:].rstrip(b"\0") == b"manager data"
    assert archive.startswith(b"BKHARCHV")


def test_archive(tool):
    _, user, _, _, _ = take_apart(build(tool, "full.dts", "--format", "raw"))
    files = read_archive(user[0x5000:])
    assert list(files) == ["system.dtb", "prog/vmm", "prog/console", "prog/timer",
                           "vm/debian/kernel", "vm/debian/initrd", "vm/debian/overlay",
                           "vm/bare-metal-guest/kernel"]
    for name in ("vmm", "console", "timer"):
        folder = "vmm" if name == "vmm" else "servers"
        whole = (tool.parts / folder / f"{name}.elf").read_bytes()
        trimmed = files[f"prog/{name}"]
        assert b"debug" not in trimmed
        # all but the section headers' fields in the ELF header
        assert trimmed[64:] == whole[64:len(trimmed)]
    assert files["vm/debian/kernel"] == (tool.folder / "Image").read_bytes()
    assert files["vm/debian/initrd"] == (tool.folder / "initrd.cpio").read_bytes()
    assert files["vm/debian/overlay"] == (tool.folder / "overlay.dtbo").read_bytes()
    assert files["vm/bare-metal-guest/kernel"] == (tool.folder / "flat.bin").read_bytes()


def test_a_file_of_several_vms_is_packed_once(tool):
    _, user, _, _, _ = take_apart(build(tool, "windows.dts", "--format", "raw"))
    archive, offsets = user[0x5000:], {}
    for index in range(struct.unpack_from("<I", archive, 12)[0]):
        name, offset, length = struct.unpack_from("<112sQQ", archive, 32 + 128 * index)
        offsets[name.rstrip(b"\0").decode()] = (offset, length)
    assert offsets["vm/one/kernel"] == offsets["vm/two/kernel"]
    offset, length = offsets["vm/one/kernel"]
    assert archive[offset:offset + length] == (tool.folder / "Image").read_bytes()
    assert archive.count(b"ARM\x64") == 1


def test_compiled_description(tool):
    _, user, _, _, _ = take_apart(build(tool, "full.dts", "--format", "raw"))
    assert decompile(read_archive(user[0x5000:])["system.dtb"]) == [
        '/dts-v1/;', '/ {', 'compatible = "bulkhead,system";', 'bulkhead,compiled = <0x01>;',
        'board = "qemu-virt-aarch64";', 'windows {', '};', 'vms {',
        'debian {', 'cpus = <0x02>;', 'affinity = <0x01 0x07>;', 'priority = <0xc8 0x64>;',
        'budget-us = <0x7d0 0x2710>;', 'period-us = <0x2710 0x2710>;',
        'ram = <0x00 0x40000000 0x00 0x8000000 0x00 0x00>;',
        'kernel = "vm/debian/kernel";', 'initrd = "vm/debian/initrd";',
        'overlay = "vm/debian/overlay";', 'bootargs = "console=ttyAMA0";',
        'restart = "on-failure";', '};',
        'bare-metal-guest {', 'cpus = <0x01>;', 'affinity = <0x00>;', 'priority = <0x64>;',
        'budget-us = <0x2710>;', 'period-us = <0x2710>;',
        'ram = <0x00 0x40000000 0x00 0x200000 0x00 0x00>;',
        'kernel = "vm/bare-metal-guest/kernel";', 'bootargs = "console=ttyAMA0";',
        'restart = "never";', '};', '};', '};']


def test_text_reaches_the_description_unchanged(tool):
    _, user, _, _, _ = take_apart(build(tool, "escapes.dts", "--format", "raw"))
    blob = read_archive(user[0x5000:])["system.dtb"]
    assert b'a="b c" d=\\ { } ; /* x */ tab\tA\0' in blob


def test_images_are_reproducible(tool):
    assert build(tool, "full.dts", name="a.elf") == build(tool, "full.dts", name="b.elf")


def test_other_kernel(tool):
    path = tool.folder.parent / "sel4.elf"
    path.write_bytes(artefacts.elf64([(0x6000_0000, 0x6000_0000, b"sel4", 4096)], 0x6000_0000))
    raw = build(tool, "minimal.dts", "--kernel", str(path), "--format", "raw")
    assert take_apart(raw)[0] == path.read_bytes()
    assert take_apart(raw)[4] == 4


def test_cores_that_the_kernel_starts(tool):
    """The bundled kernel takes what the board has; a seL4 kernel is built for a number of them."""
    def cores(*options):
        return take_apart(build(tool, "minimal.dts", "--format", "raw", *options))[4]

    kernel = str(tool.parts / "kernel/keel.elf")
    assert cores() == 0
    assert cores("--cpus", "2") == 2
    assert cores("--kernel", kernel) == 4
    assert cores("--kernel", kernel, "--cpus", "1") == 1


@pytest.mark.parametrize("contents, wrong", [
    (b"no kernel", "is no ELF file"),
    (artefacts.elf64([(0, 0, b"x" * 4096, 4096)], 0)[:5000], "is truncated"),
    (artefacts.elf64([(0, 0, b"x", 4096)], 0, machine=62), "is not for 64-bit Arm"),
])
def test_bad_kernel(tool, contents, wrong):
    path = tool.folder.parent / "bad.elf"
    path.write_bytes(contents)
    result = tool.run("build", "minimal.dts", "-o", "never.img", "--kernel", str(path))
    assert result.returncode == 1
    assert result.stderr == (f"bulkhead: {path} {wrong}; give a seL4 or keel kernel.elf for this "
                             "board\n")
    assert not (tool.folder / "never.img").exists()


K = artefacts.KERNEL
W = 0x80_0000_0000


@pytest.mark.parametrize("segments, entry, wrong", [
    ([(0x40_0000, 0x40_0000, b"x", 4096)], 0x40_0000,
     "there is no room in RAM for the user image behind the kernel's place"),
    ([(K, K, b"x", 1 << 40)], K,
     "there is no room in RAM for the user image behind the kernel's place"),
    ([(LOAD_ADDRESS, LOAD_ADDRESS, b"x", 4096)], LOAD_ADDRESS,
     "the boot image was loaded where the kernel belongs; load it elsewhere"),
    ([(K, K, b"x", 4096)], K + 4096, "the kernel's entry point is not in executable memory"),
    ([(K + 4, K + 4, b"x", 4096)], K + 4, "the kernel's addresses are not aligned"),
    ([(W + K + 4096, K, b"x", 4096)], W + K + 4096, "the kernel's addresses are not aligned"),
    ([(W + K, K, b"x", 4096), (W + K + 8192, K + 4096, b"x", 4096)], W + K,
     "the kernel's segments are not at one offset from their physical addresses"),
    ([(1 << 52 | K, K, b"x", 4096)], 1 << 52 | K,
     "the kernel's virtual addresses are not in one gigabyte above the identity map"),
    ([(K + 8192, K + 8192, b"x", 4096), (K, K, b"x", 4096)], K,
     "it has segments that overlap or are out of order"),
    ([(K, K, b"x", 4096), (K, K, b"x", 4096)], K,
     "it has segments that overlap or are out of order"),
    ([(K + n * 4096, K + n * 4096, b"x", 4096) for n in range(40)], K,
     "it has no segment to load, or too many"),
])
def test_kernel_that_the_loader_would_refuse(tool, segments, entry, wrong):
    path = tool.folder.parent / "odd.elf"
    path.write_bytes(artefacts.elf64(segments, entry))
    for form in "elf", "raw":
        result = tool.run("build", "minimal.dts", "-o", "never.img", "--format", form, "--kernel",
                          str(path))
        assert result.returncode == 1
        assert result.stderr == (f"bulkhead: {path} is no kernel for this board: {wrong}; give a "
                                 "seL4 or keel kernel.elf for this board\n")
        assert not (tool.folder / "never.img").exists()


def test_image_is_replaced_whole(tool, tmp_path):
    """The old image stays until the new one is complete, and no temporary file is left."""
    image = tmp_path / "system.img"
    image.write_bytes(b"old")
    assert tool.run("build", "kernel-absent.dts", "-o", str(image)).returncode == 1
    assert image.read_bytes() == b"old"
    assert tool.run("build", "minimal.dts", "-o", str(image)).returncode == 0
    assert image.read_bytes().startswith(b"\x7fELF")
    assert os.listdir(tmp_path) == ["system.img"]


@pytest.mark.parametrize("name, reason", [
    ("absent/system.img", "No such file or directory"),
    ("folder", "it is no regular file; choose another name for -o"),
    ("/dev/null", "it is no regular file; choose another name for -o"),
])
def test_output_that_cannot_be(tool, name, reason):
    result = tool.run("build", "minimal.dts", "-o", name)
    assert result.returncode == 1
    assert result.stderr == f"bulkhead: cannot write {name}: {reason}\n"
