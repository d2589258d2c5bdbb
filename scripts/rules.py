# SPDX-License-Identifier: GPL-2.0-only
"""The rules of Documentation/design.rst that a look at the text can test.

Each rule is a generator of complaints, "path:line: what" or "path: what"; its
docstring is its name. scripts/static runs them all.
"""

import os
import re

TOP_LEVEL = set("""README.md Kbuild Makefile COPYING .ci .clang-format
.editorconfig .gitignore include src tests scripts Documentation""".split())
# What git, make and kbuild leave in a tree.
LEFT = re.compile(r"\.git|build|__pycache__|modules\.order|Module\.symvers"
                  r"|.*\.(o|ko|mod|mod\.c|cmd|d)")

MAX_FILE = 400
MAX_FUNCTION = 80
MIN_FOLDER = 4

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
# The kernel's own names have it, ours must not.
REGION = re.compile(r"\b(?!(?:__)?(?:request|release)_(?:mem_)?region"
                    r"|region_intersects)\w*region\w*", re.I)


class Tree:
    """The files of a source tree, read once: path -> lines."""

    def __init__(self, top):
        self.names = os.listdir(top)
        self.files = {}
        for name in sorted(self.names):
            path = os.path.join(top, name)
            if LEFT.fullmatch(name) or not os.path.isdir(path):
                continue
            for folder, folders, names in os.walk(path):
                folders[:] = [f for f in folders if not LEFT.fullmatch(f)]
                for name in names:
                    if not LEFT.fullmatch(name):
                        self._read(top, os.path.join(folder, name))

    def _read(self, top, path):
        with open(path, encoding="utf-8", errors="replace") as f:
            self.files[os.path.relpath(path, top)] = f.read().splitlines()

    def under(self, *starts, ends=""):
        """(path, lines) of the files whose path starts and ends like that."""
        for path, lines in sorted(self.files.items()):
            if path.startswith(starts) and path.endswith(ends):
                yield path, lines

    def c_files(self, *starts):
        return self.under(*starts, ends=(".c", ".h"))


def code(lines):
    """The lines without comments and without what strings say."""
    def blank(match):
        kept = '""' if match[0].startswith('"') else ""
        return kept + "\n" * match[0].count("\n")
    return COMMENT.sub(blank, "\n".join(lines)).split("\n")


def grep(files, pattern, what, clean=True):
    pattern = re.compile(pattern)
    for path, lines in files:
        for number, line in enumerate(code(lines) if clean else lines, 1):
            match = pattern.search(line)
            if match:
                yield f"{path}:{number}: {match[0].strip()}: {what}"


def functions(lines):
    """(first line, last line) of each function body, braces at column 0."""
    start = None
    for number, line in enumerate(code(lines), 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start:
            yield start, number
            start = None


def versions(tree):
    """kernel versions are tested in compat.h only"""
    files = [f for f in tree.c_files("src/", "include/", "tests/kunit/",
                                     "tests/canary/")
             if f[0] != "src/module/compat.h"]
    return grep(files, r"LINUX_VERSION_CODE|KERNEL_VERSION|__has_include"
                r"|linux/version\.h", "belongs into compat.h", clean=False)


def architectures(tree):
    """architectures are chosen in Kbuild only, and in arch.h of the tests"""
    files = [f for f in tree.under("src/", "include/", "tests/")
             if not f[0].endswith(("Kbuild", "/arch.h"))]
    return grep(files, r"CONFIG_(X86\w*|ARM64)\b|__x86_64__|__aarch64__",
                "belongs into Kbuild", clean=False)


def conditions(tree):
    """no #if inside a function body"""
    for path, lines in tree.c_files("src/", "include/", "tests/"):
        for first, last in functions(lines):
            for number in range(first, last):
                if re.match(r"\s*#\s*(if|el|endif)", lines[number]):
                    yield f"{path}:{number + 1}: {lines[number].strip()}"


def names(tree):
    """names.h is included where names are printed only"""
    files = [f for f in tree.c_files("src/", "include/", "tests/")
             if f[0] not in ("src/module/text.c", "src/lib/names.c",
                             "include/mmuscope/frame_names.h")
             and not re.match(r"tests/.*\bnames\w*\.c$", f[0])]
    return grep(files, r"#\s*include\s*[<\"].*\b(frame_)?names\.h",
                "text.c and the library's names.c only", clean=False)


def prot_bits(tree):
    """raw bits of entries are known to entry_<arch>.h and arch_*.c only"""
    files = [f for f in tree.c_files("src/", "include/")
             if not re.search(r"/(entry_\w+\.h|arch_\w+\.c)$", f[0])]
    return grep(files, r"\b_PAGE_[A-Z]\w*|\b(X86|ARM64)_ENTRY_\w+|\bPTE_"
                r"(VALID|RDONLY|USER|AF|DIRTY|WRITE|[UP]XN|ATTRINDX\w*)\b",
                "belongs into arch_*.c")


def ioctls(tree):
    """ioctl() is called in src/lib only, its numbers are unknown to src/cli"""
    files = [f for f in tree.c_files("src/")
             if not f[0].startswith("src/lib/")]
    yield from grep(files, r"(?<!->)(?<!\.)\bioctl\s*\(", "src/lib only")
    yield from grep(tree.c_files("src/cli/"), r"\bMMUSCOPE_IOC_\w+",
                    "the library's business")


def exports(tree):
    """no way around what the kernel does not export"""
    return grep(tree.c_files("src/", "include/"),
                r"\w*(kallsyms|kprobe|kretprobe|ftrace_)\w*",
                "without the export, we do without")


def bugs(tree):
    """no BUG(): a reader must not stop a machine"""
    return grep(tree.c_files("src/", "include/"),
                r"\b(VM_|BUG_)*BUG(_ON\w*)?\s*\(|\bpanic\s*\(",
                "handle it, or WARN_ON_ONCE()")


def words(tree):
    """no identifier says region"""
    return grep(tree.c_files("src/", "include/"), REGION, "say extent or range")


def prefixes(tree):
    """mmuscope_ means called from another file: no static has it"""
    return grep(tree.under("src/module/", ends=".c"),
                r"^static\b(?!.*__(init|exit)\b)[^=;{]*?\bmmuscope_\w+(?=\()",
                "it is static")


def shapes(tree):
    """no utils, no X-macros"""
    for path in tree.files:
        if re.search(r"(^|/)(utils?|helpers?|common|misc)\.[ch]$", path):
            yield f"{path}: a file is a noun or one end of the data path"
    yield from grep(tree.c_files("src/", "include/"),
                    r"#\s*(define|undef)\s+X\b", "no X-macros")


def file_sizes(tree):
    """no file has more than 400 lines"""
    for path, lines in tree.under("src/", "include/", "tests/", "scripts/"):
        if len(lines) > MAX_FILE:
            yield f"{path}: {len(lines)} lines"


def function_sizes(tree):
    """no function has more than 80 lines"""
    for path, lines in tree.c_files("src/", "include/", "tests/"):
        for first, last in functions(lines):
            if last - first + 1 > MAX_FUNCTION:
                yield f"{path}:{first}: {last - first + 1} lines"


def folder_sizes(tree):
    """no folder in src/ has fewer than four files"""
    count = {}
    for path in tree.files:
        folder = os.path.dirname(path)
        if path.startswith("src/"):
            count[folder] = count.get(folder, 0) + 1
    for folder, number in sorted(count.items()):
        if number < MIN_FOLDER:
            yield f"{folder}: {number} files"


def top_level(tree):
    """the top level holds the names of the design only"""
    for name in tree.names:
        if name not in TOP_LEVEL and not LEFT.fullmatch(name):
            yield f"{name}: belongs somewhere below"


def due_license(path):
    if re.match(r"include/mmuscope/((frame_)?names|(entry|memtype)(_\w+)?)\.h$", path):
        return "GPL-2.0-only OR MIT"
    if path.startswith("include/uapi/"):
        return "GPL-2.0-only WITH Linux-syscall-note"
    if path.startswith(("src/lib/", "src/cli/", "include/")):
        return "MIT"
    return "GPL-2.0-only"


def licenses(tree):
    """every file begins with its licence"""
    for path, lines in tree.under("src/", "include/", "tests/", "scripts/",
                                  ".ci/"):
        head = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        match = re.match(r"\W+SPDX-License-Identifier: (.*?)( \*/)?$",
                         head[0] if head else "")
        if not match or match[1] != due_license(path):
            yield f"{path}: SPDX-License-Identifier: {due_license(path)}"


RULES = (versions, architectures, conditions, names, prot_bits, ioctls,
         exports, bugs, words, prefixes, shapes, file_sizes, function_sizes,
         folder_sizes, top_level, licenses)
