#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
Run clang-tidy (.clang-tidy) on the C sources of a build folder.

  lint.py BUILD [FILE...]    FILEs are relative to the tree; none is all

Each source is checked once, with the flags of the program that it belongs to: those for the board
where it is compiled for board and host. Exit status 1 if there is anything to report.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent
BOARD = "--target="  # in the command of what is compiled for the board


def sources(build):
    """{path in the tree: its entry of the compilation database}"""
    chosen = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.suffix != ".c" or not path.is_relative_to(TREE) or path.is_relative_to(build):
            continue
        name = str(path.relative_to(TREE))
        if name not in chosen or (BOARD in entry["command"] and
                                  BOARD not in chosen[name]["command"]):
            chosen[name] = entry
    return chosen


def check(name, database):
    """What clang-tidy reports, or nothing."""
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", database, "--extra-arg=-Wno-unknown-warning-option",
         TREE / name], cwd=TREE, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stdout + done.stderr


def main(build, names):
    if not (build / "compile_commands.json").exists():
        sys.exit(f"lint: {build} is no build folder; make it first")
    chosen = sources(build)
    unknown = sorted(set(names) - set(chosen))
    if unknown:
        sys.exit(f"lint: not compiled in {build}: {' '.join(unknown)}")
    database = build / "lint"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(list(chosen.values())))
    found = False
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for text in pool.map(lambda name: check(name, database), names or sorted(chosen)):
            if text:
                found = True
                print(text, end="", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
