# SPDX-License-Identifier: BSD-2-Clause
"""
Kernels on their own: programs that take the manager's place, on keel or on the kernel that KERNEL
names. They say what they found on the serial port and turn the machine off.
"""
import os
import re
import subprocess

import machine
import pytest
from machine import KERNEL, KERNEL_CORES, PATIENCE, Config

TESTS = machine.BUILD / "tests"
# A root task looks at no description, but an image needs one.
ANY_SYSTEM = machine.description(machine.vm("none", "nothing.bin"))
# Time is counted in instructions, whatever the host does: one a nanosecond, or one in eight.
COUNTED = ["-icount", "shift=0,sleep=off"]
COUNTED_SLOW = ["-icount", "shift=3,sleep=off"]
# All cores in one thread of the host: IPIs do not wait for the host's scheduler.
ONE_THREAD = ["-accel", "tcg,thread=single"]


def parts(folder, root_task):
    """A folder of Bulkhead's programs in which every user program is the root task."""
    here = folder / "parts"
    links = {"loader/loader.bin": machine.BUILD / "loader/loader.bin",
             "kernel/keel.elf": KERNEL or machine.BUILD / "kernel/keel.elf"}
    for program in ("manager/manager", "vmm/vmm", "servers/console", "servers/timer"):
        links[program + ".elf"] = root_task
    for name, target in links.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).symlink_to(os.path.abspath(target))
    return here


def run_root_task(folder, root_task, config, *qemu, seconds=60):
    """Boots it; returns what it printed until the machine turned itself off."""
    if not config.possible():
        pytest.skip(f"the given kernel does not run on {config}")
    cores = KERNEL_CORES if KERNEL else config.cores
    (folder / "nothing.bin").write_bytes(b"nothing")
    (folder / "system.dts").write_text(ANY_SYSTEM)
    built = subprocess.run(
        [machine.BUILD / "tool/bulkhead", "build", folder / "system.dts", "-o", folder / "image",
         "--cpus", str(cores)], capture_output=True, text=True, timeout=60,
        env=dict(os.environ, BULKHEAD_PARTS=str(parts(folder, root_task))))
    assert built.returncode == 0, built.stderr
    command = ["qemu-system-aarch64", "-M", f"virt,virtualization=on,gic-version={config.gic}",
               "-cpu", config.cpu, "-smp", str(cores), "-m", "2048", "-nographic", "-nic", "none",
               "-no-reboot", "-kernel", str(folder / "image"), *qemu]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds * PATIENCE)
    except subprocess.TimeoutExpired as late:
        pytest.fail(f"not over after {seconds * PATIENCE:.0f} s: {late.stdout}")
    return done.stdout.decode(errors="replace").replace("\r", "")


def stress(folder, name, config, *qemu, seconds=60):
    output = run_root_task(folder, TESTS / f"stress/{name}.elf", config, *qemu, seconds=seconds)
    assert output.endswith("stress: PASS\n"), output


@pytest.mark.skipif(bool(KERNEL) and KERNEL_CORES > 1, reason="one core only")
def test_stress_one_core(tmp_path):
    stress(tmp_path, "stress", Config(), *COUNTED_SLOW)


@pytest.mark.parametrize("config", [Config(cores=4), Config(gic=3, cores=8)], ids=str)
def test_stress(tmp_path, config):
    stress(tmp_path, "stress", config, *([] if KERNEL else ONE_THREAD))


@pytest.mark.long
@pytest.mark.parametrize("config", [Config(cores=4), Config(gic=3, cores=4), Config(cores=8),
                                    Config(gic=3, cores=8)], ids=str)
@pytest.mark.parametrize("how", [ONE_THREAD, []], ids=["one-thread", "threads"])
def test_stress_long(tmp_path, config, how):
    stress(tmp_path, "stress-long", config, *how, seconds=900)


@pytest.mark.skipif(bool(KERNEL) and KERNEL_CORES > 1, reason="instructions are counted on one core")
def test_cost(tmp_path):
    output = run_root_task(tmp_path, TESTS / "cost/cost.elf", Config(), *COUNTED)
    cost = {name: int(value) for name, value in re.findall(r"^cost: (\S+) (\d+)$", output, re.M)}
    reference = dict(line.split() for line in
                     (machine.TREE / "tests/cost/reference.txt").read_text().splitlines()
                     if not line.startswith("#"))
    assert output.endswith("cost: end\n"), output
    slow = {name: (cost[name], int(value)) for name, value in reference.items()
            if cost[name] > int(value)}
    assert KERNEL or not slow, f"instructions (here, on seL4 16.0.0): {slow}"


@pytest.mark.skipif(bool(KERNEL), reason="keel's own promises")
@pytest.mark.parametrize("config,how", [(Config(), COUNTED), (Config(gic=3), COUNTED),
                                        (Config(cores=2), []), (Config(gic=3, cores=2), [])],
                         ids=str)
def test_trespass(tmp_path, config, how):
    """The interrupts that the kernel takes are counted: the guest's timer, once it has none left."""
    log = tmp_path / "interrupts"
    taken = "gic_acknowledge_irq" if config.gic == 2 else "gicv3_icc_iar1_read"
    output = run_root_task(tmp_path, TESTS / "trespass/trespass.elf", config, *how,
                           "-D", str(log), "-trace", taken)
    assert output.endswith("trespass: PASS\n"), output
    timer = re.findall(r"(?:irq 27|value 0x1b)\b", log.read_text())
    assert len(timer) <= 3, len(timer)
