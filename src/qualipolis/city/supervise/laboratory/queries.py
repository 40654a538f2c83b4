"""What a laboratory sees: frozen facts of its samples and reports under blind codes, never a row that leads to a firm."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import organisations_of
from qualipolis.city.supervise.models import Recheck, RuleItem, Sample, SampleReceipt, Seal, TestItem, TestReport
from qualipolis.law.flow import Flow
from qualipolis.law.flows import ALL
from qualipolis.methods.sampling.conformity import Decision

TEST_STATES = (
    "in_transit", "received", "testing", "reported", "rejected_at_lab", "stopped", "untestable", "returned", "disposed",
)  # fmt: skip
RECHECK_STATES = ("designated", "testing", "upheld", "reversed", "backup_lost")
LAB_VERBS = (
    "receive_sample", "reject_sample", "begin_test", "stop_test", "give_up_test", "give_back_sample", "dispose_sample",
    "enter_items", "submit_report", "return_report", "sign_report", "issue_report",
    "report_sample", "amend_report", "accept_report",
)  # fmt: skip


@dataclass(frozen=True)
class LabItem:
    """One item to test, as the detailed rules have it."""

    position: int
    name_zh: str
    name_en: str
    unit: str
    lower: float | None
    upper: float | None
    requirement: str
    clause: str
    method: str
    safety: bool
    decision: str

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        zh = (get_language() or "zh").startswith("zh")
        return (self.name_zh or self.name_en) if zh else (self.name_en or self.name_zh)


@dataclass(frozen=True)
class LabSeal:
    """A seal: its number, and how the laboratory found it (empty before receipt)."""

    number: str
    found: str


@dataclass(frozen=True)
class LabSample:
    """A sample as its laboratory knows it. Nothing here names a firm, a place, a brand, a task or an order."""

    code: str
    part: str
    category: str
    standard: str
    rule_zh: str
    rule_en: str
    quantity: int
    quantity_unit: str
    items: tuple[LabItem, ...]
    seals: tuple[LabSeal, ...]
    status: str
    flow_code: str
    due_on: date | None
    received_on: date | None
    reason: str
    laboratory_code: str

    @property
    def rule(self) -> str:
        """The name of the detailed rules in the language of the page."""
        zh = (get_language() or "zh").startswith("zh")
        return (self.rule_zh or self.rule_en) if zh else (self.rule_en or self.rule_zh)

    @property
    def flow(self) -> Flow:
        """The table the sample moves by: its own, or for a backup sample that of the recheck."""
        return ALL[self.flow_code]

    @property
    def ended(self) -> bool:
        """Whether the state is an end of its table."""
        return self.status in self.flow.finals

    @property
    def under_test(self) -> bool:
        """Whether values may be written."""
        return self.status == "testing"

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class LabReceipt:
    """What the laboratory itself noted on receipt."""

    on: date
    appearance: str
    quantity: int | None
    refused: bool
    licence: str


@dataclass(frozen=True)
class LabValue:
    """An item of a report with what was written and how it was judged."""

    item: LabItem
    measured: float | None
    censored: str
    observed: str
    uncertainty: float | None
    k: float
    outcome: str
    decision: Decision


@dataclass(frozen=True)
class LabReport:
    """One version of a report as its laboratory knows it."""

    code: str
    version: int
    number: str
    status: str
    verdict: str
    tested_on: date | None
    issued_on: date | None
    due_on: date | None
    reason: str
    words: str
    signatory: str
    values: tuple[LabValue, ...]
    laboratory_code: str
    replaced: bool
    flow_code: str = "test_report"

    @property
    def flow(self) -> Flow:
        """The table of reports."""
        return ALL[self.flow_code]

    @property
    def writable(self) -> bool:
        """Whether values may be written into this version."""
        return self.status in ("draft", "returned", "amending") and not self.replaced

    def __str__(self) -> str:
        return self.number or f"{self.code}-{self.version}"


def own_laboratories(actor: Any) -> list[str]:
    """Return the codes of the laboratories that ``actor`` works for."""
    own = organisations_of(actor, ("laboratory",))
    return list(Organisation.objects.filter(pk__in=own).values_list("code", flat=True))


def _own_rows(actor: Any) -> QuerySet[Sample]:
    called = Recheck.objects.filter(
        result__sample__task=OuterRef("task"),
        result__sample__attempt=OuterRef("attempt"),
        laboratory=OuterRef("laboratory"),
        status__in=RECHECK_STATES,
    )
    test = Q(part=Sample.Part.TEST, status__in=TEST_STATES)
    backup = Q(Exists(called), part=Sample.Part.BACKUP, status__in=("called", "used", "lost"))
    rows = Sample.objects.filter(test | backup, laboratory__code__in=own_laboratories(actor))
    return rows.select_related("task__campaign__rule", "laboratory").prefetch_related("seals")


def lab_samples(actor: Any) -> list[LabSample]:
    """Return the samples of the laboratories of ``actor``: the nearest term first, then in no order of tasks."""
    found = _seen(_own_rows(actor))
    return sorted(found, key=lambda one: (one.ended, one.due_on or date.max, shuffled(one.code)))


def lab_sample(actor: Any, code: str) -> LabSample | None:
    """Return one sample by its code, or None when it is not there for this laboratory."""
    found = _seen(_own_rows(actor).filter(code=code))
    return found[0] if found else None


def shuffled(code: str) -> str:
    """Return a key that puts codes in an order that tells nothing of the order of tasks."""
    return hashlib.sha256(code.encode()).hexdigest()


def _seen(rows: Iterable[Sample]) -> list[LabSample]:
    rows = list(rows)
    items = _items_of({row.task.campaign.rule_id for row in rows})
    rechecks = _rechecks(row for row in rows if row.part == Sample.Part.BACKUP)
    return [_lab_sample(row, items[row.task.campaign.rule_id], rechecks.get(row.pk)) for row in rows]


def _items_of(rules: set[int]) -> dict[int, tuple[LabItem, ...]]:
    found: dict[int, list[LabItem]] = defaultdict(list)
    for one in RuleItem.objects.filter(rule__in=rules).order_by("position"):
        found[one.rule_id].append(lab_item(one))
    return defaultdict(tuple, {rule: tuple(items) for rule, items in found.items()})


def _rechecks(rows: Iterable[Sample]) -> dict[int, Recheck]:
    found = {}
    for row in rows:
        called = Recheck.objects.filter(
            result__sample__task=row.task_id, result__sample__attempt=row.attempt, laboratory=row.laboratory_id
        )
        latest = called.filter(status__in=RECHECK_STATES).order_by("-pk").first()
        if latest:
            found[row.pk] = latest
    return found


def lab_item(one: RuleItem | TestItem) -> LabItem:
    """Return an item of a rule or report as the laboratory sees it."""
    names = LabItem.__dataclass_fields__
    return LabItem(**{name: getattr(one, name) for name in names})


WRITTEN_HERE = ("rejected_at_lab", "stopped", "untestable")


def _lab_sample(row: Sample, items: tuple[LabItem, ...], recheck: Recheck | None) -> LabSample:
    rule, moving = row.task.campaign.rule, recheck or row
    return LabSample(
        code=row.code,
        part=row.part,
        category=rule.category,
        standard=rule.standard,
        rule_zh=rule.name_zh,
        rule_en=rule.name_en,
        quantity=row.quantity,
        quantity_unit=rule.quantity_unit,
        items=items,
        seals=tuple(LabSeal(seal.number, seal.found) for seal in row.seals.all()),
        status=moving.status,
        flow_code=moving.flow_code,
        due_on=moving.due_on,
        received_on=row.received_on,
        reason=row.reason if row.status in WRITTEN_HERE else "",
        laboratory_code=row.laboratory.code if row.laboratory else "",
    )


def lab_reports(actor: Any, codes: Sequence[str]) -> dict[str, list[LabReport]]:
    """Return the versions of the reports on samples, the latest first, by code."""
    rows = TestReport.objects.filter(sample__in=_own_rows(actor).filter(code__in=list(codes)))
    rows = rows.select_related("sample", "laboratory", "signatory", "replaced_by").prefetch_related("items")
    found: dict[str, list[LabReport]] = defaultdict(list)
    for row in rows.order_by("-version"):
        found[row.sample.code].append(_lab_report(row))
    return found


def _lab_report(row: TestReport) -> LabReport:
    return LabReport(
        code=row.sample.code,
        version=row.version,
        number=row.number,
        status=row.status,
        verdict=row.verdict,
        tested_on=row.tested_on,
        issued_on=row.issued_on,
        due_on=row.due_on,
        reason=row.reason,
        words=row.words,
        signatory=str(row.signatory) if row.signatory else "",
        values=tuple(value_of(item) for item in row.items.all()),
        laboratory_code=row.laboratory.code,
        replaced=hasattr(row, "replaced_by"),
    )


def report_seen(row: TestReport) -> LabReport:
    """Return a report as its laboratory sees it, for who may see the row anyway."""
    return _lab_report(row)


def sample_seen(row: Sample) -> LabSample:
    """Return a sample as its laboratory sees it, for who may see the row anyway."""
    return _seen([row])[0]


def value_of(item: TestItem) -> LabValue:
    """Return an item of a report with its decision."""
    from qualipolis.city.supervise.laboratory.report_items import judge

    return LabValue(
        lab_item(item),
        item.measured,
        item.censored,
        item.observed,
        item.uncertainty,
        item.coverage_factor,
        item.outcome,
        judge(item),
    )


def ledger_names(actor: Any, code: str) -> list[str]:
    """Return what the ledger calls a sample and its reports; for the history of a page, never to be shown."""
    row = _own_rows(actor).filter(code=code).first()
    if row is None:
        return []
    return [name_of(row), *(name_of(report) for report in row.reports.all())]


def lab_receipt(actor: Any, code: str) -> LabReceipt | None:
    """Return what the laboratory noted when the sample arrived, or None before that."""
    row = SampleReceipt.objects.filter(sample__in=_own_rows(actor).filter(code=code)).select_related("sample").first()
    if row is None:
        return None
    seen = dict(SampleReceipt.Licence.choices).get(row.sample.licence_seen, "")
    return LabReceipt(row.on, row.appearance, row.quantity, row.refused, str(seen))


def receipt_files(actor: Any, code: str) -> list[Any]:
    """Return the pictures and proofs that the laboratory kept with a sample."""
    from qualipolis.city.core.models import Attachment

    receipt = SampleReceipt.objects.filter(sample__in=_own_rows(actor).filter(code=code)).first()
    return list(Attachment.objects.filter(thing=name_of(receipt)).order_by("pk")) if receipt else []


def intact(sample: LabSample) -> bool:
    """Whether every seal was found intact."""
    return bool(sample.seals) and all(seal.found == Seal.Found.INTACT for seal in sample.seals)


def overdue(sample: LabSample) -> bool:
    """Whether the term of a sample is over and its report still open."""
    waits = not sample.ended and sample.status != "reported"
    return waits and sample.due_on is not None and sample.due_on < timezone.localdate()
