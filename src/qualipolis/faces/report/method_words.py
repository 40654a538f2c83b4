"""The method in the words of the pipeline that ran, and what it was tested against, ready for the report.

>>> from qualipolis.methods.composite import CITY_PIPELINE, Framework, Node
>>> tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
>>> from qualipolis.lake.release.wording import describe_pipeline
>>> paragraphs(describe_pipeline(CITY_PIPELINE, tree), str)[-1].formula
('A = Σ(w·z) ÷ Σw',)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qualipolis.lake.audit.robust import share
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.format import SENSITIVITY
from qualipolis.lake.release.tiers import tiers_on
from qualipolis.lake.release.wording import Section
from qualipolis.lake.release.wording.varied import factor_name

from .words import Lang, word

Translate = Callable[[str], str]


@dataclass(frozen=True)
class MethodPart:
    """One step of the method: its heading, what it does, its formula line by line, where it comes from."""

    heading: str
    text: str
    formula: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Robust:
    """How robust the ranks are: one row for each assumption, notes, and the tiers with their units.

    ``rows`` hold assumption, share alone with its interval, share with others with its interval, and that share as a
    number from 0 to 1. ``tiers`` hold number and names.
    """

    rows: Sequence[tuple[str, str, str, str, str, float]] = ()
    notes: Sequence[str] = ()
    tiers: Sequence[tuple[int, str]] = ()


def paragraphs(sections: Sequence[Section], translate: Translate) -> list[MethodPart]:
    """Return sections in the language of ``translate``."""
    return [MethodPart(translate(one.heading), one.paragraph(translate), one.formula, one.source) for one in sections]


def robust_of(assessment: Assessment, lang: Lang, translate: Translate) -> Robust | None:
    """Return what the report says of robustness, ``None`` where it was not tested."""
    found = assessment.robustness
    if found is None:
        return None
    rows = []
    for factor, line in zip(assessment.factors, found.tables[SENSITIVITY].iter_rows(named=True), strict=True):
        alone, both = (
            (share(line[kind]), word(lang, "range", share(line[f"{kind}_low"]), share(line[f"{kind}_high"])))
            for kind in ("first", "total")
        )
        name = factor_name(factor, assessment.result.framework).said(translate)
        rows.append((name, *alone, *both, min(max(line["total"] or 0.0, 0.0), 1.0)))
    sampled = found.sampled
    notes = [word(lang, "robust_runs", f"{sampled.mean:.2f}", f"{sampled.runs:,}", f"{sampled.failed:,}")]
    notes.append(sampled.statement().text(translate))
    if found.exact is not None:
        notes.append(word(lang, "robust_exact", f"{found.exact.runs:,}"))
    return Robust(rows, notes, tier_lines(assessment, lang))


def tier_lines(assessment: Assessment, lang: Lang) -> list[tuple[int, str]]:
    """Return each tier with the names of its units, in the order of the ranks."""
    names = assessment.tables.data.names
    grouped: dict[int, list[str]] = {}
    for unit, (tier, _) in tiers_on(
        assessment.result, assessment.intervals, assessment.result.framework.roots[0]
    ).items():
        grouped.setdefault(tier, []).append(names.get(unit) or unit)
    return [(tier, word(lang, "list_comma").join(units)) for tier, units in grouped.items()]
