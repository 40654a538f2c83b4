"""What happens to a report: items entered, submitted, signed by another person, issued, amended, accepted, withdrawn.

The same verbs serve a test sample and a backup sample under recheck; the sample is known by its code alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import advance, roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.laboratory.bench import laboratory_of, locked_sample
from qualipolis.city.supervise.laboratory.report_items import (
    Entry,
    copy_items,
    items_of_rule,
    make_items,
    numeric,
    read_entry,
    write,
)
from qualipolis.city.supervise.laboratory.scope_check import out_of_scope, wanted_of
from qualipolis.city.supervise.models import Recheck, Sample, TestItem, TestReport
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.conformity import sample_verdict

FLOW = "test_report"
TESTED = ("testing", "reported", "returned", "disposed")
OPEN = ("draft", "returned", "amending")
WRITING = ("supervise.enter_items", "supervise.submit_report")
_RELATED = ("sample__task__campaign__rule", "laboratory")


def organiser_of(thing: Any) -> list[int]:
    """Return the organiser of the campaign that a report belongs to."""
    return [report_of(thing).sample.task.campaign.organiser_id]


def report_of(thing: Any) -> TestReport:
    """Return the row of a report, known by its key or by the code of its sample and its version."""
    rows = TestReport.objects.select_related(*_RELATED)
    if isinstance(thing, TestReport):
        return rows.get(pk=thing.pk)
    return rows.get(sample__code=thing.code, version=thing.version)


def _locked_report(thing: Any) -> TestReport:
    row = locked(report_of(thing), *_RELATED)
    if hasattr(row, "replaced_by"):
        what = msg("Version %(version)s of this report was replaced by a later one.")
        raise InputError([Problem("replaced", what, params={"version": row.version})])
    return row


def under_recheck(sample: Sample) -> Recheck | None:
    """Return the recheck for which a backup sample is under test at its laboratory, or None."""
    return _rechecks_of(sample).filter(status="testing").order_by("-pk").first()


def _rechecks_of(sample: Sample) -> QuerySet[Recheck]:
    return Recheck.objects.filter(
        result__sample__task_id=sample.task_id,
        result__sample__attempt=sample.attempt,
        laboratory_id=sample.laboratory_id,
    )


def only_tested(sample: Sample) -> None:
    """Refuse a report on a sample that is not under test and was not tested: stopped, given up, lost."""
    if sample.part == Sample.Part.BACKUP:
        found = _rechecks_of(sample).filter(status__in=("testing", "upheld", "reversed")).exists()
    else:
        found = sample.status in TESTED
    if not found:
        what = msg("The sample %(code)s is not under test.")
        raise InputError([Problem("not_testing", what, "", {"code": sample.code})])


def draft_for(actor: Any, sample: Sample) -> TestReport:
    """Return the open report of a sample under test, making the first version when there is none.

    Call it inside a verb. A test sample must be under test; of a backup sample its recheck must be.
    """
    only_tested(sample)
    latest = TestReport.objects.select_related(*_RELATED).filter(sample=sample).order_by("-version").first()
    if latest is not None:
        return latest
    made = TestReport.objects.create(sample=sample, laboratory=sample.laboratory, tested_on=timezone.localdate())
    make_items(made, items_of_rule(sample))
    return made


@verb("supervise.enter_items", roles=("laboratory",), scope=laboratory_of)
def enter_items(
    actor: Any,
    thing: Any,
    entries: Mapping[int, Entry],
    *,
    tested_on: date | None = None,
    words: str | None = None,
) -> TestReport:
    """Write values of items (by position) into the open report of a sample; each is judged at once.

    Parameters
    ----------
    thing : sample under test
    entries : position of the item to what was written; an empty entry empties the item

    Raises
    ------
    InputError
        all entries that cannot be read, by field ``<position>-value`` and so on; then nothing is written
    """
    sample = locked_sample(thing)
    report = _locked_report(draft_for(actor, sample))
    if report.status not in OPEN:
        raise InputError([_closed(report)])
    wrong = not_ahead(tested_on, "tested_on") if tested_on else []
    if tested_on and sample.received_on and tested_on < sample.received_on:
        wrong.append(Problem("tested_early", msg("A sample is not tested before it came."), place="tested_on"))
    rows = {item.position: item for item in report.items.all()}
    changed = list(_write_entries(rows, entries, wrong))
    if wrong:
        raise InputError(wrong)
    TestItem.objects.bulk_update(changed, _WRITTEN)
    report.tested_on = tested_on or report.tested_on
    report.words = report.words if words is None else words.strip()[:2000]
    report.entered_by = person_of(actor)
    report.save(update_fields=["tested_on", "words", "entered_by"])
    said = {"of": sample.code, "version": report.version, "items": len(changed)}
    record(actor, "supervise.enter_items", report, said)
    return report


_WRITTEN = ("measured", "censored", "observed", "uncertainty", "coverage_factor", "outcome", "why")


def _write_entries(rows: dict[int, TestItem], entries: Mapping[int, Entry], wrong: list[Problem]) -> Any:
    for position, entry in entries.items():
        item = rows.get(position)
        if item is None:
            what = msg("The report has no item %(position)s.")
            wrong.append(Problem("unknown_item", what, "", {"position": position}, f"{position}-value"))
            continue
        read, problems = read_entry(entry, numeric(item), f"{position}-")
        wrong += problems
        if not problems:
            write(item, read)
            yield item


def _closed(report: TestReport) -> Problem:
    what, remedy = msg("The report of %(code)s is no longer open for entry."), msg("Amend it with a reason.")
    return Problem("report_closed", what, remedy, {"code": report.sample.code})


def facts_of(report: TestReport) -> dict[str, Any]:
    """Return what the guards read: open items, items outside the scope on the day of the test, who wrote."""
    outcomes = list(report.items.values_list("outcome", flat=True))
    tested = [one for one in outcomes if one and one != TestItem.Outcome.NOT_TESTED]
    open_items = outcomes.count("") if tested else max(outcomes.count(""), 1)
    return {
        "open_items_left": open_items,
        "items_out_of_scope": report_beyond_scope(report),
        "submitted_by": report.submitted_by_id,
    }


def report_beyond_scope(report: TestReport) -> int:
    """Return how many tested items of a report are outside the laboratory's scope on the day of the test."""
    rule = report.sample.task.campaign.rule
    tested = report.items.exclude(outcome=TestItem.Outcome.NOT_TESTED).values_list("name_zh", "method")
    wanted = wanted_of(rule.category, rule.standard, tested)
    return out_of_scope(report.laboratory_id, wanted, report.tested_on or timezone.localdate())


def verdict_of(report: TestReport) -> str:
    """Return the verdict that the items give, empty while one is open."""
    return sample_verdict([one or None for one in report.items.values_list("outcome", flat=True)]) or ""


@verb("supervise.submit_report", roles=roles_for(FLOW, "submit"), scope=laboratory_of)
def submit(actor: Any, thing: Any) -> TestReport:
    """Submit a complete report for signature; its verdict is that of its items."""
    row = _locked_report(thing)
    only_tested(row.sample)
    changes = {"submitted_by": person_of(actor), "verdict": verdict_of(row)}
    move(actor, row, "submit", "supervise.submit_report", {"version": row.version}, facts=facts_of(row), **changes)
    return row


@verb("supervise.return_report", roles=roles_for(FLOW, "back"), scope=laboratory_of)
def back(actor: Any, thing: Any, *, reason: str) -> TestReport:
    """Return a report to those who wrote it, with the reason."""
    row = _locked_report(thing)
    move(actor, row, "back", "supervise.return_report", {"reason": reason.strip()[:2000], "version": row.version})
    return row


@verb("supervise.sign_report", roles=roles_for(FLOW, "sign"), scope=laboratory_of)
def sign(actor: Any, thing: Any, *, signatory: str) -> TestReport:
    """Sign a submitted report; who wrote or submitted it may not."""
    row = _locked_report(thing)
    facts = facts_of(row)
    if own_work(actor, row):
        facts["submitted_by"] = actor.pk
    told = {"signatory": signatory.strip()[:80], "version": row.version}
    move(actor, row, "sign", "supervise.sign_report", told, facts=facts, signatory=person_of(actor))
    return row


@verb("supervise.issue_report", roles=roles_for(FLOW, "issue"), scope=laboratory_of)
def issue(actor: Any, thing: Any, *, document_no: str, issued_on: date) -> TestReport:
    """Issue a signed report under its number; the sample is reported and those who wait are told.

    The first issued version is told as ``supervise.report_issued``, a later one as ``supervise.report_amended``.
    """
    row = _locked_report(thing)
    only_tested(locked_sample(row.sample))
    number = document_no.strip()[:60]
    wrong = not_ahead(issued_on, "issued_on")
    if row.tested_on and issued_on < row.tested_on:
        wrong.append(Problem("issued_early", msg("A report is not issued before its test."), place="issued_on"))
    Institution.objects.select_for_update(of=("self",)).get(pk=row.laboratory_id)  # one number at a time
    if number and TestReport.objects.filter(laboratory=row.laboratory, number=number).exclude(pk=row.pk).exists():
        what = msg("The number %(number)s is taken by another report of this laboratory.")
        wrong.append(Problem("number_taken", what, "", {"number": number}, "document_no"))
    if wrong:
        raise InputError(wrong)
    told = {"document_no": number, "issued_on": issued_on, "version": row.version}
    move(actor, row, "issue", "supervise.issue_report", told, number=number, issued_on=issued_on)
    first = not _issued_before(row)
    sample = row.sample
    if sample.part == Sample.Part.TEST and sample.status == "testing":
        move(actor, locked_sample(sample), "report", "supervise.report_sample", facts={"report_issued": True})
    row.sample.refresh_from_db()
    tell(actor, "supervise.report_issued" if first else "supervise.report_amended", row)
    return row


def _issued_before(row: TestReport) -> bool:
    return TestReport.objects.filter(sample=row.sample, version__lt=row.version, issued_on__isnull=False).exists()


@verb("supervise.amend_report", roles=roles_for(FLOW, "amend"), scope=laboratory_of)
def amend(actor: Any, thing: Any, *, reason: str) -> TestReport:
    """Open a new version of a report with the reason; the old one stays as it is and stays readable."""
    old = _locked_report(thing)
    said = {"reason": reason.strip()[:2000]}
    took = advance(actor, FLOW, "amend", old.status, today=timezone.localdate(), **said)
    made = TestReport.objects.create(
        sample=old.sample, laboratory=old.laboratory, version=old.version + 1, status=took.target, replaces=old,
        tested_on=old.tested_on, reason=said["reason"], words=old.words,
    )  # fmt: skip
    copy_items(old, made)
    told = {"of": old.sample.code, "to": took.target, "version": made.version} | said
    record(actor, "supervise.amend_report", made, told, rule_version=took.rule)
    return made


@verb("supervise.accept_report", roles=roles_for(FLOW, "accept"), scope=organiser_of)
def accept(actor: Any, thing: Any) -> TestReport:
    """Accept an issued report for the organiser."""
    row = _locked_report(thing)
    move(actor, row, "accept", "supervise.accept_report", {"number": row.number, "version": row.version})
    return row


@verb("supervise.withdraw_report", roles=roles_for(FLOW, "withdraw"))
def withdraw(actor: Any, thing: Any, *, reason: str, document_no: str) -> TestReport:
    """Withdraw a false report by a document; what rests on it is told as ``supervise.report_withdrawn``."""
    row = _locked_report(thing)
    told = {"reason": reason.strip()[:2000], "document_no": document_no.strip()[:80], "number": row.number}
    move(actor, row, "withdraw", "supervise.withdraw_report", told)
    tell(actor, "supervise.report_withdrawn", row, reason=told["reason"])
    return row


def own_work(actor: Any, thing: Any) -> bool:
    """Whether ``actor`` ever wrote or submitted values of this version, as the ledger has it."""
    name = getattr(actor, "username", "")
    written = Event.objects.filter(thing=name_of(report_of(thing)), verb__in=WRITING, actor=name)
    return bool(name) and written.exists()
