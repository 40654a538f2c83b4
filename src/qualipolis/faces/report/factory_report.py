"""The findings on a factory file as PDF: the headline, the charts with their signals in words, the tables, the origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from qualipolis.faces.report.control_chart_svg import draw_chart
from qualipolis.faces.report.factory_tables import TableOf, law_name, overview_table, tables
from qualipolis.faces.report.histogram_svg import draw_histogram
from qualipolis.faces.report.typesetting import frame, moment, tidied, typeset
from qualipolis.faces.report.words import Lang, shorten
from qualipolis.lake.factory.examining import Examination
from qualipolis.lake.factory.measurements import Measurements
from qualipolis.methods.problems import msg
from qualipolis.methods.spc.findings import Chart, Findings, Sentence, decimals, sentences

Translate = Callable[[str], str]


@dataclass(frozen=True, eq=False)
class FactoryReport:
    """What the report is made of; ``city`` and ``synthetic`` are empty and false on the command line."""

    measured: Measurements
    examination: Examination
    lang: Lang
    translate: Translate
    created_at: datetime
    city: str = ""
    synthetic: bool = False


def render_factory_report(report: FactoryReport) -> bytes:
    """Return the report as PDF bytes (PDF/A-2a and PDF/UA-1); the same report gives the same bytes.

    Raises
    ------
    InputError : a character of the report has no shape in the fonts, or no fonts are there
    """
    data = tidied(document(report))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("factory.typ", data, report.created_at, _checked(report))


def _checked(report: FactoryReport) -> Iterator[tuple[str, str]]:
    """Yield the texts that come from the file, each with its place."""
    origin = report.measured.origin
    yield origin.name, origin.name
    for found in report.examination.found:
        yield found.name, origin.name
        yield found.unit, origin.name


def document(report: FactoryReport) -> dict[str, object]:
    """Return the data of the template: every number already in words, nothing that could be read as markup."""
    say, origin, found = report.translate, report.measured.origin, report.examination.found
    title = say(msg("What the measurements say"))
    footer = (
        f"{say(msg('file %(name)s')) % {'name': shorten(origin.name, 24)}} · {origin.sha256[:8]}…{origin.sha256[-4:]}"
    )
    footer += f" · {moment(report.created_at):%Y-%m-%d}"
    overview = overview_table(report.examination.overview, say) if report.examination.overview is not None else None
    return {
        "frame": frame(report.lang, f"{title}: {origin.name}", shorten(report.city, 20), report.synthetic, footer)
        | {"header": shorten(origin.name, 34 if report.lang == "zh" else 46)},
        "title": title,
        "said": _said(report),
        "overview": overview.data() if overview else None,
        "parts": [_part(one, say, report.lang) for one in found],
        "words": {
            "causes": say(msg("What probably happened")),
            "next": say(msg("What to do next")),
            "origin": say(msg("What was understood of the file")),
            "states": {
                "green": say(msg("holds")), "amber": say(msg("with care")), "red": say(msg("does not hold")),
            },
        },
        "understood": [note.text(say) for note in (*report.measured.understood, *report.measured.warnings)] or ["—"],
        "origin": _origin(report),
    }  # fmt: skip


def _said(report: FactoryReport) -> str:
    say, origin = report.translate, report.measured.origin
    text = msg("%(file)s: %(values)s values of %(characteristics)s characteristics.")
    params = {
        "file": origin.name, "values": f"{report.measured.count:,}",
        "characteristics": f"{len(report.measured.characteristics):,}",
    }  # fmt: skip
    words = say(text) % params
    if report.examination.left:
        left = msg("The %(n)s with the worst signs are told in full; the others are in the overview.")
        words += " " + say(left) % {"n": len(report.examination.found)}
    return words


def _origin(report: FactoryReport) -> list[str]:
    say, origin = report.translate, report.measured.origin
    text = msg("File %(name)s, %(kind)s, %(size)s bytes, encoding %(encoding)s. SHA-256: %(hash)s.")
    groups = " ".join(origin.sha256[i : i + 8] for i in range(0, len(origin.sha256), 8))
    params = {
        "name": origin.name, "kind": origin.kind, "size": f"{origin.size:,}", "encoding": origin.encoding or "—",
        "hash": groups,
    }  # fmt: skip
    return [say(text) % params]


def _part(found: Findings, say: Translate, lang: Lang) -> dict[str, object]:
    told = sentences(found, say)
    by = {kind: [s for s in told if s.kind == kind] for kind in ("headline", "found", "cause", "next", "note")}
    lead = [s.text for s in told if s.kind in ("proof", "gauge", "capability", "life")]
    return {
        "kicker": _kicker(found, say),
        "headline": by["headline"][0].text,
        "lead": lead,
        "charts": [_drawn(found, chart, say, lang, i == 0) for i, chart in enumerate(found.charts)],
        "found": [_numbered(found, s) for s in by["found"]],
        "checked": _rules(found, say),
        "causes": [s.text for s in by["cause"]],
        "next": [s.text for s in by["next"]],
        "tables": [table.data() for table in tables(found, say)],
        "histogram": _histogram(found, say, lang),
        "notes": [s.text for s in by["note"]],
    }


def _kicker(found: Findings, say: Translate) -> str:
    parts = [found.name, say(msg("n = %(n)s")) % {"n": f"{found.n:,}"}]
    if found.unit:
        parts.insert(1, say(msg("unit %(unit)s")) % {"unit": found.unit})
    limits, places = found.specification, decimals(found)
    if limits is not None:
        ends = [f"{v:.{places}f}" if v is not None else "" for v in (limits.lower, limits.upper)]
        text = msg("limits %(lower)s to %(upper)s") if all(ends) else msg("at least %(lower)s") if ends[0] else (
            msg("at most %(upper)s")
        )  # fmt: skip
        parts.append(say(text) % {"lower": ends[0], "upper": ends[1]})
    return " · ".join(parts)


def _numbered(found: Findings, sentence: Sentence) -> dict[str, object]:
    signals = found.charts[0].signals if found.charts else ()
    signal = next((s for s in signals if s.number == sentence.number), None)
    return {
        "text": sentence.text,
        "number": "" if sentence.number is None else str(sentence.number),
        "single": signal is not None and signal.pattern == "single",
    }


def _drawn(found: Findings, chart: Chart, say: Translate, lang: Lang, first: bool) -> dict[str, object]:
    drawn = draw_chart(
        chart, say, decimals=decimals(found, chart), unit=found.unit, specification=found.specification,
        height=300 if first else 190, lang=lang,
    )  # fmt: skip
    told = say(msg("%(n)s points, %(signals)s of them signal.")) % {
        "n": f"{len(chart):,}", "signals": f"{int(chart.flagged.sum()):,}",
    }  # fmt: skip
    return {"title": say(chart.label), "rest": told, "svg": drawn, "alt": f"{say(chart.label)}: {told}"}


def _rules(found: Findings, say: Translate) -> str:
    if not found.charts:
        return ""
    chart = found.charts[0]
    text = msg("%(count)s rules were checked, by the limits of each phase: %(rules)s.")
    rules = say(msg("; ")).join(say(rule.label) for rule in chart.rules)
    return say(text) % {"count": len(chart.rules), "rules": rules}


def _histogram(found: Findings, say: Translate, lang: Lang) -> dict[str, object] | None:
    drawn = draw_histogram(found, say, decimals=decimals(found), height=210, lang=lang)
    if not drawn or found.histogram is None:
        return None
    rest = ""
    if found.law is not None and found.law.name:
        rest = say(msg("The line is what is expected by the %(law)s.")) % {"law": law_name(found.law.name, say)}
    told = say(msg("%(n)s values in %(classes)s classes.")) % {
        "n": f"{int(found.histogram.counts.sum()):,}", "classes": len(found.histogram.counts),
    }  # fmt: skip
    return {"title": say(msg("Histogram")), "rest": rest, "svg": drawn, "alt": f"{say(msg('Histogram'))}: {told}"}


__all__ = ["FactoryReport", "TableOf", "document", "render_factory_report"]
