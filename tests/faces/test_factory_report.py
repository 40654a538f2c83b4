"""Charts and report of a factory file: the numbers of the findings, drawn and set, with nothing a policy forbids."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import numpy as np
import pytest

from qualipolis.cli.words import translator
from qualipolis.faces.report.chart_marks import apart, ticks
from qualipolis.faces.report.control_chart_svg import draw_chart
from qualipolis.faces.report.factory_report import FactoryReport, document, render_factory_report
from qualipolis.faces.report.histogram_svg import draw_histogram
from qualipolis.lake.factory import read_measurements
from qualipolis.lake.factory.examining import examine
from qualipolis.methods.spc import findings
from qualipolis.methods.spc.capability import Specification

SVG = "{http://www.w3.org/2000/svg}"


def sick() -> findings.Findings:
    rng = np.random.default_rng(8)
    x = np.concatenate([rng.normal(59, 1.2, 24), rng.normal(62.8, 0.9, 26)])
    x[12] = 50.1
    return findings.study(x, specification=Specification(lower=58), phases=[(24, "换油 <b>")], unit="℃", name="水温")


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_a_chart_has_no_style_and_no_script_and_speaks_of_itself() -> None:
    found = sick()
    for svg in (draw_chart(found.charts[0], specification=found.specification), draw_histogram(found)):
        tree = parsed(svg)
        names = {element.tag.removeprefix(SVG) for element in tree.iter()}
        assert not names & {"style", "script", "image", "a", "foreignObject"}
        assert not any(name == "style" or name.startswith("on") for element in tree.iter() for name in element.attrib)
        assert tree.get("role") == "img" and tree.findtext(f"{SVG}title")


def test_every_mark_has_its_shape_and_every_signal_its_number() -> None:
    found = sick()
    chart = found.charts[0]
    tree = parsed(draw_chart(chart, decimals=1, specification=found.specification))
    classes = [element.get("class") or "" for element in tree.iter()]
    assert classes.count("cc-beyond") == int(np.sum((chart.values > chart.upper) | (chart.values < chart.lower)))
    numbers = [e.text for e in tree.iter(f"{SVG}text") if e.get("class") == "cc-disc-number"]
    assert numbers == [str(signal.number) for signal in chart.signals]
    texts = [e.text for e in tree.iter(f"{SVG}text")]
    assert "换油 <b>" in texts and "spec lower 58.0" in texts
    assert f"upper {chart.phases[1].upper:.1f}" in texts


def test_the_limits_of_parts_are_not_drawn_on_a_chart_of_means() -> None:
    found = findings.study(np.random.default_rng(1).normal(10, 1, 100), subgroups=5, specification=Specification(6, 14))
    assert "cc-spec" not in draw_chart(found.charts[0], specification=found.specification)


def test_a_hundred_thousand_points_stay_a_small_drawing_with_every_mark() -> None:
    x = np.random.default_rng(1).normal(0, 1, 100_000)
    x[54_321] = 9.0
    chart = findings.study(x, rules="limits").charts[0]
    svg = draw_chart(chart, width=760)
    assert len(svg) < 400_000
    drawn = [e for e in parsed(svg).iter() if e.get("class") == "cc-beyond"]
    assert 0 < len(drawn) <= int(chart.flagged.sum())


def test_ticks_are_round_and_labels_keep_apart() -> None:
    assert ticks(0.0, 1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert apart([10.0, 11.0, 12.0], 10, 0, 25) == [5.0, 15.0, 25.0]


def report(lang: str) -> FactoryReport:
    rows = ["水温(℃)", *(f"{v:.1f}" for v in np.random.default_rng(3).normal(60, 1, 60))]
    measured = read_measurements("\n".join(rows).encode(), name="杯.csv")
    found = examine(measured, specifications={"": Specification(lower=58)})
    return FactoryReport(measured, found, lang, translator(lang), datetime(2026, 11, 1, tzinfo=UTC))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_is_the_same_each_time_and_says_what_the_findings_say(lang: str) -> None:
    asked = report(lang)
    data = document(asked)
    part = data["parts"][0]  # type: ignore[index]
    found = asked.examination.found[0]
    told = findings.sentences(found, asked.translate)
    assert part["headline"] == told[0].text
    assert found.capability is not None
    shown = next(row for table in part["tables"] for row in table["rows"] if row[0] == "Cpk")
    assert shown[1] == f"{found.capability.indices['Cpk'].value:.2f}"
    first = render_factory_report(asked)
    assert first.startswith(b"%PDF") and first == render_factory_report(asked)
    if lang == "zh":
        assert not re.search(r"[a-z]{5,} [a-z]{3,} [a-z]{3,}", part["headline"])
