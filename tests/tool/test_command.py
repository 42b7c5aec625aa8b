# SPDX-License-Identifier: BSD-2-Clause
"""The command line, running QEMU, the reference in docs/description.md."""

import os
import pathlib
import shutil

import artefacts
import pytest

DOCS = artefacts.TREE / "docs" / "description.md"
SEE = "; see bulkhead --help\n"


@pytest.mark.parametrize("arguments, message", [
    ([], "name a command: check, build, run, graph or schema" + SEE),
    (["chekc"], 'there is no command "chekc"' + SEE),
    (["check"], "check needs a system description: bulkhead check FILE.dts\n"),
    (["check", "a.dts", "b.dts"], 'check takes one description, "b.dts" is a second one\n'),
    (["check", "--gic", "3", "a.dts"], 'check has no option "--gic"' + SEE),
    (["run", "--gic", "4", "a.dts"], "--gic 4: give a number from 2 to 3\n"),
    (["run", "--cpus=0", "a.dts"], "--cpus 0: give a number from 1 to 8\n"),
    (["run", "--cpus=-1", "a.dts"], "--cpus -1: give a number from 1 to 8\n"),
    (["run", "--cpus", "4x", "a.dts"], "--cpus 4x: give a number from 1 to 8\n"),
    (["run", "a.dts", "--kernel"], "--kernel needs a value" + SEE),
    (["build", "minimal.dts"], "build needs the name of the image: -o IMAGE\n"),
    (["build", "minimal.dts", "-o", "x", "--format", "zip"], "--format zip: write elf, raw or efi\n"),
    (["graph", "--text=1", "a.dts"], "--text takes no value" + SEE),
    (["check", "--text", "a.dts"], 'check has no option "--text"' + SEE),
    (["schema", "x"], "schema takes no arguments\n"),
])
def test_usage(tool, arguments, message):
    result = tool.run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "bulkhead: " + message


def test_help_and_version(tool):
    for arguments in (["--help"], ["run", "--help"], ["help"]):
        result = tool.run(*arguments)
        assert result.returncode == 0 and result.stderr == ""
        assert result.stdout.startswith("Usage: bulkhead COMMAND")
    assert tool.run("--version").stdout.startswith("bulkhead ")


@pytest.mark.parametrize("name, contents, message", [
    ("absent.dts", None, "cannot be read: No such file or directory; check the name"),
    ("void.dts", b"", "the file is empty; begin it with /dts-v1/;"),
    ("folder", None, "cannot be read: Is a directory; check the name"),
    ("blob.dts", b"\xd0\x0d\xfe\xed" + bytes(40),
     "this is a binary file; give devicetree source (.dts)"),
])
def test_description_that_is_none(tool, tmp_path, name, contents, message):
    if contents is not None:
        (tool.folder / name).write_bytes(contents)
    result = tool.run("check", name)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"{name}: {message}\n"


def test_a_system_can_live_anywhere(tool, tmp_path):
    """File names are relative to the description, whatever the working folder is."""
    shutil.copy(tool.folder / "minimal.dts", tmp_path / "own.dts")
    path = os.path.relpath(tmp_path / "own.dts", tool.folder)
    result = tool.run("check", path)
    assert result.returncode == 1
    assert result.stderr.startswith(f'{path}:11: /vms/debian: "kernel" cannot be read: '
                                    f'{os.path.dirname(path)}/Image: ')
    shutil.copy(tool.folder / "Image", tmp_path)
    assert tool.run("check", path).returncode == 0
    assert tool.run("check", str(tmp_path / "own.dts")).returncode == 0


def test_names_that_look_like_options(tool):
    shutil.copy(tool.folder / "minimal.dts", tool.folder / "-d.dts")
    assert tool.run("check", "./-d.dts").returncode == 0


def test_cores_can_be_limited(tool):
    result = tool.run("check", "--cpus", "4", "full.dts")
    assert result.returncode == 1
    assert "vCPU 1 is on core 7, which does not exist; choose a core from 0 to 3" in result.stderr


def test_missing_dtc(tool, tmp_path):
    result = tool.run("check", "minimal.dts", PATH=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == ("bulkhead: dtc is not installed; apt-get install "
                             "device-tree-compiler\n")


@pytest.mark.parametrize("output", ["", "/dts-v1/;\n/ {", "x" * 100000, "/dts-v1/; / { a = < ; };"])
def test_dtc_that_prints_nonsense(tool, tmp_path, output):
    (tmp_path / "out").write_text(output)
    dtc = tmp_path / "dtc"
    dtc.write_text(f'#!/bin/sh\ncat "{tmp_path}/out"\n')
    dtc.chmod(0o755)
    result = tool.run("check", "minimal.dts", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert result.returncode == 1
    assert result.stderr == ("minimal.dts: nodes are nested more than 32 deep, or dtc's output is not "
                             "understood; nest them less, or install dtc 1.6 or later\n")


@pytest.mark.parametrize("name, message", [
    ("gzip", "unpacks to more than 256 MiB, which no kernel is; name another file"),
    ("dtc", "cannot run dtc: File too large"),
])
def test_output_without_end(tool, tmp_path, name, message):
    """A file that unpacks to more than memory holds, say: neither that nor a wait for ever."""
    program = tmp_path / name
    program.write_text("#!/bin/sh\nexec cat /dev/zero\n")
    program.chmod(0o755)
    text = (tool.folder / "minimal.dts").read_text()
    assert 'kernel = "Image"' in text
    (tool.folder / "bomb.dts").write_text(text.replace('"Image"', '"Image.gz"'))
    result = tool.run("check", "bomb.dts", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert result.returncode == 1
    assert message in result.stderr


def test_missing_parts(tool, tmp_path):
    result = tool.run("build", "minimal.dts", "-o", "never.img", BULKHEAD_PARTS=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == (f"bulkhead: {tmp_path}/loader/loader.bin is missing; build Bulkhead "
                             "first (make), or set BULKHEAD_PARTS to its build folder\n")


def test_missing_fetch(tool, tmp_path):
    result = tool.run("check", "fetch.dts", BULKHEAD_ROOT=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == ('fetch.dts:13: /vms/debian: "@fake/kernel" needs Bulkhead\'s '
                             "guests/fetch, which is not there; set BULKHEAD_ROOT to Bulkhead's "
                             "source folder\n")


@pytest.fixture
def qemu(tmp_path):
    """A stand-in for QEMU that prints its arguments and ends with status 7."""
    script = tmp_path / "qemu-system-aarch64"
    script.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nexit 7\n')
    script.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


def test_run(tool, qemu, tmp_path):
    result = tool.run("run", "minimal.dts", "--gic", "3", "--", "-d", "int", PATH=qemu,
                      BULKHEAD_CACHE=str(tmp_path))
    lines = result.stdout.splitlines()
    image = lines[-3]
    assert result.returncode == 7
    assert lines[:-3] == ["-M", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a53",
                          "-smp", "1", "-m", "2048", "-nographic", "-nic", "none", "-kernel"]
    assert lines[-2:] == ["-d", "int"]
    assert result.stderr == (f"bulkhead: building {image}\n"
                             "bulkhead: starting QEMU with 1 core and GICv3; Ctrl-] q "
                             "switches off, Ctrl-A x leaves QEMU\n")
    assert pathlib.Path(image).read_bytes().startswith(b"\x7fELF")


def test_run_cores(tool, qemu):
    def cores(*arguments):
        lines = tool.run("run", *arguments, PATH=qemu).stdout.splitlines()
        return lines[lines.index("-smp") + 1]

    kernel = str(tool.parts / "kernel/keel.elf")
    assert cores("full.dts") == "8"
    assert cores("minimal.dts") == "1"
    assert cores("minimal.dts", "--cpus", "3") == "3"
    assert cores("minimal.dts", "--kernel", kernel) == "4"
    assert cores("minimal.dts", "--kernel", kernel, "--cpus", "1") == "1"


def test_run_cpu_model(tool, qemu):
    def model(*arguments):
        lines = tool.run("run", "minimal.dts", *arguments, PATH=qemu).stdout.splitlines()
        return lines[lines.index("-cpu") + 1]

    assert model("--cpu", "cortex-a57") == "cortex-a57"
    assert model("--cpu", "max") == "max,sve=off,sme=off,pauth=off,lpa2=off"
    assert model("--cpu", "max,sve=on") == "max,sve=on"


def test_run_builds_what_changed(tool, qemu, tmp_path):
    """Nothing is built again until the description, a guest's file or a program changes."""
    folder = tmp_path / "work"
    folder.mkdir()
    source = (tool.folder / "minimal.dts").read_text()
    (folder / "own.dts").write_text(source)
    shutil.copy(tool.folder / "Image", folder)
    parts = tmp_path / "parts"
    shutil.copytree(tool.parts, parts)

    def builds():
        result = tool.run("run", str(folder / "own.dts"), PATH=qemu, BULKHEAD_PARTS=str(parts),
                          BULKHEAD_CACHE=str(tmp_path / "cache"))
        assert result.returncode == 7
        return "building" in result.stderr

    assert builds()
    assert not builds()
    (folder / "own.dts").write_text("\n" + source)
    assert not builds()
    (folder / "own.dts").write_text(source.replace("128M", "64M"))
    assert builds()
    (folder / "Image").write_bytes(artefacts.arm64_image(b"other"))
    assert builds()
    os.utime(parts / "vmm/vmm.elf", (1, 1))
    assert builds()
    assert not builds()


def test_cache_stays_small(tool, qemu, tmp_path):
    """Of many systems' images only the last used ones are kept."""
    source = (tool.folder / "minimal.dts").read_text().replace("Image", "flat.bin")
    shutil.copy(tool.folder / "flat.bin", tmp_path)
    for number in range(18):
        (tmp_path / f"{number}.dts").write_text(source)
        for path in (f"{number}.dts", "0.dts"):
            assert tool.run("run", str(tmp_path / path), PATH=qemu,
                            BULKHEAD_CACHE=str(tmp_path / "cache")).returncode == 7
    images = {path.name.split(".")[0] for path in (tmp_path / "cache/images").glob("*.elf")}
    assert images == {"0"} | {str(number) for number in range(3, 18)}
    assert len(list((tmp_path / "cache/images").iterdir())) == 32


def test_missing_qemu(tool, tmp_path):
    for name in ("dtc", "gzip"):
        (tmp_path / name).symlink_to(shutil.which(name))
    result = tool.run("run", "minimal.dts", PATH=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == ("bulkhead: qemu-system-aarch64 is not installed; "
                                              "apt-get install qemu-system-arm")


def test_run_reports_mistakes(tool, qemu):
    result = tool.run("run", "cpus-zero.dts", PATH=qemu)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (artefacts.CORPUS / "bad/cpus-zero.expected").read_text()


def test_reference_is_true(tool):
    """docs/description.md holds the tables that the command checks against."""
    tables = tool.run("schema").stdout.strip()
    assert tables in DOCS.read_text(), "run `bulkhead schema` and put its output into the document"


def test_names_cannot_write_on_the_terminal(tool):
    """A message is one line of text, whatever a file is called that it names."""
    name = "b\u00e4d\x1b[31m\n\u009b2Jname.dtsi"
    (tool.folder / name).write_text("&one { memroy = \"1M\"; };\n")
    (tool.folder / "includes.dts").write_text(
        "/dts-v1/;\n/ { compatible = \"bulkhead,system\"; board = \"qemu-virt-aarch64\";\n"
        "vms { one: one { memory = \"64M\"; kernel = \"Image\"; }; }; };\n"
        f"/include/ \"{name}\"\n")
    result = tool.run("check", "includes.dts")
    assert result.returncode == 1
    assert result.stderr == ("b\u00e4d?[31m??2Jname.dtsi:1: /vms/one: unknown property "
                             "\"memroy\"; did you mean \"memory\"?\n")


def test_deep_nesting(tool):
    """Which no description needs."""
    (tool.folder / "deep.dts").write_text(
        "/dts-v1/;\n/ { compatible = \"bulkhead,system\"; board = \"qemu-virt-aarch64\";\n"
        "vms { one { memory = \"64M\"; kernel = \"Image\";\n" + "x { " * 40 + "};" * 40 +
        "}; }; };\n")
    result = tool.run("check", "deep.dts")
    assert result.returncode == 1
    assert result.stderr == ("deep.dts: nodes are nested more than 32 deep, or dtc's output is not "
                             "understood; nest them less, or install dtc 1.6 or later\n")
