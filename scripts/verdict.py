# SPDX-License-Identifier: GPL-2.0-only
"""What a guest came to, by the kernel's log and by what it said of its command."""

import os
import re
import subprocess

SCRIPTS = os.path.dirname(os.path.realpath(__file__))
BUSYBOX = "/bin/busybox"
SPLAT, HANG, NO_VERDICT = 100, 101, 102


def splats(log):
    with open(os.path.join(SCRIPTS, "splats"), encoding="ascii") as f:
        patterns = f.read().splitlines()
    found = re.compile("|".join(patterns))
    unknown = subprocess.run(
        [BUSYBOX, "awk", "-f", os.path.join(SCRIPTS, "known-splats")],
        input="\n".join(log), stdout=subprocess.PIPE, check=True, text=True)
    return [line for line in unknown.stdout.splitlines() if found.search(line)]


def boot_trouble(log):
    """Splats from before the first program ran."""
    started = [i for i, line in enumerate(log) if "Run /init as init" in line]
    return splats(log[:started[0]] if started else log)


def judge(log, verdict, late):
    """The exit status, and what to say about it."""
    bad = splats(log)
    if bad:
        more = [f"... and {len(bad) - 20} more"] if len(bad) > 20 else []
        how = "hung; " if late else ""
        return SPLAT, [f"{how}the kernel's log has:", *bad[:20], *more]
    if late:
        return HANG, ["timeout; the last of the log:",
                      *(log[-5:] or ["(nothing)"])]
    last = re.fullmatch(r"exit (\d+)", verdict[-1]) if verdict else None
    if not last:
        return NO_VERDICT, ["no verdict", *verdict, *log[-8:]]
    status = int(last[1])
    if status >= 100:
        return 99, [f"COMMAND ended with {status}; this is 99 here"]
    return status, []
