"""What the report of an assessment says, taken from the assessment itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualipolis.cli.showing import place_in, words_in
from qualipolis.cli.words import Translate
from qualipolis.faces.report.assessment import AssessmentReport, ReportUnit
from qualipolis.faces.report.method_words import paragraphs, robust_of
from qualipolis.lake.release import About, Assessment
from qualipolis.lake.release.wording import Section, describe_pipeline
from qualipolis.methods.problems import msg


def report_of(about: About, assessment: Assessment, translate: Translate) -> AssessmentReport:
    """Return the content of the report: ranks on the top of the tree, dimensions right below it, method, warnings."""
    framework = assessment.result.framework
    top = framework.roots[0]
    dimensions = [code for code in framework.children(top) if framework.node(code).kind == "aggregate"]
    return AssessmentReport(
        lang="zh" if about.language == "zh" else "en",
        title=about.title,
        subtitle="",
        city="",
        period="",
        synthetic=about.synthetic,
        release_number=about.number,
        release_hash=assessment.content_hash,
        created_at=about.created_at,
        units_label=translate(msg("units")),
        unit_rows=unit_rows(assessment, top, dimensions),
        dim_names=[name_of(assessment, code, about.language) for code in dimensions],
        node_name=name_of(assessment, top, about.language),
        replicates=assessment.replicates if assessment.intervals is not None else 0,
        seed=assessment.seed,
        method_parts=paragraphs(method_of(assessment), translate),
        robust=robust_of(assessment, "zh" if about.language == "zh" else "en", translate),
        framework_rows=framework_rows(assessment, top, about.language),
        warnings=[warning(problem, translate) for problem in assessment.problems],
        data_note=data_note(assessment, translate),
    )


def name_of(assessment: Assessment, code: str, lang: str) -> str:
    """Return the name of a node in a language, in the other where there is none, its code where there is neither."""
    node = assessment.result.framework.node(code)
    names = (node.name_zh, node.name_en) if lang == "zh" else (node.name_en, node.name_zh)
    return next((name for name in names if name), code)


def unit_rows(assessment: Assessment, top: str, dimensions: list[str]) -> list[ReportUnit]:
    """Return one row for each unit of the data; one that was screened out has no score."""
    result = assessment.result
    scores, ranks = result.score(top), result.ranks(top)
    bounds = intervals_of(assessment, top)
    parts = {code: result.score(code) for code in dimensions}
    place = {unit: row for row, unit in enumerate(result.units)}
    ties = {rank for rank in ranks if (ranks == rank).sum() > 1}
    rows = []
    for unit in assessment.tables.data.units:
        row = place.get(unit)
        name = assessment.tables.data.names.get(unit, unit)
        if row is None or ranks[row] != ranks[row]:
            rows.append(ReportUnit(unit, name, "", None, None, dims=(None,) * len(dimensions)))
            continue
        low, median, high = bounds.get(unit, (None, None, None))
        dims = tuple(plain(parts[code][row]) for code in dimensions)
        tied = ranks[row] in ties
        rows.append(ReportUnit(unit, name, "", float(scores[row]), int(ranks[row]), tied, low, high, median, dims=dims))
    return rows


def plain(value: float) -> float | None:
    """Return a number, ``None`` where it is missing."""
    return float(value) if value == value else None


def intervals_of(assessment: Assessment, node: str) -> Mapping[str, tuple[float | None, float | None, float | None]]:
    """Return unit -> lower end, median and upper end of its rank on ``node``."""
    if assessment.intervals is None:
        return {}
    frame = assessment.intervals.to_frame()
    names = ("unit", "rank_p05", "rank_median", "rank_p95")
    columns = [frame.filter(frame["node"] == node)[name].to_list() for name in names]
    return {unit: (low, median, high) for unit, low, median, high in zip(*columns, strict=True)}


def method_of(assessment: Assessment) -> list[Section]:
    """Return the method in sections, from the pipeline that ran."""
    result, intervals = assessment.result, assessment.intervals
    drawn = (0, None, None) if intervals is None else (assessment.replicates, assessment.seed, intervals.failed)
    return describe_pipeline(result.pipeline, result.framework, assessment.factors, *drawn)


def framework_rows(assessment: Assessment, top: str, lang: str) -> list[tuple[int, str, str, float, int, str]]:
    """Return the tree in its order, the root first."""
    framework = assessment.result.framework
    node = framework.node(top)
    rows = [(node.level, top, name_of(assessment, top, lang), node.weight, node.direction, node.unit)]
    for child in framework.children(top):
        rows += framework_rows(assessment, child, lang)
    return rows


def warning(problem: Any, translate: Translate) -> str:
    """Return a warning as one line."""
    words = " ".join(words_in(part, problem.params, translate) for part in (problem.what, problem.remedy) if part)
    place = place_in(problem, translate)
    return f"{place}{translate(msg(': '))}{words}" if place else words


def data_note(assessment: Assessment, translate: Translate) -> str:
    """Return how much data there were and how much was missing."""
    data, framework = assessment.tables.data, assessment.result.framework
    missing = int((data.values != data.values).sum())
    text = msg("%(units)s units, %(indicators)s indicators, %(missing)s of %(cells)s cells missing.")
    words = {"units": len(data.units), "indicators": len(framework.indicators)}
    return translate(text) % {**words, "missing": missing, "cells": data.values.size}
