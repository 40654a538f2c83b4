"""How soon was ethylene oxide seen in RASFF, and at what price in false alarms? Prints tables, draws the curve.

Run: .venv/bin/python benchmarks/signal_timeliness.py [--draw] [--power]
Reads ../shared/data/rasff_2020_2024 (European Commission, RASFF, CC BY 4.0). With --draw it writes the pictures of
docs/{zh,en}/methods/outbreak-detection.md; with --power it plants outbreaks.

Series: one for each hazard named (``;``-joined hazards split; a hazard that is not stated is a series of its own), and,
as a second table, one for each hazard category. Monitored: every week from the first report of the series on, and, to be
strict, only series with 20 reports or more so far (ethylene oxide itself is watched from its first report). Week by week the detector gets the history up to that week only.
True: ethylene oxide (and its category) for 104 weeks from its first report. Every other alarm counts as false, though
some of them were something.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qualipolis.methods.signal.back_testing import CurvePoint, Event, Replay, power, replay, timeliness
from qualipolis.methods.signal.series import WeeklyCounts, bayes, ears, weekly_counts

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY.parent / "shared" / "data" / "rasff_2020_2024" / "rasff.csv.gz"
NOT_STATED = "hazard not stated"
FIRST_SEEN, WANTED = "2020-09-09", "2020-10-12"
EVENT_WEEKS, ESTABLISHED = 104, 20

DETECTORS: dict[str, tuple[Callable[..., object], np.ndarray]] = {
    "Bayes, 6 weeks": (
        lambda y: bayes(y, half_width=6, alpha=0.001),
        np.array([1.3, 2, 2.5, 3, 3.5, 4, 4.3, 4.9, 5, 6]),
    ),
    "EARS C1, floor 1": (lambda y: ears(y, "C1", 7, 1.0), np.array([1.64, 2.33, 3.09, 3.72, 4.26, 5, 6, 7, 8])),
    "EARS C1, no floor": (lambda y: ears(y, "C1", 7, 0.0), np.array([1.64, 2.33, 3.09, 3.72, 4.26, 5, 6, 7, 8])),
}


def named(text: str) -> str:
    """One spelling for a hazard: lower case, without its category and without remarks on its standing."""
    text = " ".join(text.lower().split())
    if text in ("", "n/a"):
        return NOT_STATED
    return re.sub(r"^(no definition-|unauthorised substance )+", "", text.split(" - ")[0]).strip() or NOT_STATED


def read(column: str) -> WeeklyCounts:
    days, reports, names = [], [], []
    with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for name in {named(part) for part in row[column].split(";")}:
                days.append(row["Date of Case"])
                reports.append(row["Reference"])
                names.append(name)
    return weekly_counts(days, reports, names)


def monitored(table: WeeklyCounts, least: int) -> np.ndarray:
    """Weeks up to which a series had at least ``least`` reports: known in that week, nothing from later."""
    return np.cumsum(table.counts, axis=1) >= least


def curve(table: WeeklyCounts, told: Replay, true: str, thresholds: np.ndarray, least: int) -> tuple[CurvePoint, ...]:
    first = table.week_of(FIRST_SEEN)
    event = Event(table.names.index(true), first, first + EVENT_WEEKS - 1, true)
    watch = told.judged & monitored(table, least)
    during = slice(first, first + EVENT_WEEKS)
    watch[event.series, during] |= told.judged[event.series, during]
    return timeliness(told.strength, watch, [event], thresholds)


def show(points: tuple[CurvePoint, ...], table: WeeklyCounts) -> None:
    for point in points:
        week = table.week_of(FIRST_SEEN) + point.delays[0]
        when = "missed" if np.isnan(week) else str(table.weeks[int(week)])
        print(
            f"  {point.threshold:6.2f}  {when:>10}  {point.false_alarms:6d} of {point.weeks:6d}"
            f"  {point.false_share:8.3%} [{point.false_low:7.3%}, {point.false_high:7.3%}]"
            f"  worst series {point.worst_series:6.2%}  weeks with any {point.weeks_with_any:6.1%}"
        )


def tables() -> dict[str, tuple[WeeklyCounts, tuple[CurvePoint, ...]]]:
    drawn = {}
    for column, true in (("Hazard Substance", "ethylene oxide"), ("Hazard Category", "pesticide residues")):
        table = read(column)
        print(f"{column}: {len(table.names)} series, {len(table.weeks)} weeks from {table.weeks[0]}")
        for name, (detector, thresholds) in DETECTORS.items():
            told = replay(table.counts, detector, first=7)
            for least in (1, ESTABLISHED):
                points = curve(table, told, true, thresholds, least)
                print(f" {name}; series watched from report {least} on (threshold, week found, false alarms)")
                show(points, table)
                if column == "Hazard Substance":
                    drawn[f"{name}|{least}"] = (table, points)
    return drawn


def planted() -> None:
    table = read("Hazard Substance")
    often = table.counts[table.counts.sum(axis=1) >= ESTABLISHED]
    print(f"Planted outbreaks over 4 weeks (1:2:3:4), series with {ESTABLISHED} reports or more: {len(often)}")
    for name, detector in (
        ("Bayes, 6 weeks, alpha 0.001", lambda y: bayes(y, half_width=6, alpha=0.001)),
        ("EARS C1, floor 1, alpha 0.001", lambda y: ears(y, "C1", 7, 1.0)),
    ):
        for point in power(often, detector, [3, 5, 10, 20, 40], first=30, n=1000):
            print(
                f"  {name}: {point.size:4.0f} reports: found {point.share:6.1%} [{point.low:.1%}, {point.high:.1%}]"
                f" of {point.n}, by chance {point.by_chance:.1%}, median delay {point.median_delay:.0f} weeks"
            )


WORDS = {
    "zh": {
        "title": "环氧乙烷：发现得早，还是误报得少",
        "x": "误报周占受监测序列周的比例（对数刻度）",
        "y": "首次通报后第几周发现",
        "bar": "误报上限 5 %",
        "due": "最迟：2020-10-12 这一周",
        "names": {
            "Bayes, 6 weeks": "贝叶斯（6 周）",
            "EARS C1, floor 1": "EARS C1（方差下限 1）",
            "EARS C1, no floor": "EARS C1（无下限）",
        },
        "font": "Noto Sans SC, sans-serif",
    },
    "en": {
        "title": "Ethylene oxide: how soon against how often in vain",
        "x": "False-alarm weeks as a share of monitored series-weeks (log scale)",
        "y": "Weeks from first report to alarm",
        "bar": "bar: 5 %",
        "due": "latest: week of 2020-10-12",
        "names": {name: name for name in DETECTORS},
        "font": "sans-serif",
    },
}
COLOURS = ("#0b6e4f", "#b3541e", "#3a5a9b")
LEFT, TOP, WIDE, HIGH = 70, 60, 560, 250
LOW, TOP_SHARE, MOST = -4.5, -1.0, 9.0


def at(share: float, delay: float) -> tuple[float, float]:
    x = (np.log10(max(share, 10**LOW)) - LOW) / (TOP_SHARE - LOW)
    return LEFT + WIDE * x, TOP + HIGH * (1 - min(delay, MOST) / MOST)


def text(x: float, y: float, words: str, anchor: str = "start", size: int = 13, extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="#333"{extra}>{words}</text>'


def axes(words: dict) -> list[str]:
    parts = [text(LEFT, 28, words["title"], size=17)]
    for exponent in range(-4, 0):
        x, _ = at(10.0**exponent, 0)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + HIGH}" stroke="#ddd"/>')
        parts.append(text(x, TOP + HIGH + 20, f"{10.0 ** (exponent + 2):g} %", "middle"))
    for delay in (0, 2, 4, 5, 6, 8):
        _, y = at(0.1, delay)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + WIDE}" y2="{y:.1f}" stroke="#eee"/>')
        parts.append(text(LEFT - 8, y + 4, str(delay), "end"))
    x, y = at(0.05, 5)
    parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + HIGH}" stroke="#a00" stroke-dasharray="5 4"/>')
    parts.append(
        f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + WIDE}" y2="{y:.1f}" stroke="#a00" stroke-dasharray="5 4"/>'
    )
    parts.append(text(x - 6, TOP + 14, words["bar"], "end"))
    parts.append(text(LEFT + 6, y - 6, words["due"]))
    parts.append(text(LEFT + WIDE / 2, TOP + HIGH + 44, words["x"], "middle"))
    turn = f' transform="rotate(-90 22 {TOP + HIGH / 2})"'
    return [*parts, text(22, TOP + HIGH / 2, words["y"], "middle", extra=turn)]


def lines(curves: dict[str, tuple[CurvePoint, ...]], words: dict) -> list[str]:
    parts = []
    for place, (name, points) in enumerate(curves.items()):
        colour = COLOURS[place]
        spots = [at(p.false_share, p.delays[0]) for p in points if not np.isnan(p.delays[0])]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in spots]
        y = TOP + HIGH - 12 - 20 * (len(curves) - 1 - place)
        parts.append(f'<circle cx="{LEFT + 14}" cy="{y - 4:.1f}" r="5" fill="{colour}"/>')
        parts.append(text(LEFT + 26, y, words["names"][name]))
    return parts


def picture(curves: dict[str, tuple[CurvePoint, ...]], language: str) -> str:
    words = WORDS[language]
    inner = "\n".join([*axes(words), *lines(curves, words)])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 370" role="img" font-family="{words["font"]}">'
        f"<title>{words['title']}</title>"
    )
    return f'{head}\n<rect width="660" height="370" fill="#fff"/>\n{inner}\n</svg>\n'


def draw(drawn: dict[str, tuple[WeeklyCounts, tuple[CurvePoint, ...]]]) -> None:
    curves = {name: drawn[f"{name}|{ESTABLISHED}"][1] for name in DETECTORS}
    for language in WORDS:
        target = REPOSITORY / "docs" / language / "methods" / "timeliness.svg"
        target.write_text(picture(curves, language), encoding="utf-8")
        print(f"wrote {target.relative_to(REPOSITORY)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--power", action="store_true")
    asked = parser.parse_args()
    if not SOURCE.is_file():
        print(f"{SOURCE} is absent: nothing to tell again")
        return 1
    drawn = tables()
    if asked.power:
        planted()
    if asked.draw:
        draw(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
