# SPDX-License-Identifier: BSD-2-Clause
"""Boots a system description under QEMU and talks to its console."""

import os
import pathlib
import re
import subprocess

import pexpect

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BULKHEAD_BUILD") or TREE / "build").resolve()
KERNEL = os.environ.get("KERNEL", "")
# What the kernel given by KERNEL was built for; keel finds out by itself.
KERNEL_GIC = int(os.environ.get("KERNEL_GIC") or 2)
KERNEL_CORES = int(os.environ.get("KERNEL_CORES") or 4)
# Of a VM that has several. More than two take minutes to say a word on seL4 where two processors
# emulate all the cores.
VCPUS = min(KERNEL_CORES, 2) if KERNEL else 4
LONG = bool(os.environ.get("BULKHEAD_LONG"))
# For machines that are slow or busy: every limit is multiplied by it.
PATIENCE = float(os.environ.get("BULKHEAD_PATIENCE") or (6 if KERNEL else 3))

ESCAPE = "\x1d"
# Lines of the manager and of the VMMs may come between two bytes of a guest's line.
FOREIGN = re.compile(r"(?:\r?\n)?(?:\[[\w-]+\] )?(?:manager|vmm|console): [^\r\n]*")
# What nobody wants to see in any log.
FATAL = re.compile(r"(manager|console|timer|VMM thread \d+): fault|kernel: panic|PANIC|assert")
GUEST_BINARIES = BUILD / "tests" / "guest"


def by(name, pattern):
    """A pattern for a line of that VM, one of several."""
    return rf"\[{name}\]\x1b\[0m {pattern}"


class Config:
    """The machine a system runs on."""

    def __init__(self, gic=2, cpu="cortex-a53", cores=1):
        self.gic, self.cpu, self.cores = gic, cpu, cores

    def __str__(self):
        return f"gicv{self.gic}-{self.cpu}-{self.cores}"

    def board_cores(self):
        """A seL4 kernel waits for as many cores as it was built for."""
        return KERNEL_CORES if KERNEL else self.cores

    def possible(self):
        """Whether the kernel under test runs there."""
        return not KERNEL or (self.gic == KERNEL_GIC and self.cores in (1, KERNEL_CORES))


def vm(name, kernel, memory="64M", initrd=None, bootargs="", **properties):
    """A VM's node. Properties: numbers and lists become cells, text becomes a string."""
    lines = [f'memory = "{memory}";', f'kernel = "{kernel}";']
    if initrd:
        lines.append(f'initrd = "{initrd}";')
    if bootargs:
        lines.append(f'bootargs = "{bootargs}";')
    for key, value in properties.items():
        cells = value if isinstance(value, list) else [value]
        text = f'"{value}"' if isinstance(value, str) else f"<{' '.join(map(str, cells))}>"
        lines.append(f"{key.replace('_', '-')} = {text};")
    return f"{name} {{ {' '.join(lines)} }};"


def bare(name, binary, memory="64M", **properties):
    return vm(name, GUEST_BINARIES / f"{binary}.bin", memory, **properties)


def debian(name, flavour="cloud", memory="256M", action="", bootargs="", **properties):
    guest = f"@debian-12-{flavour}"
    words = ["console=ttyAMA0", "panic=-1", bootargs]
    if action:
        words.append(f"bulkhead.test={action}")
    return vm(name, f"{guest}/kernel", memory, f"{guest}/initrd",
              " ".join(w for w in words if w), **properties)


def description(*vms):
    return ('/dts-v1/;\n/ {\n    compatible = "bulkhead,system";\n'
            '    board = "qemu-virt-aarch64";\n    vms {\n        '
            + "\n        ".join(vms) + "\n    };\n};\n")


class Machine:
    """One run of a system. Every wait has a limit, and every limit is for a condition."""

    def __init__(self, folder, log, config):
        self.folder, self.log_path, self.config = folder, log, config
        self.child = None

    def start(self, text, *qemu):
        source = self.folder / "system.dts"
        source.write_text(text)
        arguments = ["run", str(source), "--gic", str(self.config.gic), "--cpu", self.config.cpu]
        if KERNEL:
            arguments += ["--kernel", KERNEL]
        arguments += ["--cpus", str(self.config.board_cores()), "--", "-no-reboot", *qemu]
        return self.spawn(str(BUILD / "bulkhead"), arguments)

    def start_file(self, path, *qemu):
        """A description as it is, on as many cores as it asks for."""
        arguments = ["run", str(path), "--gic", str(self.config.gic), "--cpu", self.config.cpu]
        if KERNEL:
            arguments += ["--kernel", KERNEL, "--cpus", str(self.config.board_cores())]
        return self.spawn(str(BUILD / "bulkhead"), [*arguments, "--", "-no-reboot", *qemu])

    def start_image(self, image):
        return self.start_qemu("-nic", "none", "-kernel", str(image))

    def start_qemu(self, *qemu, machine="virt,virtualization=on"):
        """The board without the host command, for tests of the ways to boot it."""
        return self.spawn("qemu-system-aarch64",
                          ["-M", f"{machine},gic-version={self.config.gic}",
                           "-cpu", self.config.cpu, "-smp", str(self.config.board_cores()),
                           "-m", "2048", "-nographic", "-no-reboot", *qemu])

    def spawn(self, command, arguments):
        self.log_file = open(self.log_path, "w", encoding="utf-8", errors="replace", newline="")
        self.log_file.write(f"$ {command} {' '.join(arguments)}\n")
        environment = dict(os.environ, BULKHEAD_ROOT=str(TREE))
        self.child = pexpect.spawn(command, arguments, env=environment, cwd=str(self.folder),
                                   encoding="utf-8", codec_errors="replace", echo=False,
                                   dimensions=(50, 200))
        self.child.delaybeforesend = None
        self.child.logfile_read = self.log_file
        return self

    def wait(self, pattern, seconds=60):
        """Waits for output that matches a regular expression; fails at once when QEMU ends."""
        found = self.child.expect([pattern, pexpect.EOF, pexpect.TIMEOUT],
                                  timeout=seconds * PATIENCE)
        if found == 0:
            return self.child.match
        reason = "the machine ended" if found == 1 else f"{seconds * PATIENCE:.0f} s passed"
        raise AssertionError(f"{reason} while waiting for {pattern!r}; see {self.log_path}\n"
                             f"last output: ...{self.text()[-600:]}")

    def see(self, pattern, seconds=60):
        """Waits until it stands anywhere in the output. For what follows nothing else for sure:
        each speaker (manager, console, every VM) may be late against the others."""
        found = re.search(pattern, self.text())
        return found or self.wait(pattern, seconds)

    def wait_prompt(self, seconds=60):
        return self.wait("guest# (?:\x1b\\[6n)?", seconds)

    def type(self, text):
        self.child.send(text)

    def command(self, line, pattern, seconds=60):
        """A line for a guest's shell; its answer must match at the start of a line."""
        self.type(line + "\r")
        match = self.wait("\n" + pattern + "\r", seconds)
        self.wait_prompt(seconds)
        return match

    def wait_end(self, seconds=60):
        """Waits until QEMU has ended by itself, with success."""
        found = self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=seconds * PATIENCE)
        assert found == 0, (f"still running after {seconds * PATIENCE:.0f} s; see {self.log_path}\n"
                            f"last output: ...{self.text()[-600:]}")
        self.child.wait()
        self.child.close()
        assert self.child.exitstatus == 0, f"exit status {self.child.exitstatus}\n{self.text()}"
        self.check_log()

    def stop(self):
        if self.child is not None:
            self.child.close(force=True)
            self.log_file.close()

    def text(self):
        """All output as it came: lines end with \\r\\n."""
        self.log_file.flush()
        return self.log_path.read_bytes().decode(errors="replace")

    def check_log(self):
        found = FATAL.search(self.text())
        assert not found, f"{found.group(0)!r} in {self.log_path}"

    def guest_text(self):
        """What guests printed, without line ends, so that broken lines are whole again."""
        return re.sub(r"[\r\n]", "", FOREIGN.sub("", self.text()))

    def check_lines(self, lines):
        """Each line in order; other output may come between."""
        text, at = self.guest_text(), 0
        for line in lines:
            found = text.find(line, at)
            assert found >= 0, f"{line!r} is missing; see {self.log_path}"
            at = found + len(line)


def run(*command, folder):
    return subprocess.run([str(c) for c in command], cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, BULKHEAD_ROOT=str(TREE)))
