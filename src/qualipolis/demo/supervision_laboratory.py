"""What the laboratories of the demo do with a sample: receive, begin, measure, submit, sign by another, issue."""

from __future__ import annotations

import numpy as np
from django.utils import timezone

from qualipolis.city.core.models import Person
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.models import RuleItem, Sample, TestReport
from qualipolis.demo.supervision_words import ITEMS, SAID

SIGNATORY = "授权签字人" + SAID
BEYOND = 1.5


def receive(tester: Person, sample: Sample) -> None:
    """Receive a sample whose seals are whole."""
    seals = dict.fromkeys(sample.seals.values_list("number", flat=True), "intact")
    laboratory.receive(
        tester,
        sample,
        received_on=timezone.localdate(),
        appearance="外包装完好，封条完整，数量与单据一致" + SAID,
        quantity=sample.quantity,
        seals=seals,
    )


def begin(tester: Person, sample: Sample) -> None:
    """Begin the test; the products of the demo need no licence."""
    laboratory.begin(tester, sample, licence="not_required")


def measure(tester: Person, sample: Sample, chance: np.random.Generator, failed: int = 0) -> TestReport:
    """Enter a value for every item; the item in the place ``failed`` lies beyond its limit."""
    items = sample.task.campaign.rule.items.all()
    entries = {one.position: entry(one, chance, one.position == failed) for one in items}
    return reports.enter_items(tester, sample, entries, tested_on=timezone.localdate())


def entry(item: RuleItem, chance: np.random.Generator, failed: bool) -> Entry:
    """Return what is written for an item."""
    if item.lower is None and item.upper is None:
        return Entry("不符合要求" if failed else "符合要求", conforms="不符合" if failed else "符合")
    known = ITEMS[item.rule.category][item.position - 1]
    typical = known.typical or 0.0
    limit = item.upper if item.upper is not None else item.lower
    assert limit is not None
    value = limit + BEYOND * (limit - typical) if failed else typical + known.spread * float(chance.uniform(-1, 1))
    return Entry(f"{value:.2f}", f"{max(known.spread / 4, 0.01):.2f}", "2")


def finish(tester: Person, signatory: Person, sample: Sample, number: str) -> TestReport:
    """Submit the report, have it signed by another person, and issue it."""
    report = reports.submit(tester, sample.reports.order_by("-version")[0])
    reports.sign(signatory, report, signatory=SIGNATORY)
    return reports.issue(signatory, report, document_no=number, issued_on=timezone.localdate())
