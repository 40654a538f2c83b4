"""What ``qualipolis examine`` writes and says: findings.json, report.pdf, charts, and the sentences on the screen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qualipolis.cli.showing import printable, say
from qualipolis.cli.words import Translate
from qualipolis.lake.factory.examining import Examination
from qualipolis.lake.factory.measurements import Measurements
from qualipolis.methods.problems import msg
from qualipolis.methods.spc.findings import Findings, decimals, sentences

SCHEMA = "qualipolis.examination/1"
SIGNS = {"good": "✓", "attention": "!", "bad": "✗", "plain": "·"}
TOLD = 3  # characteristics told in full on the screen


def write(measured: Measurements, found: Examination, out: Path, lang: str, translate: Translate) -> list[str]:
    """Write everything into ``out`` and return the names of the files."""
    from qualipolis.faces.report.factory_report import FactoryReport, render_factory_report

    report = FactoryReport(measured, found, "zh" if lang == "zh" else "en", translate, datetime.now(UTC))
    pdf = render_factory_report(report)
    charts = drawn(found, translate, lang)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(measured, found, translate), ensure_ascii=False, indent=1, allow_nan=False)
    (out / "findings.json").write_text(text + "\n", encoding="utf-8")
    (out / "report.pdf").write_bytes(pdf)
    if charts:
        (out / "charts").mkdir(exist_ok=True)
    for name, svg in charts.items():
        (out / "charts" / name).write_text(svg, encoding="utf-8")
    return ["findings.json", "report.pdf", *(f"charts/{name}" for name in list(charts)[:4])]


def as_json(measured: Measurements, found: Examination, translate: Translate) -> dict[str, Any]:
    """Return the examination as plain values."""
    origin = measured.origin
    return {
        "schema": SCHEMA,
        "file": {
            "name": origin.name, "kind": origin.kind, "version": origin.version, "bytes": origin.size,
            "encoding": origin.encoding, "sha256": origin.sha256,
        },
        "values": measured.count,
        "understood": [{"about": note.about, "words": note.text(translate)} for note in measured.understood],
        "warnings": [problem.text(translate) for problem in measured.warnings],
        "overview": _overview(found),
        "characteristics": [one.to_dict(translate) for one in found.found],
    }  # fmt: skip


def _overview(found: Examination) -> list[dict[str, Any]] | None:
    if found.overview is None:
        return None
    rows = found.overview.to_frame().fill_nan(None)
    return rows.to_dicts()


def drawn(found: Examination, translate: Translate, lang: str) -> dict[str, str]:
    """Return every chart as SVG by its file name."""
    from qualipolis.faces.report.control_chart_svg import draw_chart
    from qualipolis.faces.report.histogram_svg import draw_histogram

    charts: dict[str, str] = {}
    for number, one in enumerate(found.found, start=1):
        stem = f"{number:02d}-{stem_of(one.name)}"
        for chart in one.charts:
            charts[f"{stem}-{plain(chart.code)}.svg"] = draw_chart(
                chart,
                translate,
                decimals=decimals(one, chart),
                unit=one.unit,
                specification=one.specification,
                lang=lang,
            )
        if svg := draw_histogram(one, translate, decimals=decimals(one), lang=lang):
            charts[f"{stem}-histogram.svg"] = svg
    return charts


def stem_of(name: str) -> str:
    """Return a name as part of a file name: letters, digits and hyphens, at most 40 of them.

    >>> stem_of("../孔径 Ø (mm)")
    '孔径-Ø-mm'
    """
    return re.sub(r"[^\w]+", "-", name).strip("-_")[:40] or "values"


def plain(code: str) -> str:
    """Return the code of a chart in signs that every file system takes."""
    return code.replace("′", "-laney").replace("+", "-up").replace("−", "-down")


def tell(found: Examination, translate: Translate) -> None:
    """Print what was found, the first characteristics in full."""
    for one in found.found[:TOLD]:
        _tell(one, translate)
    for one in found.found[TOLD:]:
        first = sentences(one, translate)[0]
        say(printable(f"{SIGNS[first.mood]} {one.name}: {first.text}"))
    if found.left:
        say(translate(msg("%(n)s more characteristics are in the overview of findings.json.")) % {"n": found.left})


def _tell(one: Findings, translate: Translate) -> None:
    say()
    say(printable(one.name or translate(msg("Values"))))
    for sentence in sentences(one, translate):
        disc = f"[{sentence.number}] " if sentence.number is not None else ""
        say(printable(f"  {SIGNS[sentence.mood]} {disc}{sentence.text}"))
