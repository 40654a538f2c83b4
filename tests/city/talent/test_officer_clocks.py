"""Time travel: the officer lapses after two years, the firm files anew in thirty days, a closed firm ends everything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.city.talent.cast import Cast, learner, officer_in

from qualipolis.city.registry.models import Enterprise, QualityOfficer
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Officer
from qualipolis.city.talent.officers.queries import refiling
from qualipolis.methods.problems import InputError


def on(day: str) -> Any:
    """Let it be nine in the morning of a day."""
    return time_machine.travel(f"{day}T09:00+08:00", tick=False)


def swept(row: Officer) -> Officer:
    service.sweep_officers(timezone.now())
    row.refresh_from_db()
    return row


def test_it_lapses_the_day_after_two_years_and_the_figures_lose_the_firm(cast: Cast) -> None:
    with on("2026-05-06"):
        row = officer_in(cast, "active")
    with on("2028-05-06"):
        assert swept(row).status == "active"
    with on("2028-05-07"):
        assert swept(row).status == "lapsed"
    assert row.filing is not None
    row.filing.refresh_from_db()
    assert row.filing.ended_on == date(2028, 5, 7)


def test_a_refresher_moves_the_day_and_a_lapsed_officer_comes_back_with_a_filing_of_its_own(cast: Cast) -> None:
    with on("2026-05-06"):
        row = officer_in(cast, "active")
    with on("2027-05-06"):
        service.officer_trained(cast["trainer"], row, date(2027, 5, 6))
    with on("2028-05-07"):
        assert swept(row).status == "active"
    with on("2029-05-07"):
        assert swept(row).status == "lapsed"
    with on("2029-08-01"):
        row = service.officer_trained(cast["trainer"], row, date(2029, 7, 31))
        assert (row.status, row.trained_on) == ("active", date(2029, 7, 31))
    first, second = QualityOfficer.objects.order_by("pk")
    assert (first.ended_on, second.appointed_on, second.ended_on) == (date(2029, 5, 7), date(2029, 8, 1), None)


def test_a_lapsed_officer_does_not_come_back_while_another_is_in_post(cast: Cast) -> None:
    with on("2026-05-06"):
        row = officer_in(cast, "active")
    with on("2029-05-07"):
        swept(row)
        officer_in(cast, "active")
        with pytest.raises(InputError) as refusal:
            service.officer_trained(cast["trainer"], row, date(2029, 5, 7))
    assert refusal.value.problems[0].code == "in_post"


def test_the_firm_has_thirty_days_from_the_day_the_officer_left(cast: Cast) -> None:
    with on("2026-05-06"):
        row = officer_in(cast, "active")
    with on("2026-06-10"):
        row = service.replace_officer(cast["enterprise"], row, date(2026, 6, 1), "离职")
        assert row.due_on == date(2026, 7, 1) and row.filing is not None and row.filing.ended_on == date(2026, 6, 1)
        assert list(refiling(cast["inspector"])) == [row]
    with on("2026-07-01"):
        assert not refiling(cast["inspector"], late=True).exists()
    with on("2026-07-02"):
        assert list(refiling(cast["inspector"], late=True)) == [row]
        service.nominate_officer(
            cast["enterprise"], cast.firm, learner(cast), appointed_on=date(2026, 7, 2), years=5, bars=[]
        )
        assert not refiling(cast["inspector"]).exists()


def test_withdrawing_the_successor_lets_the_term_run_on(cast: Cast) -> None:
    with on("2026-05-06"):
        row = service.replace_officer(cast["enterprise"], officer_in(cast, "active"), date(2026, 5, 6), "离职")
        then = service.nominate_officer(
            cast["enterprise"], cast.firm, learner(cast), appointed_on=date(2026, 5, 6), years=5, bars=[]
        )
        assert then.predecessor == row and not refiling(cast["inspector"]).exists()
        service.withdraw_officer(cast["enterprise"], then, "本人不愿意")
    with on("2026-06-06"):
        assert list(refiling(cast["inspector"], late=True)) == [row]


def test_a_hand_over_leaves_no_term_open(cast: Cast) -> None:
    row = officer_in(cast, "active")
    officer_in(cast, "certified")
    row = service.replace_officer(cast["enterprise"], row, timezone.localdate(), "轮岗")
    assert row.refiled_on == timezone.localdate() and not refiling(cast["enterprise"]).exists()


def test_a_deregistered_firm_ends_its_officers_and_owes_no_successor(cast: Cast) -> None:
    with on("2026-05-06"):
        rows = [officer_in(cast, state) for state in ("nominated", "active", "lapsed")]
        left = service.replace_officer(cast["enterprise"], officer_in(cast, "certified"), date(2026, 5, 6), "离职")
        Officer.objects.filter(pk=left.pk).update(refiled_on=None)
        Enterprise.objects.filter(pk=cast.firm.pk).update(closed_on=date(2026, 5, 5))
        assert [swept(row).status for row in rows] == ["ent_deregistered"] * 3
        assert not QualityOfficer.objects.filter(ended_on=None).exists()
        assert not refiling(cast["inspector"]).exists()


def test_nobody_leaves_tomorrow_or_before_the_appointment(cast: Cast) -> None:
    row = officer_in(cast, "active")
    for day in (timezone.localdate() + timedelta(days=1), row.appointed_on - timedelta(days=1)):
        with pytest.raises(InputError):
            service.replace_officer(cast["enterprise"], row, day, "离职")
