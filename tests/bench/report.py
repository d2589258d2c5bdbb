# SPDX-License-Identifier: GPL-2.0-only
"""What tests/bench/run measured, as tables and as a plot."""

import math
import subprocess

RANGES = ["anon", "scatter", "sparse", "thp", "hugetlb", "swap", "swap-random",
          "file", "terabyte"]
PEERS = ["pagemap", "PAGEMAP_SCAN", "mincore"]
OURS = ["raw", "library", "decoded", "with-pages"]
WHOLES = ["whole-anon", "whole-scatter", "whole-file", "whole-thp", "whole-swap",
          "whole-terabyte", "10000-vmas", "4GiB"]
GROWTH = [1, 2, 4, 8, 16]
BEGIN, END = ".. What follows is written by make bench:", ".. That was make bench."


class Figures:
    """Instructions by case and method, and pages by case."""

    def __init__(self, text):
        self.cost = {}
        self.pages = {}
        self.holds = {}
        self.kernel = ""
        for line in text.splitlines():
            words = line.split()
            if words[0] == "kernel":
                self.kernel = words[1]
            elif words[0] == "pages":
                self.pages[words[1]] = int(words[2])
            elif words[0] == "hold":
                self.holds[words[1], words[2]] = int(words[3]), int(words[4])
            else:
                self.cost[words[0], words[1]] = int(words[2])

    def has(self, method):
        return any(m == method for _, m in self.cost)

    def per_page(self, case, method):
        cost = self.cost.get((case, method))
        return None if cost is None else cost / self.pages[case]

    def ratio(self, case, peer, ours):
        """How many times as cheap ours is."""
        if (case, peer) not in self.cost or (case, ours) not in self.cost:
            return None
        return self.cost[case, peer] / self.cost[case, ours]

    def slope(self, method):
        """k of cost ~ size ** k, by least squares of the logarithms."""
        points = [(math.log(n), math.log(self.cost[f"grown-{n}", method]))
                  for n in GROWTH if (f"grown-{n}", method) in self.cost]
        if len(points) < 2:
            return None
        mx = sum(x for x, _ in points) / len(points)
        my = sum(y for _, y in points) / len(points)
        return sum((x - mx) * (y - my) for x, y in points) / \
            sum((x - mx) ** 2 for x, _ in points)


def number(value):
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def table(head, rows):
    """A simple table of reStructuredText."""
    cells = [head] + [[c if isinstance(c, str) else number(c) for c in row]
                      for row in rows]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    line = "  ".join("=" * w for w in width)
    text = ["  ".join(c.ljust(w) for c, w in zip(row, width)).rstrip()
            for row in cells]
    return "\n".join([line, text[0], line, *text[1:], line])


def costs(figures):
    methods = [m for m in ["floor"] + PEERS + OURS if figures.has(m)]
    return table(["case", "pages"] + methods,
                 [[case, str(figures.pages[case])] +
                  [figures.per_page(case, m) for m in methods]
                  for case in RANGES])


def ratios(figures, ours, peers, cases):
    pairs = [(p, o) for p in peers if figures.has(p)
             for o in ours if figures.has(o)]
    return table(["case"] + [f"{p} / {o}" for p, o in pairs],
                 [[case] + [figures.ratio(case, p, o) for p, o in pairs]
                  for case in cases])


def growth(figures):
    methods = [m for m in PEERS + OURS if figures.has(m)]
    rows = [[f"{n * 16} MiB"] + [figures.cost.get((f"grown-{n}", m))
                                 for m in methods] for n in GROWTH]
    rows.append(["exponent"] + [figures.slope(m) for m in methods])
    return table(["anon"] + methods, rows)


def wholes(figures):
    methods = ["smaps_rollup", "summary", "smaps", "maps"]
    return table(["process"] + methods + ["smaps_rollup / summary", "smaps / maps"],
                 [[case] + [figures.cost[case, m] for m in methods] +
                  [figures.ratio(case, "smaps_rollup", "summary"),
                   figures.ratio(case, "smaps", "maps")] for case in WHOLES])


def questions(figures):
    rows = [[f"{n} addresses"] +
            [figures.cost[f"translate-{n}", m] for m in ("pagemap", "translate")] +
            [figures.ratio(f"translate-{n}", "pagemap", "translate")]
            for n in (1, 64, 4096)]
    rows.append(["who maps a frame"] +
                [figures.cost["who", m] for m in ("sweep", "who")] +
                [figures.ratio("who", "sweep", "who")])
    return table(["question", "pagemap", "mmuscope", "pagemap / mmuscope"], rows)


def holds(figures):
    methods = OURS + ["summary"]
    rows = [[case] + [figures.holds.get((case, m), [None] * 2)[1] for m in methods]
            for case in RANGES + WHOLES if any(c == case for c, _ in figures.holds)]
    return table(["case"] + methods, rows)


def tables(figures):
    title = f"Linux {figures.kernel}"
    most = max(entries for entries, _ in figures.holds.values())
    return "\n\n".join([
        title + "\n" + "=" * len(title),
        "Instructions per page, the least of five looks at a range (``terabyte``: in"
        " all; what of pagemap and mincore takes too long is measured on a part):",
        costs(figures),
        "How many times as cheap:",
        ratios(figures, ["raw", "library"] if figures.has("raw") else ["decoded"],
               PEERS[:2], RANGES),
        "Instructions for whole processes:",
        wholes(figures),
        "Instructions for single questions, of pagemap by one ``pread(2)`` each, of"
        " ``who`` by a look through all pagemaps:",
        questions(figures),
        "The longest time that ``mmap_lock`` was held, in instructions; no hold of any"
        f" look read more than {most} entries:",
        holds(figures),
        "Growth: instructions for 1, 2, 4, 8 and 16 times 16 MiB, and the exponent"
        " that fits them:",
        growth(figures),
    ])


def write(kernels, path):
    """Puts the tables, of each kernel, where the last ones are."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"{before}{BEGIN}\n\n" +
                "\n\n".join(tables(figures) for figures in kernels) +
                f"\n\n{END}{after}")


def plot(figures, path):
    methods = [m for m in ["floor"] + PEERS + OURS[:3] if figures.has(m)]
    cases = [c for c in RANGES if c != "terabyte"]
    rows = [[c] + [str(figures.per_page(c, m) or "?") for m in methods]
            for c in cases]
    data = "\n".join("\t".join(row) for row in [["case"] + methods] + rows)
    bars = ", ".join(f"$data using {i}:xtic(1) title columnheader"
                     for i in range(2, len(methods) + 2))
    svg = subprocess.run(["gnuplot"], check=True, text=True, stdout=subprocess.PIPE,
                         input=f"""
$data << END
{data}
END
set terminal svg size 900,420 font 'sans-serif,11' background '#ffffff'
set datafile separator '\\t'
set datafile missing '?'
set title 'Instructions per page, kernel {figures.kernel}' noenhanced
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set logscale y
set yrange [0.1:*]
set grid ytics lc rgb '#dddddd'
set key outside right noenhanced
set xtics noenhanced
plot {bars}
""").stdout
    with open(path, "w", encoding="utf-8") as f:
        f.write(svg)
