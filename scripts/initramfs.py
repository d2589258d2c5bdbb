# SPDX-License-Identifier: GPL-2.0-only
"""Writes an initramfs: an uncompressed cpio archive (newc), files of root."""

import os
import stat

MAGIC = b"070701"


class Initramfs:
    def __init__(self, out):
        self.out = out
        self.inode = 0
        self.directories = {""}

    def _pad(self):
        self.out.write(bytes(-self.out.tell() % 4))

    def _entry(self, name, mode, data=b""):
        name = name.encode() + b"\0"
        self.inode += 1
        fields = (self.inode, mode, 0, 0, 1, 0, len(data),
                  0, 0, 0, 0, len(name), 0)
        self.out.write(MAGIC + b"".join(b"%08x" % f for f in fields) + name)
        self._pad()
        self.out.write(data)
        self._pad()

    def directory(self, path):
        path = path.strip("/")
        if path in self.directories:
            return
        self.directory(os.path.dirname(path))
        self.directories.add(path)
        self._entry(path, stat.S_IFDIR | 0o755)

    def _leaf(self, path, mode, data):
        self.directory(os.path.dirname(path))
        self._entry(path.strip("/"), mode, data)

    def text(self, path, text):
        self._leaf(path, stat.S_IFREG | 0o644, text.encode())

    def link(self, path, target):
        self._leaf(path, stat.S_IFLNK | 0o777, os.fsencode(target))

    def file(self, path, source):
        with open(source, "rb") as f:
            mode = os.fstat(f.fileno()).st_mode
            self._leaf(path, stat.S_IFREG | stat.S_IMODE(mode), f.read())

    def tree(self, path, source):
        """A file, or a directory with all below; links inside stay links."""
        if not os.path.isdir(source):
            self.file(path, source)
            return
        self.directory(path)
        for name in sorted(os.listdir(source)):
            inner, src = f"{path}/{name}", os.path.join(source, name)
            if os.path.islink(src):
                self.link(inner, os.readlink(src))
            else:
                self.tree(inner, src)

    def close(self):
        self._entry("TRAILER!!!", 0)
