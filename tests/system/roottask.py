# SPDX-License-Identifier: BSD-2-Clause
"""
Programs that take the manager's place, on keel or on the kernel that KERNEL names. They say what
they found on the serial port and turn the machine off.
"""
import os
import subprocess

import machine
from machine import KERNEL, KERNEL_CORES, PATIENCE

TESTS = machine.BUILD / "tests"
# A root task looks at no description, but an image needs one.
ANY_SYSTEM = machine.description(machine.vm("none", "nothing.bin"))


def parts(folder, program, kernel):
    """A folder of Bulkhead's programs in which every user program is the root task."""
    here = folder / "parts"
    links = {"loader/loader.bin": machine.BUILD / "loader/loader.bin", "kernel/keel.elf": kernel}
    for name in ("manager/manager", "vmm/vmm", "servers/console", "servers/timer"):
        links[name + ".elf"] = program
    for name, target in links.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).symlink_to(os.path.abspath(target))
    return here


def run(folder, log, program, config, *qemu, seconds=60, kernel=None):
    """Boots tests/PROGRAM.elf of the build; returns what it said until the machine was off."""
    cores = KERNEL_CORES if KERNEL else config.cores
    kernel = kernel or KERNEL or machine.BUILD / "kernel/keel.elf"
    (folder / "nothing.bin").write_bytes(b"nothing")
    (folder / "system.dts").write_text(ANY_SYSTEM)
    built = subprocess.run(
        [machine.BUILD / "tool/bulkhead", "build", folder / "system.dts", "-o", folder / "image",
         "--cpus", str(cores)], capture_output=True, text=True, timeout=60,
        env=dict(os.environ, BULKHEAD_PARTS=str(parts(folder, TESTS / f"{program}.elf", kernel))))
    assert built.returncode == 0, built.stderr
    command = ["qemu-system-aarch64", "-M", f"virt,virtualization=on,gic-version={config.gic}",
               "-cpu", config.cpu, "-smp", str(cores), "-m", "2048", "-nographic", "-nic", "none",
               "-no-reboot", "-kernel", str(folder / "image"), *qemu]
    with open(log, "wb") as output:
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output,
                           stderr=subprocess.STDOUT, timeout=seconds * PATIENCE)
            late = ""
        except subprocess.TimeoutExpired:
            late = f"not over after {seconds * PATIENCE:.0f} s; see {log}"
    text = log.read_bytes().decode(errors="replace").replace("\r", "")
    assert not late, f"{late}\n{text[-2000:]}"
    return text
