# SPDX-License-Identifier: GPL-2.0-only
"""What the host sees and does while a guest runs: QEMU's monitor, its qtest
socket, and the file that is ivshmem's memory. Answers to host_ask()."""

import json
import re
import socket
import time

FILE_SIZE = 1 << 20
PATIENCE = 30           # s
LETTERS = {1: "b", 2: "w", 4: "l", 8: "q"}


class Refused(Exception):
    """What QEMU, or this file, has against a question."""


def connect(path):
    """A stream of lines, once QEMU listens there."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(PATIENCE)
            peer.connect(path)
            return peer.makefile("rw")
        except (FileNotFoundError, ConnectionRefusedError):
            peer.close()
            if time.monotonic() > end:
                raise
            time.sleep(.05)


class Monitor:
    """QMP: commands, and the events that come in between."""

    def __init__(self, path):
        self.stream = connect(path)
        self.deleted = set()
        self._hear()            # its greeting
        self.ask("qmp_capabilities")

    def _hear(self):
        message = json.loads(self.stream.readline())
        if message.get("event") == "DEVICE_DELETED":
            self.deleted.add(message["data"].get("device"))
        return message

    def ask(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command,
                                      "arguments": arguments}) + "\n")
        self.stream.flush()
        while True:
            message = self._hear()
            if "error" in message:
                raise Refused(message["error"]["desc"])
            if "return" in message:
                return message["return"]

    def human(self, line):
        return self.ask("human-monitor-command", **{"command-line": line})

    def wait_deleted(self, name):
        end = time.monotonic() + PATIENCE
        while name not in self.deleted:
            if time.monotonic() > end:
                raise Refused(f"{name} stays in its slot")
            self._hear()
        self.deleted.remove(name)


class Qtest:
    """Reads and writes physical memory past the guest's processors."""

    def __init__(self, path):
        self.stream = connect(path)

    def ask(self, line):
        self.stream.write(line + "\n")
        self.stream.flush()
        answer = self.stream.readline().split()
        while answer[:1] == ["IRQ"]:
            answer = self.stream.readline().split()
        if answer[:1] != ["OK"]:
            raise Refused(f"qtest: {line}: {' '.join(answer)}")
        return answer[-1]


class Host:
    """The answers to a guest's questions, a method for each first word."""

    def __init__(self, folder):
        self.folder = folder
        self.monitor = self.qtest = None
        with open(self.path("file"), "wb") as f:
            f.truncate(FILE_SIZE)

    def path(self, name):
        return f"{self.folder}/{name}"

    def options(self):
        """For QEMU: the way to ask it."""
        return (f"-qmp unix:{self.path('monitor')},server=on,wait=off"
                f" -qtest unix:{self.path('qtest')},server=on,wait=off"
                " -qtest-log none"
                " -object memory-backend-file,id=shared,share=on"
                f",size={FILE_SIZE},mem-path={self.path('file')}"
                f" -trace pl061_set_output,file={self.path('trace')}")

    def answer(self, question):
        word, *args = question.split()
        method = getattr(self, "do_" + word.replace("-", "_"), None)
        try:
            if not method:
                raise Refused("no such question")
            if not self.monitor:
                self.monitor = Monitor(self.path("monitor"))
                self.qtest = Qtest(self.path("qtest"))
            return method(*args)
        except (Refused, OSError, TypeError, ValueError, KeyError) as why:
            return f"error {type(why).__name__}: {why}".replace("\n", " ")

    def do_monitor(self, width, phys):
        letter = {1: "b", 2: "h", 4: "w", 8: "g"}[int(width)]
        said = self.monitor.human(f"xp /1x{letter} 0x{phys}")
        match = re.fullmatch(r"[0-9a-f]+: 0x([0-9a-f]+)\s*", said)
        if not match:
            raise Refused(said)
        return match[1]

    def do_read(self, width, phys):
        value = self.qtest.ask(f"read{LETTERS[int(width)]} 0x{phys}")
        return f"{int(value, 16):x}"

    def do_write(self, width, phys, value):
        self.qtest.ask(f"write{LETTERS[int(width)]} 0x{phys} 0x{value}")
        return "ok"

    def do_file_read(self, width, offset):
        with open(self.path("file"), "rb") as f:
            f.seek(int(offset, 16))
            return f.read(int(width))[::-1].hex()

    def do_file_write(self, width, offset, value):
        with open(self.path("file"), "rb+") as f:
            f.seek(int(offset, 16))
            f.write(int(value, 16).to_bytes(int(width), "little"))
        return "ok"

    def do_moved(self, line, to):
        with open(self.path("trace"), "a+", encoding="ascii") as f:
            f.seek(0)
            return f"{f.read().count(f'setting output {line} to {to}'):x}"

    def do_button(self):
        self.monitor.ask("system_powerdown")
        return "ok"

    def do_unplug(self, name):
        self.monitor.ask("device_del", id=name)
        self.monitor.wait_deleted(name)
        return "ok"

    def do_plug(self, name):
        self.monitor.ask("device_add", driver="edu", id=name, bus="port-" + name)
        return "ok"
