# SPDX-License-Identifier: BSD-2-Clause
"""One raw image, started by everything that can start it: QEMU, UEFI firmware, U-Boot."""
import shutil

import machine
import pytest
from machine import Config, bare, debian, description

UEFI = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"
U_BOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"

# Without tables for ACPI the firmware hands on QEMU's devicetree.
EFI_BOARD = "virt,virtualization=on,acpi=off"
CONFIGS = [Config(2), Config(3, "cortex-a57", 4)]


def build(folder, config, *vms):
    """A raw image in a folder of its own, named as UEFI firmware looks for it."""
    source, image = folder / "system.dts", folder / "disk" / "EFI" / "BOOT" / "BOOTAA64.EFI"
    image.parent.mkdir(parents=True)
    source.write_text(description(*vms))
    kernel = ["--kernel", machine.KERNEL] if machine.KERNEL else []
    built = machine.run(machine.BUILD / "bulkhead", "build", source, "-o", image, "--format", "efi",
                        "--cpus", config.board_cores(), *kernel, folder=folder)
    assert built.returncode == 0, built.stderr
    return image


def start_uefi(new, folder, board=EFI_BOARD):
    """The firmware, with a disk (QEMU makes one of the folder) that has the image on it."""
    return new.start_qemu("-nic", "none", "-bios", UEFI,
                          "-drive", f"if=none,id=disk,format=raw,file=fat:rw:{folder}/disk",
                          "-device", "virtio-blk-pci,drive=disk", machine=board)


def see_hello(running):
    running.wait("PASS hello", 120)
    running.wait("vm hello: powered off")
    running.wait_end()


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_qemu(new_machine, tmp_path, config):
    image = build(tmp_path, config, bare("hello", "hello"))
    see_hello(new_machine(config).start_qemu("-nic", "none", "-kernel", str(image)))


def test_too_little_memory(new_machine, tmp_path):
    config = Config()
    image = build(tmp_path, config, bare("hello", "hello"))
    running = new_machine(config).start_qemu("-nic", "none", "-kernel", str(image), "-m", "512")
    running.wait(r"bulkhead loader: RAM at 0x40000000\.\.0x60000000\r")
    running.wait("bulkhead loader: there is no room in RAM .*; stopped")


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_uefi_from_disk(new_machine, tmp_path, config):
    new = new_machine(config)
    build(tmp_path, config, bare("hello", "hello"))
    see_hello(start_uefi(new, tmp_path))


def test_uefi_from_qemu(new_machine, tmp_path):
    """QEMU hands the image to the firmware, which starts it like one from a disk."""
    config = Config()
    image = build(tmp_path, config, bare("hello", "hello"))
    see_hello(new_machine(config).start_qemu("-nic", "none", "-bios", UEFI, "-kernel", str(image),
                                             machine=EFI_BOARD))


@pytest.mark.parametrize("board, line", [
    ("virt,virtualization=on", "the firmware gives no devicetree"),
    ("virt,acpi=off", "the firmware is at EL1"),
], ids=["acpi", "el1"])
def test_uefi_cannot(new_machine, tmp_path, board, line):
    """One line on the firmware's console, and the firmware goes on with its next choice."""
    config = Config()
    build(tmp_path, config, bare("hello", "hello"))
    running = start_uefi(new_machine(config), tmp_path, board)
    running.wait(f"bulkhead loader: {line}", 120)
    running.wait("failed to start .*Unsupported")


def start_u_boot(new, folder, image):
    """Up to a prompt with the image in memory. It comes by TFTP, from the server inside QEMU."""
    shutil.copy(image, folder / "disk" / "system.img")
    running = new.start_qemu("-bios", U_BOOT, "-netdev", f"user,id=lan,tftp={folder}/disk",
                             "-device", "virtio-net-pci,netdev=lan,romfile=")
    running.wait("stop autoboot", 120)
    running.type(" ")
    for line in ("setenv autoload no", "dhcp", "tftpboot ${kernel_addr_r} system.img"):
        running.wait("=> ")
        running.type(line + "\r")
    running.wait(f"Bytes transferred = {image.stat().st_size} ")
    running.wait("=> ")
    return running


@pytest.mark.parametrize("command", [
    "booti ${kernel_addr_r} - ${fdtcontroladdr}",
    "bootefi ${kernel_addr_r} ${fdtcontroladdr}",
    "bootefi ${kernel_addr_r}",
], ids=["booti", "bootefi", "bootefi-own-devicetree"])
@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_u_boot_from_network(new_machine, tmp_path, config, command):
    new = new_machine(config)
    image = build(tmp_path, config, bare("hello", "hello"))
    running = start_u_boot(new, tmp_path, image)
    running.type(command + "\r")
    see_hello(running)


@pytest.mark.parametrize("change, command, line", [
    ("fdt rm /psci", "booti ${kernel_addr_r} - ${fdtcontroladdr}", "names no PSCI .* stopped"),
    ("fdt rm /cpus", "bootefi ${kernel_addr_r} ${fdtcontroladdr}",
     "devicetree is unusable: there is no cpus node"),
], ids=["no-psci", "no-cpus"])
def test_u_boot_devicetree_lacks_something(new_machine, tmp_path, change, command, line):
    config = Config(cores=4)
    image = build(tmp_path, config, bare("hello", "hello"))
    running = start_u_boot(new_machine(config), tmp_path, image)
    for text in ("fdt addr ${fdtcontroladdr}", change):
        running.type(text + "\r")
        running.wait("=> ")
    running.type(command + "\r")
    running.wait(f"bulkhead loader: [^\r]*{line}")


@pytest.mark.long
@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_uefi_debian(new_machine, tmp_path, config):
    new = new_machine(config)
    build(tmp_path, config, debian("debian", action="smoke"))
    running = start_uefi(new, tmp_path)
    running.wait("guest: TEST smoke PASS", 300)
    running.wait("vm debian: powered off")
    running.wait_end()
