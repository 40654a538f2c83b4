"""A laboratory's report on paper, from what the laboratory sees: the sample under its code, the version, its scope."""

from __future__ import annotations

from datetime import UTC, datetime, time

from qualipolis.city.core.queries import city
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.laboratory.queries import LabItem, LabReport, LabSample, LabValue
from qualipolis.city.supervise.laboratory.scope_check import coverage, wanted_of
from qualipolis.faces.report.test_report import DASH, LabReportPaper, PaperItem, render_test_report

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(sample: LabSample, report: LabReport, lang: str) -> bytes:
    """Return one version of a report in Chinese or English."""
    return render_test_report(paper_of(sample, report, lang))


def paper_of(sample: LabSample, report: LabReport, lang: str) -> LabReportPaper:
    """Return what the paper says; the scope is that of the day of the test, and without that day none is claimed."""
    here, zh = city(), lang == "zh"
    laboratory = Institution.objects.get(code=report.laboratory_code)
    tested = [value.item for value in report.values if value.outcome != "not_tested"]
    certificates, uncovered = _covered(sample, laboratory, report, tested)
    day = report.issued_on or report.tested_on
    name = laboratory.name_zh if zh or not laboratory.name_en else laboratory.name_en
    return LabReportPaper(
        lang="zh" if zh else "en",
        city=(here.name_zh if zh or not here.name_en else here.name_en) if here else "",
        synthetic=bool(here and here.synthetic),
        code=report.code,
        number=report.number,
        version=report.version,
        status=report.status,
        verdict=report.verdict,
        laboratory=name,
        category=sample.category,
        standard=sample.standard,
        rule=sample.rule_zh if zh or not sample.rule_en else sample.rule_en,
        quantity=f"{sample.quantity} {sample.quantity_unit}",
        received_on=sample.received_on.isoformat() if sample.received_on else "",
        tested_on=report.tested_on.isoformat() if report.tested_on else "",
        issued_on=report.issued_on.isoformat() if report.issued_on else "",
        signatory=report.signatory,
        reason=report.reason,
        remarks=report.words,
        created_at=datetime.combine(day, time(4), UTC) if day else _FIRST,
        items=tuple(_item(value, zh) for value in report.values),
        certificates=certificates,
        uncovered=uncovered,
    )


def _covered(
    sample: LabSample, laboratory: Institution, report: LabReport, tested: list[LabItem]
) -> tuple[tuple[str, ...], int]:
    if report.tested_on is None:
        return (), 0
    wanted = wanted_of(sample.category, sample.standard, [(item.name_zh, item.method) for item in tested])
    found = coverage(laboratory, wanted, report.tested_on)
    numbers = tuple(dict.fromkeys(one.certificate for one in found if one.certificate))
    return numbers, sum(1 for one in found if not one.certificate)


def _item(value: LabValue, zh: bool) -> PaperItem:
    item = value.item
    name = item.name_zh if zh or not item.name_en else item.name_en
    return PaperItem(name, limit_words(item), value_words(value), uncertainty_words(value), value.outcome)


def limit_words(item: LabItem) -> str:
    """Return what an item has to keep, with its unit.

    >>> limit_words(LabItem(1, "pH", "", "", 4.0, 7.5, "", "", "", False, "simple"))
    '4 – 7.5'
    """
    unit = f" {item.unit}" if item.unit else ""
    low, high = item.lower, item.upper
    if low is not None and high is not None:
        return f"{low:.10g} – {high:.10g}{unit}"
    if high is not None:
        return f"≤ {high:.10g}{unit}"
    return f"≥ {low:.10g}{unit}" if low is not None else item.requirement or DASH


def value_words(value: LabValue) -> str:
    """Return what was measured or seen; a missing value is a dash."""
    if value.outcome == "not_tested" or value.measured is None:
        return value.observed or DASH
    unit = f" {value.item.unit}" if value.item.unit else ""
    return f"{value.censored}{value.measured:.10g}{unit}"


def uncertainty_words(value: LabValue) -> str:
    """Return the expanded uncertainty with its factor, or a dash."""
    if value.uncertainty is None or value.outcome == "not_tested":
        return DASH
    return f"U = {value.uncertainty:.10g} (k = {value.k:.10g})"
