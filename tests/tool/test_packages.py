# SPDX-License-Identifier: BSD-2-Clause
"""build-aux/need-packages.sh on machines that lack packages, played by stand-ins."""

import os
import pathlib
import subprocess

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "build-aux" / "need-packages.sh"


@pytest.fixture
def machine(tmp_path):
    """
    Runs the script where dpkg-query says that `installed` are installed and that `known` are not
    installed, but mentioned by packages that are, and apt-get obeys `apt`.
    """
    def run(*arguments, installed="", known="", apt="exit 0", user="0"):
        scripts = {
            "dpkg-query": f"""for package; do :; done
case " {installed} " in *" $package "*) echo installed; exit ;; esac
case " {known} " in *" $package "*) echo not-installed; exit ;; esac
exit 1""",
            "apt-get": f'echo "$@" >>"{tmp_path}/apt.log"\n{apt}',
            "id": f"echo {user}",
            "sudo": "exit 1",
        }
        for name, text in scripts.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
        result = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True,
                                stdin=subprocess.DEVNULL,
                                env=dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}"))
        log = tmp_path / "apt.log"
        return result, log.read_text().splitlines() if log.exists() else []
    return run


RUN = "qemu-system-arm device-tree-compiler gzip"


def test_all_there(machine):
    result, log = machine("install", "run", installed=RUN)
    assert (result.returncode, result.stdout, result.stderr, log) == (0, "", "", [])


def test_check_names_what_is_missing(machine):
    result, log = machine("check", "run", installed="gzip")
    assert (result.returncode, log) == (1, [])
    assert result.stderr == ("bulkhead: Debian packages are missing; apt-get install "
                             "qemu-system-arm device-tree-compiler\n")


def test_known_is_not_installed(machine):
    result, _ = machine("check", "run", installed="gzip qemu-system-arm", known="device-tree-compiler")
    assert result.returncode == 1
    assert result.stderr == ("bulkhead: Debian packages are missing; apt-get install "
                             "device-tree-compiler\n")


def test_install(machine):
    result, log = machine("install", "run", installed="gzip")
    assert result.returncode == 0
    assert result.stderr == ("bulkhead: installing Debian packages: qemu-system-arm "
                             "device-tree-compiler\n")
    assert log == ["-q -y --no-install-recommends install qemu-system-arm device-tree-compiler"]


def test_install_reads_the_index_where_there_is_none(machine):
    """The first attempt fails, an update follows, the second one is good."""
    result, log = machine("install", "run",
                          apt='[ "$2" = update ] || [ "$(wc -l <"$(dirname "$0")/apt.log")" -gt 1 ]')
    assert result.returncode == 0
    assert [line.split()[1] for line in log] == ["-y", "update", "-y"]


def test_install_fails(machine):
    result, _ = machine("install", "run", installed="gzip", apt='echo "E: no network"; exit 100')
    assert result.returncode == 1
    assert result.stderr.splitlines()[1] == ("bulkhead: apt-get cannot install qemu-system-arm "
                                             "device-tree-compiler: E: no network")


def test_no_rights(machine):
    result, log = machine("install", "run", installed="gzip", user="1000")
    assert (result.returncode, log) == (1, [])
    assert result.stderr == ("bulkhead: Debian packages are missing; as root: apt-get install "
                             "qemu-system-arm device-tree-compiler\n")
