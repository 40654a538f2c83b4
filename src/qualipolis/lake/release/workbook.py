"""The results of an assessment as a workbook: scores, ranks with intervals, every stage, treatment, notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
import polars as pl

from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.format import (
    COMPARISON,
    CONVERGENCE,
    CORRELATION,
    IMPORTANCE,
    SENSITIVITY,
    TIERS,
    About,
    libraries,
)
from qualipolis.lake.tables import write_xlsx
from qualipolis.methods.problems import Problem, msg

Translate = Callable[[str], str]


def results_workbook(about: About, assessment: Assessment, translate: Translate = msg) -> bytes:
    """Return the workbook as bytes; its words are in the language of ``translate``, its numbers are numbers."""
    result = assessment.result
    sheets: dict[str, pl.DataFrame] = {
        translate(msg("Scores")): wide(assessment, result.scores, translate),
        translate(msg("Ranks")): ranks(assessment, translate),
        translate(msg("Framework")): nodes(assessment, translate),
    }
    sheets |= {translate(head): frame for head, frame in further(assessment).items()}
    for number, stage in enumerate(result.runs, start=1):
        sheets[f"{number} {stage.id}"] = stage.to_frame()
    for name, frame in result.details.items():
        sheets[translate(msg("Details %(step)s")) % {"step": name}] = frame
    book = BytesIO()
    write_xlsx(book, sheets, notes(about, assessment, translate), notes_sheet=translate(msg("Notes")))
    return book.getvalue()


SHEETS = {
    SENSITIVITY: msg("Sensitivity"),
    CONVERGENCE: msg("Convergence"),
    IMPORTANCE: msg("Importance"),
    TIERS: msg("Tiers"),
    COMPARISON: msg("Comparison"),
    CORRELATION: msg("Agreement"),
}


def further(assessment: Assessment) -> Mapping[str, pl.DataFrame]:
    """Return head -> table of what was asked for beyond scores and intervals."""
    parts = [part.tables for part in (assessment.robustness, assessment.comparison) if part is not None]
    return {SHEETS[name]: frame for tables in parts for name, frame in tables.items()}


def named(assessment: Assessment, translate: Translate) -> dict[str, list[str]]:
    """Return the first columns of a table of units: code and name."""
    names = assessment.tables.data.names
    units = list(assessment.result.units)
    return {translate(msg("Unit")): units, translate(msg("Name")): [names.get(unit, "") for unit in units]}


def wide(assessment: Assessment, values: np.ndarray, translate: Translate) -> pl.DataFrame:
    """Return one row for each unit and one column for each node, from the top of the tree down."""
    columns: dict[str, object] = dict(named(assessment, translate))
    for code in downward(assessment):
        column = pl.Series(values[:, assessment.result.framework.index(code)])
        columns[code] = column.fill_nan(None)
    return pl.DataFrame(columns)


def downward(assessment: Assessment) -> list[str]:
    """Return the codes from the top of the tree down."""
    framework = assessment.result.framework
    return sorted(framework.codes, key=lambda code: -framework.node(code).level)


def ranks(assessment: Assessment, translate: Translate) -> pl.DataFrame:
    """Return the rank of each unit on each aggregate, with its interval where there is one, best of the top first."""
    result = assessment.result
    columns: dict[str, object] = dict(named(assessment, translate))
    bounds = intervals_by_node(assessment)
    for code in downward(assessment):
        if result.framework.node(code).kind != "aggregate":
            continue
        columns[code] = pl.Series(result.ranks(code)).fill_nan(None).cast(pl.Int64)
        for name, values in bounds.get(code, {}).items():
            columns[f"{code} {name}"] = pl.Series(values, dtype=pl.Float64)
    top = result.framework.roots[0]
    return pl.DataFrame(columns).sort(top, nulls_last=True, maintain_order=True)


def intervals_by_node(assessment: Assessment) -> Mapping[str, Mapping[str, list[float | None]]]:
    """Return node -> name of a bound -> its value for each unit that is scored, in their order."""
    if assessment.intervals is None:
        return {}
    found: dict[str, dict[str, list[float | None]]] = {}
    place = {unit: row for row, unit in enumerate(assessment.result.units)}
    for row in assessment.intervals.to_frame().iter_rows(named=True):
        bounds = found.setdefault(row["node"], {})
        for bound in ("rank_p05", "rank_median", "rank_p95"):
            bounds.setdefault(bound, [None] * len(place))[place[row["unit"]]] = row[bound]
    return found


def nodes(assessment: Assessment, translate: Translate) -> pl.DataFrame:
    """Return the tree of the framework, from the top down."""
    framework = assessment.result.framework
    rows = [framework.node(code) for code in downward(assessment)]
    schema = {
        translate(msg("Code")): [node.code for node in rows],
        translate(msg("Name")): [node.name_zh or node.name_en for node in rows],
        translate(msg("Name in English")): [node.name_en for node in rows],
        translate(msg("Parent")): [node.parent for node in rows],
        translate(msg("Level")): [node.level for node in rows],
        translate(msg("Weight")): [float(node.weight) for node in rows],
        translate(msg("Direction")): [node.direction for node in rows],
        translate(msg("Unit of measurement")): [node.unit for node in rows],
    }
    return pl.DataFrame(schema)


def notes(about: About, assessment: Assessment, translate: Translate) -> list[str]:
    """Return what a reader of the workbook alone must know: from what, how, with what noticed."""
    lines = [about.title, about.created_at.isoformat(timespec="seconds")]
    if about.synthetic:
        lines.append(translate(msg("Synthetic data: no figure is that of a real place.")))
    if assessment.intervals is not None:
        words = {"count": assessment.replicates, "seed": assessment.seed}
        lines.append(translate(msg("Rank intervals hold 90 %% of %(count)s replicates, seed %(seed)s.")) % words)
        failed = {"failed": assessment.intervals.failed, "count": assessment.replicates}
        lines.append(translate(msg("%(failed)s of %(count)s replicates failed and are in no interval.")) % failed)
    if assessment.robustness is not None:
        lines.append(assessment.robustness.sampled.statement().text(translate))
        ran = {"runs": assessment.robustness.sampled.runs, "failed": assessment.robustness.sampled.failed}
        lines.append(translate(msg("Sensitivity: %(runs)s runs, %(failed)s failed.")) % ran)
    lines.append(translate(msg("Equal scores share the better rank. An empty cell is a missing value, not a zero.")))
    lines.append(translate(msg("Method version %(hash)s")) % {"hash": assessment.method})
    lines += [canonical_json(step.to_dict()).decode() for step in assessment.result.pipeline.steps]
    for file, source in dict(assessment.inputs.stored().values()).items():
        lines.append(f"SHA-256 {file} {sha256(source.content)}")
    lines += [f"{name} {version}" for name, version in libraries().items()]
    return lines + [said(problem, translate) for problem in assessment.problems]


def said(problem: Problem, translate: Translate) -> str:
    """Return a problem as one line in the language of ``translate``, its place too."""
    place = getattr(problem.place, "text", lambda _: problem.place)(translate)
    words = " ".join(translate(part) % problem.params for part in (problem.what, problem.remedy) if part)
    return f"{place}: {words}" if place else words
