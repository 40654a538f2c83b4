"""Lists to take along: the samples of a laboratory, how long it took, and turnaround by laboratory for the organiser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import polars as pl
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import Params, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.laboratory.queries import LabReport, lab_reports, lab_samples
from qualipolis.city.supervise.models import SampleReceipt, TestReport

READERS = ("leader", "planner", "department", "auditor")


@dataclass(frozen=True)
class Turnaround:
    """How long one report took, in calendar days from receipt to first issue; open while it is not issued."""

    laboratory: str
    name: str
    received_on: date
    issued_on: date | None
    due_on: date | None

    @property
    def days(self) -> int | None:
        """Days from receipt to issue."""
        return (self.issued_on - self.received_on).days if self.issued_on else None


@dataclass(frozen=True)
class OfLaboratory:
    """Turnaround of one laboratory: samples received, issued, median and longest days, issued after the term, open."""

    code: str
    name: str
    received: int
    issued: int
    median_days: float | None
    longest_days: int | None
    overdue: int


def first_issue(reports: Iterable[LabReport]) -> date | None:
    """Return the day on which the first version was issued."""
    return min((one.issued_on for one in reports if one.issued_on), default=None)


@listing("laboratory-samples", gettext_lazy("Samples in the laboratory"), roles=("laboratory",))
def samples_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the samples of one's laboratory by their codes, with terms, reports and days taken."""
    samples = [one for one in lab_samples(actor) if params.get("state") in (None, "", one.status)]
    reports = lab_reports(actor, [one.code for one in samples])
    latest = [next(iter(reports.get(one.code, [])), None) for one in samples]
    issued = [first_issue(reports.get(one.code, [])) for one in samples]
    days = [
        (end - s.received_on).days if end and s.received_on else None for s, end in zip(samples, issued, strict=True)
    ]
    return table(
        {
            _("Blind code"): (pl.String, [one.code for one in samples]),
            _("Product class"): (pl.String, [one.category for one in samples]),
            _("State"): (pl.String, [state_words(one) for one in samples]),
            _("Received on"): (pl.Date, [one.received_on for one in samples]),
            _("Due on"): (pl.Date, [one.due_on for one in samples]),
            _("Report"): (pl.String, [one.number if one else "" for one in latest]),
            _("Version"): (pl.Int64, [one.version if one else None for one in latest]),
            _("First issued on"): (pl.Date, issued),
            _("Days from receipt to issue"): (pl.Int64, days),
        }
    )


def turnarounds(actor: Any) -> list[Turnaround]:
    """Return what ``actor`` sees of receipts with the first issue of their reports."""
    receipts = visible(actor, SampleReceipt.objects.filter(refused=False)).select_related("laboratory", "sample")
    rows = TestReport.objects.filter(sample__in=receipts.values("sample"), issued_on__isnull=False)
    issued = dict(rows.values_list("sample").annotate(first=Min("issued_on")))
    return [
        Turnaround(one.laboratory.code, one.laboratory.name, one.on, issued.get(one.sample_id), one.sample.due_on)
        for one in receipts
    ]


def by_laboratory(actor: Any, today: date) -> list[OfLaboratory]:
    """Return turnaround by laboratory; without an issued report there is no median, not a zero."""
    groups: dict[tuple[str, str], list[Turnaround]] = defaultdict(list)
    for one in turnarounds(actor):
        groups[one.laboratory, one.name].append(one)
    found = []
    for (code, name), rows in sorted(groups.items()):
        days = [one.days for one in rows if one.days is not None]
        late = sum(1 for one in rows if one.issued_on is None and one.due_on is not None and one.due_on < today)
        found.append(OfLaboratory(code, name, len(rows), len(days), median(days) if days else None,
                                  max(days, default=None), late))  # fmt: skip
    return found


@listing("laboratory-turnaround", gettext_lazy("Turnaround by laboratory"), roles=READERS)
def turnaround_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return turnaround by laboratory of the campaigns that ``actor`` sees."""
    from django.utils import timezone

    rows = by_laboratory(actor, timezone.localdate())
    return table(
        {
            _("Laboratory"): (pl.String, [one.name for one in rows]),
            _("Samples received"): (pl.Int64, [one.received for one in rows]),
            _("Reports issued"): (pl.Int64, [one.issued for one in rows]),
            _("Median days"): (pl.Float64, [one.median_days for one in rows]),
            _("Longest, days"): (pl.Int64, [one.longest_days for one in rows]),
            _("Open after the term"): (pl.Int64, [one.overdue for one in rows]),
        }
    )
