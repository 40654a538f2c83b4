"""The report of a release as PDF: the words of the page, the numbers of the book."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from qualipolis.city.assess import lists, page_queries
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Book, RankRow, book, release_page
from qualipolis.city.core.queries import city
from qualipolis.faces.desk.rooms.assess.method import method_lines
from qualipolis.faces.report.assessment import AssessmentReport, ReportUnit, render_assessment
from qualipolis.methods.problems import Problem

DIMENSIONS = ("QDL", "NII")


def pdf(release: Release, lang: str) -> bytes:
    """Return the report in Chinese or English; the same release gives the same bytes."""
    with translation.override("zh-hans" if lang == "zh" else "en"):
        return render_assessment(_report(release, lang))


def _report(release: Release, lang: str) -> AssessmentReport:
    found, read, here = lists.everyone(release), book(release), city()
    shown = release_page(release)
    dims = [code for code in DIMENSIONS if code in read.columns]
    return AssessmentReport(
        lang="zh" if lang == "zh" else "en",
        title=_("Assessment of quality development"),
        subtitle="",
        city=here.name if here else "",
        period=str(page_queries.year_of(release)),
        synthetic=bool(here and here.synthetic),
        release_number=release.number,
        release_hash=release.release_hash,
        created_at=release.published_at,
        units_label=_("units"),
        unit_rows=[_unit(row, read, dims) for row in found.rows],
        dim_names=[str(read.nodes[code].name) for code in dims],
        node_name=str(found.node.name),
        replicates=shown.replicates,
        seed=shown.seed,
        method_lines=method_lines(shown),
        framework_rows=_tree(read),
        warnings=_warnings(release),
        data_note=shown.tier_rule,
    )


def _warnings(release: Release) -> list[str]:
    """What was noticed when the release was computed, with dimensions by name."""
    made = release.assessment
    names = {one.code: str(one.name) for one in made.scored_set.dimensions.all()}
    found = []
    for one in made.warnings:
        params = {key: names.get(str(value), value) for key, value in one.get("params", {}).items()}
        found.append(Problem(one.get("code", ""), one["what"], one.get("remedy", ""), params).text(_))
    return found


def _unit(row: RankRow, read: Book, dims: list[str]) -> ReportUnit:
    return ReportUnit(
        code=row.unit,
        name=str(row.name),
        group=lists.peer_word(row.peer_group),
        score=row.score,
        rank=row.rank,
        tied=row.tied,
        rank_lo=row.p05,
        rank_hi=row.p95,
        rank_median=row.median,
        prev_rank=row.previous_rank,
        grade=row.grade or None,
        note=row.veto or None,
        dims=tuple(read.at("score", row.unit, code) for code in dims),
    )


def _tree(read: Book) -> list[tuple[int, str, str, float | None, int | None, str]]:
    """The tree in its order, the root first, each node right under its parent."""
    rows: list[tuple[int, str, str, float | None, int | None, str]] = []

    def walk(code: str) -> None:
        fact = read.nodes[code]
        leaf = fact.level == 1
        rows.append((fact.level, code, str(fact.name), fact.weight, fact.direction if leaf else None, str(fact.unit)))
        for child in read.nodes.values():
            if child.parent == code:
                walk(child.code)

    walk(read.root)
    return rows
