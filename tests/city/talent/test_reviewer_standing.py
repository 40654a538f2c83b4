"""Reviewers: levels by what was done, ties that keep them from a firm, ratings, consent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.talent.award_walk import WHY, again, go_to, reviewer_of, reviewing, scored
from tests.city.talent.cast import Cast
from tests.city.talent.test_award_scoring import refused

from qualipolis.city.talent import service
from qualipolis.city.talent.models import FirmGroup, GroupFirm, Reviewer, ReviewerRating
from qualipolis.city.talent.reviewers.conflicts import conflicts_of
from qualipolis.city.talent.reviewers.standing import standing_of
from qualipolis.city.talent.reviewers.visibility import public_reviewers


def test_from_the_application_to_the_list(cast: Cast) -> None:
    said = {"employer": "质量学院", "fields": "金属、塑料", "agreed": True}
    assert refused(service.apply_reviewer, cast["reviewer"], None, fields="金属") == {"no_employer", "not_agreed"}
    row = service.apply_reviewer(cast["reviewer"], None, **said)
    assert refused(service.apply_reviewer, cast["reviewer"], None, **said) == {"applied"}
    service.train_reviewer(cast["trainer"], row)
    assert refused(service.examine_reviewer, cast["trainer"], row, 59) == {"exam_not_passed"}
    service.examine_reviewer(cast["trainer"], row, 85)
    row = service.appoint_reviewer(cast["planner"], row, "质评〔2026〕3号")
    assert row.status == "trainee"
    assert refused(service.promote_reviewer, cast["planner"], row) == {"few_reviews"}


def test_hours_of_the_last_twelve_months_count(cast: Cast, time_machine: Any) -> None:
    today = go_to(time_machine, "2026-06-15")
    row = reviewer_of(cast, "reviewer")
    service.record_reviewer_hours(cast["trainer"], row, date(2025, 6, 15), Decimal(12), "准则")
    service.record_reviewer_hours(cast["trainer"], row, date(2025, 6, 16), Decimal(10), "准则")
    service.record_reviewer_hours(cast["trainer"], row, today, Decimal(-2), "更正")
    assert standing_of(row).hours == Decimal(8)
    service.suspend_reviewer(cast["planner"], row, WHY)
    assert refused(service.resume_reviewer, cast["planner"], again(row), WHY) == {"few_hours"}
    service.record_reviewer_hours(cast["trainer"], row, today, Decimal(8), "准则")
    assert service.resume_reviewer(cast["planner"], again(row), WHY).status == "level_1"


def test_a_consultant_is_kept_away_for_three_years(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-06-15")
    row = reviewer_of(cast, "reviewer")
    service.tell_tie(cast["reviewer"], row, cast.firm, "consultant", until=date(2023, 6, 15))
    assert conflicts_of(row, cast.firm, date(2026, 6, 15)) and not conflicts_of(row, cast.firm, date(2026, 6, 16))
    assert not conflicts_of(row, cast.other_firm)


def test_a_group_of_firms_is_one_firm(cast: Cast) -> None:
    group = FirmGroup.objects.create(name="甲集团")
    for one in (cast.firm, cast.other_firm):
        GroupFirm.objects.create(group=group, enterprise=one, valid_from=date(2020, 1, 1))
    row = reviewer_of(cast, "reviewer", employer_code=cast.other_firm.credit_code)
    assert conflicts_of(row, cast.firm)
    GroupFirm.objects.update(valid_to=date(2020, 12, 31))
    assert not conflicts_of(row, cast.firm)


def test_a_known_conflict_stops_the_assignment_and_the_sheet(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine)
    tied = reviewer_of(cast, "reviewer5")
    tie = service.tell_tie(cast["reviewer5"], tied, cast.firm, "shares")
    assert refused(service.assign_reviewer, cast["planner"], application, tied) == {"conflict"}
    service.tell_tie(cast["planner"], sheets[1].reviewer, cast.firm, "family")
    assert refused(service.open_sheet, cast["reviewer2"], sheets[1]) == {"conflict"}
    service.withdraw_tie(cast["planner"], tie)
    assert service.assign_reviewer(cast["planner"], application, tied).status == "assigned"


def test_reviews_are_rated_by_the_lead_and_the_office_only(cast: Cast, time_machine: Any) -> None:
    _application, sheets = reviewing(cast, time_machine)
    for sheet in sheets[:2]:
        scored(cast, sheet)
    assert refused(service.rate_reviewer, cast["reviewer"], sheets[0], 5) == {"own_work"}
    with pytest.raises(PermissionDenied):
        service.rate_reviewer(cast["reviewer3"], sheets[1], 5)
    service.rate_reviewer(cast["reviewer"], sheets[1], 5)
    assert refused(service.rate_reviewer, cast["reviewer"], sheets[1], 4) == {"rated"}
    assert refused(service.rate_reviewer, cast["planner"], sheets[1], 2) == {"no_words"}
    service.rate_reviewer(cast["planner"], sheets[1], 4)
    assert (ReviewerRating.objects.count(), standing_of(sheets[1].reviewer).rating) == (2, 4.5)


def test_only_who_agreed_is_on_the_public_list(cast: Cast) -> None:
    row = reviewer_of(cast, "reviewer")
    assert not public_reviewers().exists()
    with pytest.raises(PermissionDenied):
        service.list_reviewer(cast["planner"], row, True)
    service.list_reviewer(cast["reviewer"], row, True)
    assert list(public_reviewers()) == [row]
    service.suspend_reviewer(cast["planner"], row, WHY)
    assert not public_reviewers().exists()


def test_a_reviewer_leaves_by_the_own_wish_only(cast: Cast) -> None:
    row = reviewer_of(cast, "reviewer")
    with pytest.raises(PermissionDenied):
        service.leave_reviewers(cast["reviewer2"], row, WHY)
    assert service.leave_reviewers(cast["reviewer"], row, WHY).status == "left"
    assert Reviewer.objects.get().ended_on
