# SPDX-License-Identifier: BSD-2-Clause
"""Kernels on their own, judged by programs that take the manager's place (roottask.py)."""
import re

import machine
import pytest
from machine import KERNEL, Config

# Time is counted in instructions, whatever the host does: one a nanosecond, or one in eight.
COUNTED = ["-icount", "shift=0,sleep=off"]
COUNTED_SLOW = ["-icount", "shift=3,sleep=off"]
# All cores in one thread of the host: IPIs do not wait for the host's scheduler.
ONE_THREAD = ["-accel", "tcg,thread=single"]
DEBUG_KERNEL = machine.BUILD / "kernel" / "keel-debug.elf"


@pytest.fixture
def stress(run_root_task):
    def run(name, config, *qemu, seconds=60):
        output = run_root_task(f"stress/{name}", config, *qemu, seconds=seconds)
        assert output.endswith("stress: PASS\n"), output

    return run


@pytest.mark.one_core
def test_stress_one_core(stress):
    stress("stress", Config(), *COUNTED_SLOW)


@pytest.mark.parametrize("config", [Config(cores=4), Config(gic=3, cores=8)], ids=str)
def test_stress(stress, config):
    stress("stress", config, *([] if KERNEL else ONE_THREAD))


@pytest.mark.long
@pytest.mark.parametrize("config", [Config(cores=4), Config(gic=3, cores=4), Config(cores=8),
                                    Config(gic=3, cores=8)], ids=str)
@pytest.mark.parametrize("how", [ONE_THREAD, []], ids=["one-thread", "threads"])
def test_stress_long(stress, config, how):
    stress("stress-long", config, *how, seconds=900)


@pytest.mark.one_core
def test_cost(run_root_task):
    """
    No operation takes keel more instructions than seL4 16.0.0. What another kernel takes is its own
    affair: there it is only seen that everything can be measured.
    """
    output = run_root_task("cost/cost", Config(), *COUNTED)
    cost = {name: int(value) for name, value in re.findall(r"^cost: (\S+) (\d+)$", output, re.M)}
    reference = dict(line.split() for line in
                     (machine.TREE / "tests/cost/reference.txt").read_text().splitlines()
                     if not line.startswith("#"))
    assert output.endswith("cost: end\n"), output
    assert reference.keys() <= cost.keys() and all(cost.values()), cost
    if KERNEL:
        return
    slow = {name: (cost[name], int(value)) for name, value in reference.items()
            if cost[name] > int(value)}
    assert not slow, f"instructions (here, on seL4 16.0.0): {slow}"


def test_frame_of_a_gigabyte(run_root_task):
    output = run_root_task("frames/frames", Config(), "-m", "4096")
    assert re.search(r"frames: 1 GiB at 0x(8|c|10)0000000, \d tables\n"
                     r"frames: (all of it is clear|all words are there)\n"
                     r"frames: PASS\n$", output), output


@pytest.mark.skipif(bool(KERNEL), reason="the bundled debug kernel")
def test_debug_calls(run_root_task):
    """The kernel itself prints what it is told to, and what it knows of threads and capabilities."""
    output = run_root_task("debug/debug", Config(), kernel=DEBUG_KERNEL)
    assert re.search(r"debug: begin\n0{15}1\n0{16}\n0{16}\ncore 0: current\n"
                     r"  a root task core 0 prio \d+ running pc [0-9a-f]+\n", output), output
    assert re.search(r"^slot 1: type \d+ object [0-9a-f]+ info [0-9a-f]+ data [0-9a-f]+$", output,
                     re.M), output
    assert output.endswith("debug: end\n"), output


@pytest.mark.skipif(bool(KERNEL), reason="the bundled debug kernel")
def test_debug_kernel(new_machine, tmp_path):
    """A whole system on it."""
    (tmp_path / "system.dts").write_text(machine.description(machine.bare("one", "hello")))
    running = new_machine(Config()).spawn(str(machine.BUILD / "bulkhead"), [
        "run", "system.dts", "--kernel", str(DEBUG_KERNEL), "--cpus", "1", "--", "-no-reboot"])
    running.wait_end()
    running.check_lines(["PASS hello"])


@pytest.mark.skipif(bool(KERNEL), reason="keel's own promises")
@pytest.mark.parametrize("config,how", [(Config(), COUNTED), (Config(gic=3), COUNTED),
                                        (Config(cores=2), []), (Config(gic=3, cores=2), [])],
                         ids=str)
def test_trespass(run_root_task, tmp_path, config, how):
    """The interrupts that the kernel takes are counted: the guest's timer, once it has none left."""
    log = tmp_path / "interrupts"
    taken = "gic_acknowledge_irq" if config.gic == 2 else "gicv3_icc_iar1_read"
    output = run_root_task("trespass/trespass", config, *how, "-D", str(log), "-trace", taken)
    assert output.endswith("trespass: PASS\n"), output
    timer = re.findall(r"(?:irq 27|value 0x1b)\b", log.read_text())
    assert len(timer) <= 3, len(timer)
