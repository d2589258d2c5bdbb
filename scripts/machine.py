# SPDX-License-Identifier: GPL-2.0-only
"""The machines that QEMU is to be, one for each architecture of a guest."""


class X86:
    """A PC. Most memory in one piece above 4 GB: room for a 1 GB page."""
    qemu = "qemu-system-x86_64"
    machine = "q35,max-ram-below-4g=1G"
    cpu = "max"
    cpu_pti = "max,vendor=GenuineIntel"     # one that needs it
    cpu_counted = "max,-rdrand,-rdseed,-erms,-fsrm"     # no chance
    pti = {True: "pti=on"}
    # On a busy host the ticks that this test waits for come too late.
    emulated = ["no_timer_check"]
    console = "ttyS0"
    lines = ["/dev/ttyS1", "/dev/ttyS2"]

    @staticmethod
    def device(number):
        """A serial line, with an interrupt of its own."""
        return ["-device", f"isa-serial,index={number},irq={(4, 3, 5)[number]},"
                f"chardev=c{number}"]


class Arm64:
    """Its pointers are signed by a hash that is cheap to emulate."""
    qemu = "qemu-system-aarch64"
    machine = "virt,gic-version=3,mte=on"
    cpu = cpu_pti = cpu_counted = "max,pauth-impdef=on"
    pti = {False: "kpti=off", True: "kpti=on"}
    emulated = []
    console = "ttyAMA0"
    lines = ["/dev/ttyS0", "/dev/ttyS1"]

    @staticmethod
    def device(number):
        """The board has one line; the others' driver is built in, too."""
        return ["-device", f"pci-serial,chardev=c{number}"] if number else \
            ["-serial", "chardev:c0"]


OF = {"x86_64": X86, "arm64": Arm64}
