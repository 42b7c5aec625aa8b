# SPDX-License-Identifier: BSD-2-Clause
import os
import subprocess

import artefacts
import pytest


class Tool:
    """The host command under the sanitizers, run in a folder that has every file of the corpus."""

    def __init__(self, folder, parts, root, cache):
        self.folder, self.parts, self.root, self.cache = folder, parts, root, cache

    def run(self, *arguments, **variables):
        environment = dict(os.environ, BULKHEAD_PARTS=str(self.parts), LC_ALL="C",
                           BULKHEAD_ROOT=str(self.root), BULKHEAD_CACHE=str(self.cache))
        environment.update(variables)
        return subprocess.run([artefacts.BUILD / "tool" / "bulkhead-san", *arguments], cwd=self.folder,
                              env=environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120)

    def files(self):
        return {str(path): path.stat().st_mtime_ns for path in self.folder.rglob("*")}


@pytest.fixture(scope="session")
def tool(tmp_path_factory):
    base = tmp_path_factory.mktemp("tool")
    folder, parts, root, cache = (base / name for name in ("work", "parts", "root", "cache"))
    for path in (folder, parts, root):
        path.mkdir()
    artefacts.make_guest_files(folder)
    artefacts.make_parts(parts)
    artefacts.make_root(root)
    for kind in ("bad", "good"):
        for path in (artefacts.CORPUS / kind).glob("*.dts"):
            (folder / path.name).write_bytes(path.read_bytes())
    return Tool(folder, parts, root, cache)
