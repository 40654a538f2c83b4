"""How a result begins, and what reaches it from elsewhere: reports, amended reports, firms that cease to exist."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.queries import city
from qualipolis.city.core.steps import term_of
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.city.supervise.models import Result, Sample, ServedResult, TestReport
from qualipolis.city.supervise.results.steps import RELATED, SYSTEM, go, keep_due, on_file, open_when_served
from qualipolis.methods.problems import msg

SERIES = "JG"
AMENDED = msg("amended report %(number)s, version %(version)s")
FALSE = msg("the report was withdrawn as false")
CEASED = msg("deregistered on %(day)s without a successor")
FOLLOWS = ("reported", "notified", "objection_window")
Party = ServedResult.Party


@subscriber("supervise.report_issued")
def report_issued(actor: Any, report: TestReport, **_facts: Any) -> Result | None:
    """Open the result of a test sample once its report is issued; reports of backup samples conclude rechecks."""
    if report.sample.part != Sample.Part.TEST:
        return None
    known = Result.objects.filter(sample=report.sample).first()
    if known is not None:
        follow_report(known, report)
        return known
    return open_result(report)


def open_result(report: TestReport) -> Result:
    """Make the result of a report with one service for each party that has to receive it."""
    task, today = report.sample.task, timezone.localdate()
    form = getattr(task, "form", None)
    rows = _parties(task.enterprise, form)
    made = Result.objects.create(
        sample=report.sample,
        report=report,
        number=next_number(SERIES, today.year),
        verdict=report.verdict,
        first_verdict=report.verdict,
        reported_on=today,
        producer_elsewhere=any(p == Party.PRODUCER and _elsewhere(task.unit, firm, form) for p, firm, _name in rows),
        due_on=term_of("result", "amend", today),
    )
    ServedResult.objects.bulk_create(
        ServedResult(result=made, party=party, enterprise=firm, name=name) for party, firm, name in rows
    )
    record(SYSTEM, "supervise.open_result", made, {"of": made.number, "verdict": made.verdict, "parties": len(rows)})
    tell(SYSTEM, "supervise.result_moved", made)
    return made


def _parties(sampled: Enterprise, form: Any) -> list[tuple[str, Enterprise | None, str]]:
    """Return who is told: the sampled firm, the producer on the label when it is another, the platform."""
    rows: list[tuple[str, Enterprise | None, str]] = [(Party.FIRM, sampled, sampled.name_zh)]
    if form is None:
        return rows
    producer = form.producer or Enterprise.objects.filter(name_zh=form.producer_name.strip() or None).first()
    name = form.producer_name.strip() or (producer.name_zh if producer else "")
    if name and producer != sampled and name != sampled.name_zh:
        rows.append((Party.PRODUCER, producer, name))
    if platform := form.platform.strip():
        rows.append((Party.PLATFORM, Enterprise.objects.filter(name_zh=platform).first(), platform))
    return rows


def _elsewhere(here: Unit, producer: Enterprise | None, form: Any) -> bool:
    """Return whether a labelled producer lies in another city; one nobody knows is placed by the address on its label."""
    if producer is not None:
        return city_of(producer.unit) != city_of(here)
    known = city()
    return not (known and known.name_zh and known.name_zh in form.producer_address)


def city_of(unit: Unit) -> int | None:
    """Return the city that a unit belongs to; None in an installation of one city, where no unit names it."""
    above: Unit | None = unit
    while above is not None and above.kind != Unit.Kind.CITY:
        above = above.parent
    return above.pk if above else None


@subscriber("supervise.report_amended")
def report_amended(actor: Any, report: TestReport, **_facts: Any) -> None:
    """Let the result follow an amended report while it is not final; afterwards only a superior order moves it."""
    known = Result.objects.filter(sample=report.sample).first()
    if known is not None:
        follow_report(known, report)


def follow_report(result: Result, report: TestReport) -> None:
    """Take the newer version of the report; another verdict is another result, so every party is served anew."""
    row = Result.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=result.pk)
    if report.pk == row.report_id:
        return
    number = {"number": str(report), "version": report.version}
    if row.ended:
        record(SYSTEM, "supervise.amended_after_final", row, {"of": row.number} | number)
        return
    turned = bool(report.verdict) and report.verdict != row.verdict
    row.report, row.verdict = report, report.verdict or row.verdict
    row.save(update_fields=["report", "verdict"])
    told = {"of": row.number, "verdict": row.verdict, "served_anew": turned} | number
    record(SYSTEM, "supervise.follow_amendment", row, told)
    if turned:
        _serve_anew(row, on_file(AMENDED, **number))


def _serve_anew(row: Result, reason: str) -> None:
    row.services.update(sent_on=None, served_on=None, way="", proof=None, proof_words="", waived_on=None)
    row.reported_on = timezone.localdate()
    row.save(update_fields=["reported_on"])
    if row.status in FOLLOWS:
        go(SYSTEM, row, "amend", "supervise.amend_result", {"reason": reason})
    else:
        keep_due(row)
        tell(SYSTEM, "supervise.result_moved", row)


@subscriber("supervise.report_withdrawn")
def report_withdrawn(actor: Any, report: TestReport, **facts: Any) -> None:
    """A result that rests on a report withdrawn as false is annulled; a final one waits for a superior order."""
    row = Result.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(report=report).first()
    if row is None or row.status == "voided":
        return
    reason, sides = str(facts.get("reason") or on_file(FALSE)), ["seller", "producer"]
    if row.status == "final":
        record(SYSTEM, "supervise.report_withdrawn_after_final", row, {"of": row.number, "reason": reason})
        return
    go(SYSTEM, row, "annul", "supervise.annul_result", {"reason": reason}, voided_for=sides,
       reversed_on=timezone.localdate(), reversal_reason=reason[:2000])  # fmt: skip
    tell(SYSTEM, "supervise.result_voided", row, reason=reason, sides=sides)


@subscriber("supervise.firm_ceased")
def firm_ceased(actor: Any, enterprise: Enterprise, on: date, **facts: Any) -> int:
    """Close the windows of a firm that ceased to exist without a successor; nobody is left to receive or object."""
    if facts.get("successor") is not None:
        return 0
    rows = ServedResult.objects.filter(enterprise=enterprise, ceased_on=None).exclude(
        result__status__in=("final", "voided")
    )
    services = list(rows.select_for_update(of=("self",)))
    for service in services:
        service.ceased_on = on
        service.save(update_fields=["ceased_on"])
        row = Result.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=service.result_id)
        record(SYSTEM, "supervise.party_ceased", row, {"of": row.number, "party": service.party, "on": on})
        if row.status in ("reported", "notified"):
            go(SYSTEM, row, "cease", "supervise.party_ceased", {"reason": on_file(CEASED, day=on)})
            open_when_served(row)
        else:
            keep_due(row)
    return len(services)
