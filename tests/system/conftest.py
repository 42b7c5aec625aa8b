# SPDX-License-Identifier: BSD-2-Clause
"""
System tests: whole systems under QEMU, judged by their console.

  KERNEL=FILE.elf     a seL4 kernel instead of keel (KERNEL_GIC=2|3, KERNEL_CORES: what it is for)
  BULKHEAD_LONG=1     the long tests as well
  BULKHEAD_PATIENCE=N multiplies every time limit, for slow machines
  BULKHEAD_BUILD=DIR  the build folder; logs go to DIR/logs/system/FILE.TEST.log
"""
import re
import sys

sys.dont_write_bytecode = True

import machine  # noqa: E402
import roottask  # noqa: E402
import pytest  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; only with BULKHEAD_LONG=1")
    config.addinivalue_line("markers", "one_core: QEMU counts instructions, on one core only")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("long") and not machine.LONG:
            item.add_marker(pytest.mark.skip(reason="only with BULKHEAD_LONG=1"))
        if item.get_closest_marker("one_core") and machine.KERNEL and machine.KERNEL_CORES > 1:
            item.add_marker(pytest.mark.skip(reason="the given kernel is for several cores"))


@pytest.fixture
def new_log(request):
    """new_log(): a file for what a machine says, one more with every call."""
    logs = []
    folder = machine.BUILD / "logs" / "system"
    folder.mkdir(parents=True, exist_ok=True)
    # Two files may have a test of the same name, and run them at the same time.
    test = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
    name = f"{request.node.path.stem}.{test}"

    def make():
        number = f".{len(logs)}" if logs else ""
        logs.append(folder / f"{name}{number}.log")
        return logs[-1]

    return make


@pytest.fixture
def new_machine(new_log, tmp_path):
    """new_machine(config): a machine to be started, which is gone when the test ends."""
    machines = []

    def make(config):
        if not config.possible():
            pytest.skip(f"the given kernel does not run on {config}")
        machines.append(machine.Machine(tmp_path, new_log(), config))
        return machines[-1]

    yield make
    for one in machines:
        one.stop()


@pytest.fixture
def boot(new_machine):
    """boot(description, its file or image, config): starts a machine."""
    def start(system, config, *qemu):
        new = new_machine(config)
        if isinstance(system, str):
            return new.start(system, *qemu)
        if system.suffix == ".dts":
            return new.start_file(system, *qemu)
        return new.start_image(system)

    return start


@pytest.fixture
def run_root_task(new_log, tmp_path):
    """run_root_task(program, config, *qemu, seconds=60, kernel=...): what it said in its life."""
    def run(program, config, *qemu, **how):
        if not config.possible():
            pytest.skip(f"the given kernel does not run on {config}")
        return roottask.run(tmp_path, new_log(), program, config, *qemu, **how)

    return run
