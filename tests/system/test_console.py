# SPDX-License-Identifier: BSD-2-Clause
"""The console: several VMs on one terminal, the keyboard's focus, the monitor."""
import re

import machine
from machine import Config, bare, by, description

MONITOR = "monitor> "


def two(boot, **properties):
    running = boot(description(bare("one", "echo", **properties), bare("two", "echo")),
                   Config(cores=machine.KERNEL_CORES))
    for name in ("one", "two"):
        running.see(by(name, "echo: asking"))
    return running


def answer(running, name, text):
    """A line typed at the focused VM comes back from that one."""
    running.type(text + "\r")
    running.wait(by(name, rf"[^\n]*line of {len(text)}: {text}"))


def monitor(running, line, *patterns):
    running.type(line + "\r")
    for pattern in patterns:
        running.wait(pattern)
    running.wait(MONITOR)


def begin(running, line):
    """A guest begins anew: its word, for on a busy computer the manager's may come after it."""
    running.type(line + "\r")
    running.wait(by(line.split()[1], "echo: asking"))


def test_lines_have_prefixes_and_keys_a_focus(boot):
    running = two(boot)
    answer(running, "one", "first")
    running.type(machine.ESCAPE + "n")
    running.wait("console: keyboard to two")
    answer(running, "two", "second")
    running.type(machine.ESCAPE + "n")
    running.wait("console: keyboard to one")
    answer(running, "one", "third")
    running.type(machine.ESCAPE + "9")
    running.wait("console: there is no such VM")
    answer(running, "one", "fourth")
    running.type(machine.ESCAPE + "?")
    running.wait("console: Ctrl-] and: ")
    running.type(machine.ESCAPE + "q")
    running.wait_end()
    for line in re.split(r"\r?\n", running.text()):
        assert "echo: " not in line or re.search(r"\[(one|two)\]\x1b\[0m ", line), repr(line)


def test_monitor(boot):
    running = two(boot)
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    monitor(running, "list", r"one +running +1 +64 +0", r"two +running +1 +64 +0")
    monitor(running, "stats", r"one +0 +\d", r"two +0 +\d")
    monitor(running, "help", "kill NAME")
    monitor(running, "nonsense", "no such command")
    monitor(running, "stop", "wrong number of words")
    monitor(running, "stop three", "no VM three")
    monitor(running, "stopx\x7f two", "vm two: stopped")
    monitor(running, "list", r"one +running", r"two +stopped")
    monitor(running, "stop two", "VM two is stopped, not running")
    monitor(running, "kill two", "VM two is stopped, not running")
    monitor(running, "start one", "VM one is running, not stopped")
    begin(running, "start two")
    begin(running, "restart two")
    monitor(running, "console two", "console: keyboard to two")
    answer(running, "two", "again")
    running.type(machine.ESCAPE + "1")
    running.wait("console: keyboard to one")
    answer(running, "one", "untouched")
    assert running.text().count("vm one: starting") == 1
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_killed_vm_is_started_again_by_its_policy(boot):
    running = two(boot, restart="on-failure")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    begin(running, "kill one")
    monitor(running, "kill two", "vm two: killed", "vm two: failed")
    monitor(running, "list", r"one +running +1 +64 +1", r"two +failed")
    running.type(machine.ESCAPE + "1")
    answer(running, "one", "back")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_all_memory_comes_back(boot):
    """Whatever is started and destroyed, the free memory is the same in the end."""
    running = two(boot)
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    free = []
    for _ in range(200 if machine.LONG else 5):
        monitor(running, "stop two", "vm two: stopped")
        running.type("list\r")
        free.append(running.wait(r"(\d+) MiB free").group(1))
        running.wait(MONITOR)
        begin(running, "start two")
    assert len(set(free)) == 1, free
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_floods_leave_the_terminal_usable(boot):
    """Two VMs print lines as fast as they can: the third one answers, and so does the monitor."""
    floods = [bare(name, "storm", "2M", bootargs="kind=lines") for name in ("wet", "wetter")]
    running = boot(description(bare("dry", "echo"), *floods), Config(cores=machine.KERNEL_CORES))
    running.wait("echo: asking")
    for n in range(3):
        answer(running, "dry", f"still here {n}")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    running.type("kill wet\r")
    running.wait("vm wet: killed")
    running.wait("vm wet: failed")
    running.type(machine.ESCAPE + "1")
    answer(running, "dry", "and here")
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def dropped(running, why):
    """Bytes of input that lines of the console say are lost."""
    found = re.findall(rf"console: (\d+) bytes of input lost, one {why}[\r\n]", running.text())
    return sum(int(n) for n in found)


# What waits in the console server and in the VM's pipe; a VM that is paused takes nothing.
WAITING = 2048 + 1024


def paused(boot):
    """VM `one`, which has the keyboard and stands still."""
    running = two(boot)
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    monitor(running, "pause one", "vm one: paused")
    running.type(machine.ESCAPE + "1")
    running.wait("keyboard to one")
    return running


def see_all_typed(running):
    """What was typed before this has been looked at."""
    running.type(machine.ESCAPE + "?")
    running.wait("console: Ctrl-] and: ")


def test_input_beyond_what_waits(boot):
    """A VM that does not read: 3 KiB wait for it, in order; how much is dropped is told."""
    running = paused(boot)
    lines = [f"{n:04}".ljust(99, ".") for n in range(50)]
    running.type("".join(line + "\r" for line in lines))
    see_all_typed(running)
    # Not the manager's word or prompt: the guest's lines may come before them.
    running.type(machine.ESCAPE + "mresume one\r")
    whole, rest = divmod(WAITING, 100)
    for line in lines[:whole]:
        running.wait(re.escape(f"line of 99: {line}"))
    running.type(machine.ESCAPE + "1")
    running.type("end\r")
    running.wait(re.escape(f"line of {rest + 3}: {lines[whole][:rest]}end"))
    answer(running, "one", "after")
    assert dropped(running, "does not read them") == 50 * 100 - WAITING
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_input_for_a_vm_that_ends(boot):
    """What still waits for a VM that is started anew is told, too, and not typed at its successor."""
    running = paused(boot)
    running.type("x" * 1500)
    see_all_typed(running)
    running.type(machine.ESCAPE + "m")
    begin(running, "restart one")
    running.type(machine.ESCAPE + "1")
    answer(running, "one", "after")
    assert dropped(running, "ended before it read them") == 1500
    assert dropped(running, "does not read them") == 0
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_console_server_is_started_again(boot):
    """The VMs keep their pipes, the keyboard its focus, and nothing that comes later is lost."""
    running = two(boot)
    running.type(machine.ESCAPE + "2")
    running.wait("keyboard to two")
    answer(running, "two", "before")
    for n in range(3):
        running.type(machine.ESCAPE + "m")
        running.wait(MONITOR)
        running.type("kill console\r")
        running.wait("the console server is started again")
        # At once: some of these keys wait in the UART when the new server begins.
        monitor(running, "list", r"one +running", r"two +running")
        running.type(machine.ESCAPE + "2")
        answer(running, "two", f"after {n}")
    running.type(machine.ESCAPE + "1")
    answer(running, "one", "untouched")
    text = running.text()
    assert text.count("vm one: starting") == text.count("vm two: starting") == 1
    running.type(machine.ESCAPE + "q")
    running.wait_end()


def test_console_server_that_keeps_failing(boot):
    """It is given up in the end; VMs and manager are not: a VM runs to its end, and then all is over."""
    running = boot(description(bare("one", "echo"), bare("two", "idle")),
                   Config(cores=machine.KERNEL_CORES))
    running.wait("vm two: powered off")
    running.type(machine.ESCAPE + "m")
    running.wait(MONITOR)
    for _ in range(5):
        running.type("kill console\r")
        running.wait("the console server is started again")
        running.wait(MONITOR)
    # In one go: "two" runs for two seconds.
    running.type("start two\rstop one\rkill console\r")
    running.wait("the VMs run on without a console")
    running.wait("vm two: powered off")
    running.wait_end()
    assert "fault" not in running.text()
