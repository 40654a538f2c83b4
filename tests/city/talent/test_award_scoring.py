"""Independent scoring, consensus, and a conflict found late."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.talent.award_walk import WHY, again, go_to, proposed, reviewer_of, reviewing, scored, totals, visited
from tests.city.talent.cast import Cast

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Consensus, ScoreRun, ScoreSheet
from qualipolis.methods.problems import InputError


def refused(call: Any, *args: Any, **more: Any) -> set[str]:
    with pytest.raises(InputError) as found:
        call(*args, **more)
    return {problem.code for problem in found.value.problems}


def test_nobody_reads_another_sheet_before_the_own_is_in(cast: Cast, time_machine: Any) -> None:
    _application, sheets = reviewing(cast, time_machine)
    scored(cast, sheets[0])
    other = cast["reviewer2"]
    assert set(visible(other, ScoreSheet.objects.all())) == {sheets[1]}
    assert not visible(other, ScoreRun.objects.all()).exists()
    scored(cast, sheets[1], 55)
    assert set(visible(other, ScoreSheet.objects.all())) == {sheets[0], sheets[1]}
    assert not visible(cast["enterprise"], ScoreSheet.objects.all()).exists()
    assert not visible(cast["other_enterprise"], ScoreSheet.objects.all()).exists()


def test_a_sheet_that_is_in_is_never_changed(cast: Cast, time_machine: Any) -> None:
    _application, sheets = reviewing(cast, time_machine)
    row = scored(cast, sheets[0])
    assert refused(service.save_sheet, cast["reviewer"], row, {"4.1.2": 70}, {}) == {"wrong_state"}
    with pytest.raises(PermissionDenied):
        service.save_sheet(cast["reviewer2"], row, {"4.1.2": 70}, {})
    assert again(row).scores["4.1.2"] == 50


def test_a_spread_of_more_than_20_needs_a_consensus_and_keeps_the_originals(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet, score in zip(sheets, (40, 50, 65), strict=True):
        scored(cast, sheet, 50, i4_1_2=score)
    assert totals(application)[-1] == ("sheet", None)
    assert refused(service.shortlist_applicant, cast["planner"], application) == {"open_items"}
    assert refused(service.settle_item, cast["reviewer"], application, "4.2.2", 50, WHY) == {"not_wide"}
    assert refused(service.settle_item, cast["reviewer"], application, "4.1.2", 70, WHY) == {"outside"}
    with pytest.raises(PermissionDenied):
        service.settle_item(cast["reviewer2"], application, "4.1.2", 55, WHY)
    made = service.settle_item(cast["reviewer"], application, "4.1.2", 55, WHY)
    assert sorted(made.originals.values()) == [40, 50, 65]
    assert totals(application)[-1] == ("consensus", Decimal("502.5"))
    assert service.shortlist_applicant(cast["planner"], application).status == "shortlisted"


def test_a_spread_of_20_needs_none(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet, score in zip(sheets, (40, 60, 60), strict=True):
        scored(cast, sheet, 50, i4_1_2=score)
    assert totals(application)[-1] == ("sheet", Decimal("501.667"))


def test_a_conflict_found_late_drops_the_scores_and_sums_up_again(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine)
    for sheet, score in zip(sheets, (50, 50, 50, 70), strict=True):
        scored(cast, sheet, score)
    proposed(cast, visited(cast, application))
    assert again(application).proposed_run.total == Decimal(550)
    run = service.drop_scores(cast["planner"], sheets[3], "曾为其做咨询")
    assert (run.cause, run.total, run.sheets) == ("dropped", Decimal(500), [one.pk for one in sheets[:3]])
    assert [total for _cause, total in totals(application)][-2:] == [Decimal(550), Decimal(500)]
    kept = again(sheets[3])
    assert (kept.status, kept.scores["4.1.2"], kept.lead) == ("dropped", 70, False)
    assert again(application).status == "proposed"
    assert Event.objects.filter(verb="talent.drop_scores").count() == 1
    go_to(time_machine, "2026-06-10")
    notice = service.give_notice(cast["planner"], application.round, go_to(time_machine, "2026-06-10"))
    go_to(time_machine, "2026-06-30")
    service.end_notice(cast["planner"], notice)
    assert refused(service.grant_awards, cast["leader"], notice, "1号") == {"changed_scores"}


def test_what_a_dropped_reviewer_took_part_in_is_agreed_again(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine)
    for sheet, score in zip(sheets, (40, 50, 65, 45), strict=True):
        scored(cast, sheet, 50, i4_1_2=score)
    service.settle_item(cast["reviewer"], application, "4.1.2", 55, WHY)
    visited(cast, application)
    run = service.drop_scores(cast["planner"], sheets[3], WHY)
    assert (run.open_items, run.total, again(application).status) == (1, None, "reviewing")
    old = Consensus.objects.get()
    assert (old.superseded_because, old.score) == ("dropped", 55)
    service.settle_item(cast["reviewer"], application, "4.1.2", 50, WHY)
    assert totals(application)[-1] == ("consensus", Decimal(500))


def test_with_fewer_than_three_left_the_applicant_is_held(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet in sheets:
        scored(cast, sheet)
    visited(cast, application)
    run = service.drop_scores(cast["planner"], sheets[2], WHY)
    held = again(application)
    assert (held.status, held.held_from, held.held_because, run.total) == (
        "held",
        "visited",
        "few_reviewers",
        Decimal(500),
    )
    assert refused(service.release_application, cast["planner"], held, WHY) == {"few_sheets"}
    new = service.assign_reviewer(cast["planner"], held, reviewer_of(cast, "reviewer6"))
    scored(cast, new, 60)
    back = service.release_application(cast["planner"], held, WHY)
    assert (back.status, totals(application)[-1]) == ("visited", ("sheet", Decimal("533.333")))


def test_scores_counted_again_take_two_people(cast: Cast, time_machine: Any) -> None:
    _application, sheets = reviewing(cast, time_machine)
    for sheet, score in zip(sheets, (50, 50, 50, 70), strict=True):
        scored(cast, sheet, score)
    service.drop_scores(cast["planner"], sheets[3], WHY)
    assert refused(service.reinstate_scores, cast["leader"], sheets[3], WHY, cast["leader"]) == {"one_person"}
    run = service.reinstate_scores(cast["leader"], sheets[3], WHY, cast["planner"])
    assert (run.cause, run.total, again(sheets[3]).status) == ("reinstated", Decimal(550), "handed_in")


def test_a_reviewer_who_declines_leaves_the_team(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine)
    service.decline_review(cast["reviewer4"], sheets[3], "同学的公司", conflict=True)
    assert (again(sheets[3]).status, again(sheets[3]).conflict) == ("declined", "同学的公司")
    for sheet in sheets[:3]:
        scored(cast, sheet)
    assert totals(application)[-1] == ("sheet", Decimal(500))


def test_a_finding_on_site_changes_the_score_and_keeps_the_one_before(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet in sheets:
        scored(cast, sheet)
    service.shortlist_applicant(cast["planner"], application)
    service.begin_visits(cast["planner"], application.round)
    made = service.record_finding(cast["reviewer"], application, "4.1.2", 40, "现场未见")
    assert (made.before, totals(application)[-1]) == (Decimal(50), ("visit", Decimal(495)))


def test_severity_is_modelled_beside_the_scores_and_changes_none(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine)
    assert refused(service.model_severity, cast["planner"], application.round) == {"no_sheets"}
    for sheet, score in zip(sheets, (45, 50, 50, 60), strict=True):
        scored(cast, sheet, score, i4_7_2=score + 10, i4_7_4=score - 5)
    assert refused(service.model_severity, cast["planner"], application.round) == {"too_few"}
    assert {cause for cause, _total in totals(application)} == {"sheet"}
