# SPDX-License-Identifier: BSD-2-Clause
"""VMs with several processors, each with a physical core of its own or several on one."""
import pytest
from machine import KERNEL, VCPUS, Config, bare, debian, description

# vCPUs, machine: one to one, and shared cores.
FEW = [(VCPUS, Config(2, cores=4)), (VCPUS, Config(3, cores=4)), (2, Config(3, cores=1))]
FEW += [] if KERNEL else [(8, Config(2, cores=4))]
ALL = [(cpus, Config(gic, cores=cores)) for cpus in ((2,) if KERNEL else (2, 4, 8))
       for gic in (2, 3) for cores in (1, 4, 8)]


def name(value):
    return str(value)


def shape(cpus, config):
    """Properties of a VM whose vCPUs go round the cores."""
    return {"cpus": cpus, "affinity": [n % config.board_cores() for n in range(cpus)]}


def run_guest(boot, program, cpus, config):
    running = boot(description(bare("guest", program, **shape(cpus, config))), config)
    running.wait_end(300)
    text = running.guest_text()
    assert f"PASS {program}" in text, f"see {running.log_path}\n{text[-800:]}"


@pytest.mark.parametrize("program", ["smp-interrupts", "smp-power"])
@pytest.mark.parametrize("cpus, config", FEW, ids=name)
def test_guest_program(boot, program, cpus, config):
    run_guest(boot, program, cpus, config)


@pytest.mark.parametrize("priority", [[100, 100], [100, 110]], ids=name)
def test_locks(boot, priority):
    """Two vCPUs on one core, of which one interrupts the other's accesses to the same devices."""
    system = bare("guest", "smp-locks", cpus=2, affinity=[0, 0], priority=priority)
    running = boot(description(system), Config(cores=1))
    running.wait("PASS smp-locks", 120)
    running.wait_end()


@pytest.mark.long
@pytest.mark.parametrize("program", ["smp-interrupts", "smp-power"])
@pytest.mark.parametrize("cpus, config", ALL, ids=name)
def test_guest_program_everywhere(boot, program, cpus, config):
    run_guest(boot, program, cpus, config)


def test_debian(boot):
    """All processors are online, and can be taken off and put back."""
    config = Config(cores=4)
    system = debian("debian", action=f"cpus,{VCPUS},2", **shape(VCPUS, config))
    running = boot(description(system), config)
    running.wait("guest: TEST cpus PASS", 300)
    running.wait_end()


# Eight on one emulated core have so little time that Linux reports stalls while it boots.
LINUX = [(1, Config(2)), (1, Config(3))] + [each for each in ALL
                                            if each[0] <= 4 * each[1].cores]


@pytest.mark.long
@pytest.mark.parametrize("cpus, config", LINUX, ids=name)
def test_debian_everywhere(boot, cpus, config):
    """Processors off and on, up to sixty times idle and sixty busy; stress-ng and hackbench."""
    rounds = min(20, 60 // max(cpus - 1, 1))
    system = debian("debian", "cloud-tools", action=f"smp,{cpus},{rounds},10",
                    **shape(cpus, config))
    running = boot(description(system), config)
    running.wait("guest: TEST smp (PASS|FAIL)", 1200)
    assert running.child.match.group(1) == "PASS", f"see {running.log_path}"
    running.wait_end()
