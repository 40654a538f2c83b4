"""The notice of the city's own register on paper: the desk gives all of it, the portal its public part."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time
from typing import Any

from qualipolis.city.assess.models import Adjustment, Notice
from qualipolis.city.assess.queries import notice_facts, ranking
from qualipolis.faces.report.notice import NoticeReport, Veto, render_notice


def pdf(row: Notice, lang: str, reader: Any = None) -> bytes:
    """Return the notice in Chinese or English as ``reader`` reads it; for nobody in particular, what is for everyone."""
    return render_notice(report_of(row, lang, reader))


def report_of(row: Notice, lang: str, reader: Any = None) -> NoticeReport:
    """Return what the document says to its reader, from the facts that were frozen with the notice."""
    told, public = notice_facts(row, reader), reader is None
    facts, release, zh = told.facts, told.release, lang == "zh"
    issued = datetime.combine(row.issued_on, time(4), UTC) if row.issued_on else release.published_at
    paragraphs = told.paragraphs_zh if zh or not told.paragraphs_en else told.paragraphs_en
    return NoticeReport(
        lang="zh" if zh else "en",
        city=_named(facts.get("city", {}), zh),
        year=told.year,
        synthetic=bool(facts.get("synthetic")),
        document=row.document,
        issued_on=row.issued_on.isoformat() if row.issued_on else "",
        status=row.status,
        release_number=release.number,
        release_hash=release.release_hash,
        created_at=issued,
        grades=tuple(facts.get("grades", {}).items()),
        units=facts.get("units", 0),
        ungraded=facts.get("ungraded", 0),
        paragraphs=paragraphs,
        tiers=tiers_of(row, zh),
        replicates=release.assessment.replicates,
        vetoes=vetoes_of(row, zh),
        rectifications=tuple((_named(one, zh), one["cause"], one["due_on"]) for one in facts.get("rectifications", ())),
        meeting_on=facts.get("decision", {}).get("meeting_on", ""),
        decision=facts.get("decision", {}).get("document", ""),
        rectify=told.rectify,
        rectify_due=told.rectify_due,
        public=public,
        cut=not (public or told.whole),
        withdrawal_reason=row.withdrawal_reason,
    )


def _named(one: Any, zh: bool) -> str:
    return str(one.get("zh") if zh else one.get("en") or one.get("zh") or "")


def tiers_of(row: Notice, zh: bool) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the tiers of the release, each with the names of its units by code: within a tier there is no order."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in ranking(row.release).rows:
        if one.tier is not None:
            found[one.tier].append((one.unit, one.name.zh if zh else one.name.en or one.name.zh))
    return tuple((tier, tuple(name for _code, name in sorted(units))) for tier, units in sorted(found.items()))


def vetoes_of(row: Notice, zh: bool) -> tuple[Veto, ...]:
    """Return the vetoes and the falsified data of the notice with the documents that carry them."""
    rows = Adjustment.objects.filter(round=row.release.assessment.round_id, kind=Adjustment.Kind.VETO)
    documents = dict(rows.values_list("unit__code", "document"))
    facts = row.facts
    vetoes = [Veto(_named(one, zh), one["reason"], documents.get(one["unit"], "")) for one in facts.get("vetoes", ())]
    falsified = [Veto(_named(one, zh), "", one["document"], one["indicator"]) for one in facts.get("falsified", ())]
    return (*vetoes, *falsified)
