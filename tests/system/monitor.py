# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's monitor: commands for people, by the protocol for programs, so that nothing is echoed."""
import json
import socket


def option(path):
    """QEMU's arguments for a monitor at that path."""
    return ["-qmp", f"unix:{path},server=on,wait=off"]


class QemuMonitor:
    """Raises OSError if QEMU is not there or does not answer within so many seconds."""

    def __init__(self, path, seconds=60):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(seconds)
        self.link.connect(str(path))
        self.lines = self.link.makefile(encoding="utf-8")
        self.ask("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.link.close()

    def ask(self, what, **arguments):
        self.link.sendall(json.dumps({"execute": what, "arguments": arguments}).encode() + b"\n")
        for line in self.lines:
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise OSError(answer["error"]["desc"])
        raise ConnectionError("QEMU has ended")

    def command(self, line):
        """What the monitor says to a person's command."""
        return self.ask("human-monitor-command", **{"command-line": line}).replace("\r", "")
