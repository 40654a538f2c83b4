"""What follows the ranking: dimensions, method, framework, warnings, verification."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from .ranking import EM, GAP, PAGE_WIDTH, ordered, rank_text, text_width
from .words import breakable, display_width, number, word

if TYPE_CHECKING:
    from .assessment import AssessmentReport, ReportUnit

STEPS = 5
MANY = 6  # with more columns than this, long heads are turned
FRAMEWORK_INLINE = 10  # more rows than this start on their own page
COMMAND = "qualipolis verify release DIR"


def level(value: float | None, column: Sequence[float]) -> int:
    """Return which fifth of ``column`` (sorted) ``value`` falls into: 1 lowest, 5 top, 0 for no value.

    >>> [level(v, [1.0, 2.0, 3.0, 4.0, 5.0]) for v in (1.0, 3.0, 5.0, None)]
    [1, 3, 5, 0]
    """
    if value is None or value != value:
        return 0
    below = bisect_left(column, value)
    return min(STEPS, 1 + STEPS * below // max(1, len(column)))


def _value(unit: ReportUnit, index: int) -> float | None:
    return unit.dims[index] if index < len(unit.dims) else None


def _split(count: int, room: float, wanted: float) -> list[range]:
    """Split ``count`` columns into parts of nearly equal size that fit into ``room``."""
    most = max(1, int(room // wanted))
    parts = math.ceil(count / most)
    edges = [round(i * count / parts) for i in range(parts + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def _cell_width(columns: Sequence[Sequence[float]]) -> float:
    """Return the mm that the longest number and its square need."""
    longest = max((len(number(v, 1)) for column in columns if column for v in (column[0], column[-1])), default=4)
    return longest * 1.52 + 5.2


def _too_long(head: str, width: float) -> bool:
    """Tell whether a word of ``head`` must be split to stand in ``width`` mm."""
    return any(display_width(part) * 2.85 > width - 1.8 for part in head.split())


def dimensions(report: AssessmentReport) -> dict[str, object] | None:
    """Return the tables of dimension scores, in as many parts as fit the page; None without dimensions."""
    if not report.dim_names or not report.unit_rows:
        return None
    lang, units = report.lang, ordered(report)
    names = list(report.dim_names)
    sorted_columns = [sorted(v for u in units if (v := _value(u, i)) is not None and v == v) for i in range(len(names))]
    name_width = text_width([u.name for u in units], 22, 46)
    parts = _split(len(names), PAGE_WIDTH - 12 - name_width, _cell_width(sorted_columns))
    subject = f"{len(units):,}个{report.units_label}" if lang == "zh" else f"{len(units):,} {report.units_label}"
    tables = []
    for position, part in enumerate(parts, start=1):
        suffix = word(lang, "dims_part", position, len(parts)) if len(parts) > 1 else ""
        width = min(26.0, (PAGE_WIDTH - 12 - name_width) / len(part))
        tables.append(
            {
                "title": word(lang, "dims_title", position, subject) + suffix,
                "heads": [[names[i], _too_long(names[i], width)] for i in part],
                "width": round(width, 2),
                "turned": len(part) > MANY and any(_too_long(names[i], width) for i in part),
                "rows": [
                    [
                        rank_text(u),
                        breakable(u.name, (name_width - GAP) / EM),
                        [[number(_value(u, i), 1), level(_value(u, i), sorted_columns[i])] for i in part],
                    ]
                    for u in units
                ],
            }
        )
    return {
        "heading": word(lang, "dims_heading"),
        "lead": word(lang, "dims_lead"),
        "low": word(lang, "step_low"),
        "high": word(lang, "step_high"),
        "rank": word(lang, "rank"),
        "unit": word(lang, "unit"),
        "tables": tables,
    }


def method(report: AssessmentReport) -> dict[str, object]:
    """Return the steps of the calculation, the simulation last."""
    lang = report.lang
    lines = [[step, text] for step, text in report.method_lines]
    if report.replicates > 0:
        percent = round(report.interval_level * 100)
        said = word(lang, "uncertainty_run", f"{report.replicates:,}", report.seed, percent)
    else:
        said = word(lang, "uncertainty_none")
    return {
        "heading": word(lang, "method_heading"),
        "lead": word(lang, "method_lead" if lines or report.method_parts else "method_none"),
        "heads": [word(lang, "method_step"), word(lang, "method_what")],
        "lines": [] if report.method_parts else [*lines, [word(lang, "uncertainty"), said]],
        "source": word(lang, "source"),
        "parts": [[one.heading, one.text, list(one.formula), one.source] for one in report.method_parts],
        "data_heading": word(lang, "data_heading"),
        "data_note": report.data_note,
    }


def robust(report: AssessmentReport) -> dict[str, object] | None:
    """Return the page on how robust the ranks are; None where it was not tested."""
    lang, found = report.lang, report.robust
    if found is None:
        return None
    keys = ("robust_what", "robust_alone", "robust_interval", "robust_both", "robust_interval", "robust_share")
    return {
        "heading": word(lang, "robust_heading"),
        "lead": word(lang, "robust_lead"),
        "heads": [word(lang, key) for key in keys],
        "rows": [list(one) for one in found.rows],
        "notes": list(found.notes),
        "tiers_heading": word(lang, "tiers_heading"),
        "tiers_lead": word(lang, "tiers_lead"),
        "tier_heads": [word(lang, "tier"), word(lang, "tier_units")],
        "tiers": [[str(number), names] for number, names in found.tiers],
    }


def _weight(value: float | None) -> str:
    return "—" if value is None or value != value else f"{value:.4g}"


def framework(report: AssessmentReport) -> dict[str, object]:
    """Return the tree of indicators, indented by level."""
    lang, rows = report.lang, report.framework_rows
    top = max((row[0] for row in rows), default=1)
    basic = sum(1 for row in rows if row[0] == 1)
    signs = {1: word(lang, "higher"), -1: word(lang, "lower"), 0: word(lang, "within")}
    lead = word(lang, "framework_lead", len(rows), basic) if rows else word(lang, "framework_none")
    codes = text_width([row[1] for row in rows], 14, 34)
    keys = ("code", "name", "weight", "direction", "measure_unit")
    return {
        "heading": word(lang, "framework_heading"),
        "lead": lead,
        "heads": [word(lang, key) for key in keys],
        "code_width": codes,
        "unit_width": text_width([*(row[5] for row in rows), word(lang, "measure_unit")], 14, 40),
        "own_page": len(rows) > FRAMEWORK_INLINE,
        "rows": [
            [
                top - row[0],
                breakable(row[1], 10) if row[0] == 1 or not report.release_number else "",
                row[2],
                _weight(row[3]),
                (signs.get(row[4], "—") if row[4] is not None else "—") if row[0] == 1 else "",
                row[5],
            ]
            for row in rows
        ],
    }


def warnings(report: AssessmentReport) -> dict[str, object]:
    """Return what the calculation found questionable."""
    lang = report.lang
    return {
        "heading": word(lang, "warnings_heading"),
        "lead": word(lang, "warnings_lead" if report.warnings else "warnings_none"),
        "lines": list(report.warnings),
    }


def grouped(digest: str) -> list[str]:
    """Split a hash into groups of eight.

    >>> grouped("0123456789abcdef0")
    ['01234567', '89abcdef', '0']
    """
    return [digest[i : i + 8] for i in range(0, len(digest), 8)]


def verification(report: AssessmentReport) -> dict[str, object]:
    """Return how anyone repeats the calculation without us."""
    lang = report.lang
    if not report.release_hash:
        return {"heading": word(lang, "verify_heading"), "lead": word(lang, "verify_none"), "steps": [], "hash": []}
    return {
        "heading": word(lang, "verify_heading"),
        "lead": word(lang, "verify_lead"),
        "steps": [
            [word(lang, "verify_1", report.release_number), ""],
            [word(lang, "verify_2"), COMMAND],
            [word(lang, "verify_3"), ""],
            [word(lang, "verify_4"), ""],
        ],
        "hash": grouped(report.release_hash),
    }
