# SPDX-License-Identifier: BSD-2-Clause
"""Debian's own kernels, to a shell and down again."""
import calendar
import os
import pathlib
import subprocess
import sys
import time

import machine
import pytest
from machine import Config, by, debian, description

MATRIX = [("cloud", Config(2, "cortex-a53", 1)), ("cloud", Config(3, "max", 1)),
          ("cloud", Config(3, "cortex-a57", 4)), ("generic", Config(2, "cortex-a57", 4)),
          ("generic", Config(3, "cortex-a53", 1))]


def name(value):
    return str(value)


@pytest.mark.parametrize("flavour, config", MATRIX, ids=name)
def test_self_test(boot, flavour, config):
    """Boots, checks clock, timer, devices, memory and processes by itself, powers off."""
    running = boot(description(debian("debian", flavour, action="smoke")), config)
    running.wait("guest: READY kernel 6", 180)
    running.wait("guest: TEST smoke (PASS|FAIL)", 120)
    assert running.child.match.group(1) == "PASS", f"see {running.log_path}"
    running.wait("vm debian: powered off")
    running.wait_end()


def test_shell(boot):
    """The system that `make run` starts: an interactive shell on the terminal."""
    system = (machine.TREE / "systems" / "minimal.dts").read_text()
    running = boot(system, Config())
    running.wait("guest: READY", 180)
    running.wait_prompt()
    running.command("uname -rm", r"6\.1\.\S+-arm64 aarch64")
    running.command("grep -c ^processor /proc/cpuinfo", "1")
    begin = int(running.command("date +%s", r"(\d+)").group(1))
    end = int(running.command("sleep 2; date +%s", r"(\d+)").group(1))
    assert 2 <= end - begin
    running.command("echo $((6 * 7))", "42")

    # Ctrl-C is the guest's, and the shell has job control.
    running.type("sh -c 'echo waiting; exec sleep 1000'\r")
    running.wait("\nwaiting")
    running.type("\x03")
    running.wait_prompt()
    running.command("echo interrupted $?", "interrupted 130")
    running.command("sleep 1000 & jobs", r"\[1\]\+ +Running[^\r]*")

    running.type("poweroff\r")
    running.wait("reboot: Power down")
    running.wait("vm debian: powered off")
    running.wait_end()


def guest_time(running):
    return int(running.command("date +%s", r"(\d+)").group(1))


def test_reboot(boot):
    """`reboot` in the guest starts that VM again; its clock shows the board's time, then as before."""
    start = calendar.timegm((2031, 5, 6, 7, 8, 9))
    running = boot(description(debian("debian", restart="always")), Config(),
                   "-rtc", "base=2031-05-06T07:08:09")
    began = time.monotonic()
    running.wait("guest: READY", 180)
    running.wait_prompt()
    first = guest_time(running)
    assert start <= first <= start + time.monotonic() - began + 60
    running.type("reboot\r")
    running.wait("reboot: Restarting system")
    running.wait("guest: READY", 180)
    running.wait_prompt()
    running.command("echo again", "again")
    second = guest_time(running)
    assert first < second <= start + time.monotonic() - began + 60
    assert "vm debian: reset" in running.text()
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_two_guests(boot):
    """Two VMs at once, each to its own end."""
    running = boot(description(debian("first", action="smoke"),
                               debian("second", action="smoke", affinity=1)), Config(cores=4))
    for name in ("first", "second"):
        running.see(by(name, "guest: TEST smoke PASS"), 240)
    running.wait_end()


# As guests/fetch does it, from the package files that it has in its cache.
PACK = """
import runpy, sys
fetch = runpy.run_path(sys.argv[1], run_name="fetch")
kernel, busybox = (fetch["initramfs"].Package(fetch["cache"]() / "debs" / name)
                   for name in sys.argv[2:])
sys.stdout.buffer.write(fetch["make_initrd"](kernel, busybox, []))
"""


def test_initramfs_is_reproducible(tmp_path):
    """Packed again, some other day, in another place and environment: the same bytes."""
    fetch = machine.TREE / "guests" / "fetch"
    folder = pathlib.Path(machine.run(fetch, "debian-12-cloud", folder=tmp_path).stdout.strip())
    packages = [line.split()[1] for line in (folder / "manifest").read_text().splitlines()
                if line.startswith("package ")]
    again = subprocess.run(
        [sys.executable, "-B", "-c", PACK, str(fetch), *packages], cwd=tmp_path, check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60 * machine.PATIENCE, umask=0o077,
        env=dict(os.environ, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="1"))
    assert again.stdout == (folder / "initrd").read_bytes()


@pytest.mark.long
def test_stress(boot):
    running = boot(description(debian("debian", "cloud-tools", action="stress,20")), Config())
    running.wait("guest: TEST stress PASS", 600)
    running.wait_end()
