# SPDX-License-Identifier: BSD-2-Clause
"""Byte-reproducible initramfs archives ("newc" cpio, gzip'd) from Debian package files."""

import gzip
import io
import lzma
import posixpath
import re
import stat
import subprocess
import tarfile
import tempfile

# The format: Documentation/driver-api/early-userspace/buffer-format.rst of Linux.
MAGIC = "070701"


class Package:
    """The files of one .deb, read without unpacking it anywhere."""

    def __init__(self, deb):
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True,
                              stdout=subprocess.PIPE).stdout
        self.tar = tarfile.open(fileobj=io.BytesIO(data))
        self.members = {posixpath.normpath("/" + m.name): m for m in self.tar.getmembers()}

    def read(self, path):
        return self.tar.extractfile(self.members[path]).read()

    def find(self, pattern):
        return sorted(p for p, m in self.members.items() if m.isfile() and re.fullmatch(pattern, p))


class Initramfs:
    """A tree of files, written out sorted, owned by root and dated at the epoch."""

    def __init__(self):
        self.entries = {}

    def _parents(self, path):
        parent = posixpath.dirname(path)
        if parent and parent not in self.entries:
            self.directory(parent)

    def _add(self, path, mode, data=b"", device=(0, 0)):
        path = path.strip("/")
        self._parents(path)
        self.entries[path] = (mode, data, device)

    def directory(self, path):
        self._add(path, stat.S_IFDIR | 0o755)

    def file(self, path, data, mode=0o755):
        self._add(path, stat.S_IFREG | mode, data)

    def link(self, path, target):
        self._add(path, stat.S_IFLNK | 0o777, target.encode())

    def character_device(self, path, major, minor):
        self._add(path, stat.S_IFCHR | 0o600, device=(major, minor))

    def tree(self, folder):
        """Every file below a pathlib folder, executable as it is there."""
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            self.file(str(path.relative_to(folder)), path.read_bytes(), mode)

    def pack(self):
        out = io.BytesIO()
        for inode, path in enumerate(sorted(self.entries), start=1):
            mode, data, device = self.entries[path]
            write_entry(out, path, inode, mode, data, device)
        write_entry(out, "TRAILER!!!", 0, 0, b"", (0, 0))
        # No name and no time in the gzip header: the same input gives the same bytes.
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=9) as gz:
            gz.write(out.getvalue())
        return packed.getvalue()


def write_entry(out, path, inode, mode, data, device):
    name = path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, device[0], device[1], len(name), 0)
    out.write(MAGIC.encode() + b"".join(b"%08x" % f for f in fields) + name)
    out.write(b"\0" * (-out.tell() % 4))
    out.write(data)
    out.write(b"\0" * (-out.tell() % 4))


def module_name(path):
    return posixpath.basename(path).split(".ko")[0].replace("-", "_")


def add_modules(archive, kernel, wanted):
    """Adds the wanted modules that the kernel package has, and the order to load them in."""
    paths = {module_name(p): p for p in kernel.find(r"(/usr)?/lib/modules/.*\.ko(\.xz)?")}
    order = []

    def visit(name):
        name = name.replace("-", "_")
        if name not in paths or name in order:
            return
        data = kernel.read(paths[name])
        if paths[name].endswith(".xz"):
            data = lzma.decompress(data)
        depends = re.search(rb"\0depends=([^\0]*)\0", data)
        for other in filter(None, depends.group(1).decode().split(",") if depends else []):
            visit(other)
        order.append(name)
        archive.file(f"lib/modules/{name}.ko", data, 0o644)

    for name in wanted:
        visit(name)
    archive.file("lib/modules/order", "".join(n + "\n" for n in order).encode(), 0o644)


def needed_libraries(data):
    """DT_NEEDED and the interpreter of an ELF file, by readelf: any architecture's."""
    with tempfile.NamedTemporaryFile() as elf:
        elf.write(data)
        elf.flush()
        text = subprocess.run(["readelf", "-ld", elf.name], check=True,
                              stdout=subprocess.PIPE).stdout.decode()
    names = re.findall(r"\(NEEDED\).*\[(.+)\]", text)
    names += [posixpath.basename(p) for p in re.findall(r"interpreter: (\S+)\]", text)]
    return names


def add_programs(archive, packages, programs):
    """Adds programs of some packages with every shared library they need, to /bin and /lib."""
    libraries = {}
    for package in packages:
        for path, member in package.members.items():
            if re.search(r"\.so(\.[0-9.]+)?$", path) and re.match(r"/(usr/)?lib", path):
                libraries[posixpath.basename(path)] = (package, path, member)

    def resolve(name):
        if name not in libraries:
            raise OSError(f"no package of the closure holds {name}")
        package, path, member = libraries[name]
        while member.issym():
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), member.linkname))
            member = package.members[path]
        return package.read(path)

    todo, done = [], set()
    for program in programs:
        data = next(p.read(program) for p in packages if program in p.members)
        archive.file("bin/" + posixpath.basename(program), data)
        todo += needed_libraries(data)
    while todo:
        name = todo.pop()
        if name in done:
            continue
        done.add(name)
        data = resolve(name)
        archive.file("lib/" + name, data)
        todo += needed_libraries(data)
