"""Complaints counted once for indicators and pages; public figures in which no single case shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, OLD_ORDER, Cast, complaint_in, letter

from qualipolis.city.core.ledger import record
from qualipolis.city.core.undo import fields_of, open_for, reversible, undo
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Complaint
from qualipolis.city.listen.statistics.figures import Figures, figures
from qualipolis.city.measure.models import SourceRecord

TODAY = timezone.localdate


def record_of(complaint: Complaint) -> SourceRecord:
    return SourceRecord.objects.get(kind="complaint", number=complaint.number)


def about(cast: Cast, product: str, hazard: str, state: str, **more: Any) -> Complaint:
    sent = letter(cast, CONSUMER, product_class=product, hazard=hazard)
    return complaint_in(cast, state, letter=sent, **more)


def now() -> Figures:
    return figures(TODAY() - timedelta(days=400), TODAY())


def counts(told: Any) -> dict[str, int | None]:
    return {line.code: line.count for line in told.lines}


def test_every_complaint_has_one_record_that_follows_it(cast: Cast) -> None:
    row = about(cast, "appliances", "electric_shock", "received")
    assert (record_of(row).outcome, record_of(row).purpose, record_of(row).flags) == ("pending", "quality", "")
    service.take_complaint(cast["complaint_desk"], row)
    service.set_competence(cast["complaint_desk"], row, True)
    service.accept_complaint(cast["complaint_desk"], row, "决定受理")
    assert record_of(row).flags == "in_time"
    service.withdraw_complaint(cast["complaint_desk"], row, "已和解")
    assert record_of(row).outcome == "withdrawn"


def test_a_step_taken_back_is_taken_back_in_the_record(cast: Cast) -> None:
    row = about(cast, "appliances", "defect", "mediating")
    with transaction.atomic():
        before = fields_of(row, "status")
        row.status = "ended"
        row.save(update_fields=["status"])
        event = record(cast["complaint_desk"], "listen.end_mediation", row, {})
        reversible(event, cast["complaint_desk"], row, before, "status")
    assert record_of(row).outcome == "ended"
    reversal = open_for(cast["complaint_desk"])
    assert reversal is not None
    undo(cast["complaint_desk"], reversal)
    assert record_of(row).outcome == "pending"


def test_what_was_passed_on_counts_elsewhere(cast: Cast) -> None:
    row = about(cast, "food", "spoiled", "received")
    service.transfer_complaint(cast["complaint_desk"], row, "邻市市场监管局", "经营地在邻市", "移送")
    assert not SourceRecord.objects.filter(number=row.number).exists()
    assert now().total == 0


def test_classifying_the_letter_changes_what_it_counts_as(cast: Cast) -> None:
    row = about(cast, "food", "price", "received")
    assert record_of(row).purpose == "other"
    service.classify_letter(cast["complaint_desk"], row.letter, "food", "spoiled")
    assert record_of(row).purpose == "quality"


def test_small_cells_are_withheld_and_the_total_gives_none_away(cast: Cast) -> None:
    for product, n in (("food", 6), ("appliances", 4), ("books", 1)):
        for _one in range(n):
            about(cast, product, "defect", "received")
    told = now()
    assert told.total == 11 and counts(told.by_problem) == {"defect": 11}
    assert counts(told.by_product) == {"food": 6, "appliances": None, "books": None}
    assert told.by_product.withheld == 2


def test_the_share_of_agreements_tells_of_no_single_case(cast: Cast) -> None:
    for state in (*["agreed"] * 5, "ended"):
        about(cast, "food", "defect", state, reason_code="no_agreement" if state == "ended" else "")
    assert now().agreed.interval is None
    for _one in range(2):
        about(cast, "food", "defect", "ended", reason_code="no_agreement")
    told = now().agreed
    assert (told.part, told.n) == (5, 8) and told.interval is not None
    assert told.interval.low < 5 / 8 < told.interval.high


def test_a_decision_counts_in_time_by_the_order_of_its_day(cast: Cast) -> None:
    late = complaint_in(cast, "accepted", received_on=OLD_ORDER, accepted_on=date(2026, 3, 12))
    kept = complaint_in(cast, "accepted", received_on=OLD_ORDER, accepted_on=date(2026, 3, 11))
    assert ("in_time" in record_of(late).flags, "in_time" in record_of(kept).flags) == (False, True)


def test_a_period_without_complaints_has_no_shares(cast: Cast) -> None:
    told = figures(date(2020, 1, 1), date(2020, 12, 31))
    assert told.total == 0 and told.in_time.interval is None and told.satisfied is None
