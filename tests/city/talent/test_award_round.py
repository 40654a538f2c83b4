"""A round from the announcement to the grant and after it, by the calendar of its year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import firm as make_firm
from tests.city.talent.award_walk import (
    WHY,
    admitted,
    again,
    announced,
    applied,
    go_to,
    proposed,
    reviewer_of,
    reviewing,
    scored,
    team,
    visited,
)
from tests.city.talent.cast import SYSTEM, Cast
from tests.city.talent.test_award_scoring import refused

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.models import Incident
from qualipolis.city.talent import service
from qualipolis.city.talent.awards.concerns import concern
from qualipolis.city.talent.awards.visibility import public_holders, public_proposals
from qualipolis.city.talent.models import AwardApplication, AwardConcern, AwardObjection


@pytest.fixture
def noticed(cast: Cast, time_machine: Any) -> AwardApplication:
    """An applicant proposed for the award whose notice began on Wednesday 10 June 2026."""
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet in sheets:
        scored(cast, sheet, 60)
    proposed(cast, visited(cast, application))
    service.give_notice(cast["planner"], application.round, go_to(time_machine, "2026-06-10"))
    return again(application)


def granted(cast: Cast, row: AwardApplication, time_machine: Any) -> AwardApplication:
    go_to(time_machine, "2026-06-23")
    service.end_notice(cast["planner"], row.round)
    service.grant_awards(cast["leader"], row.round, "府质〔2026〕9号")
    return again(row)


def test_the_notice_runs_seven_working_days_over_a_holiday(cast: Cast, noticed: Any, time_machine: Any) -> None:
    row = noticed.round
    assert (row.notice_from, row.notice_until) == (date(2026, 6, 10), date(2026, 6, 22))  # 19 June is a holiday
    assert list(public_proposals(again(row))) == [noticed]
    go_to(time_machine, "2026-06-22")
    assert refused(service.end_notice, cast["planner"], row) == {"notice_running"}
    go_to(time_machine, "2026-06-23")
    assert service.end_notice(cast["planner"], row).status == "objections_settled"


def test_an_upheld_objection_sends_the_proposal_back_to_the_meeting(
    cast: Cast, noticed: Any, time_machine: Any
) -> None:
    row = noticed.round
    made = service.object_to_award(SYSTEM, row, sender="甲", contact="0769", words="能耗造假", application=noticed)
    assert not visible(cast["enterprise"], AwardObjection.objects.all()).exists()
    go_to(time_machine, "2026-06-23")
    assert refused(service.end_notice, cast["planner"], row) == {"open_objections"}
    service.check_objection(cast["planner"], made)
    service.uphold_objection(cast["planner"], made, "查实")
    assert refused(service.end_notice, cast["planner"], row) == {"open_objections"}
    service.deliberate_again(cast["planner"], row, WHY)
    service.pass_over_applicant(cast["planner"], again(noticed), WHY)
    assert refused(service.give_notice, cast["planner"], again(row), date(2026, 6, 23)) == {"nobody"}


def test_a_rejected_objection_lets_the_round_go_on(cast: Cast, noticed: Any, time_machine: Any) -> None:
    made = service.object_to_award(SYSTEM, noticed.round, sender="甲", contact="0769", words="不服")
    service.reject_objection(cast["planner"], made, "查无此事")
    assert granted(cast, noticed, time_machine).status == "granted"


def test_nobody_objects_after_the_notice_or_without_a_name(cast: Cast, noticed: Any, time_machine: Any) -> None:
    said = {"sender": "", "contact": "", "words": "不服"}
    assert refused(service.object_to_award, SYSTEM, noticed.round, **said) == {"no_sender", "no_contact"}
    go_to(time_machine, "2026-06-23")
    said |= {"sender": "甲", "contact": "乙"}
    assert refused(service.object_to_award, SYSTEM, noticed.round, **said) == {"notice_over"}


def test_at_most_five_awards_are_proposed(cast: Cast, noticed: Any) -> None:
    row = noticed.round
    service.deliberate_again(cast["planner"], row, WHY)
    for number in range(20, 25):
        made = make_firm(number, cast.unit, None)
        AwardApplication.objects.create(
            number=f"X{number}", round=row, enterprise=made, status="proposed", tier="award"
        )
    assert refused(service.give_notice, cast["planner"], again(row), date(2026, 6, 10)) == {"too_many_awards"}


def test_only_the_leader_grants(cast: Cast, noticed: Any, time_machine: Any) -> None:
    go_to(time_machine, "2026-06-23")
    service.end_notice(cast["planner"], noticed.round)
    with pytest.raises(PermissionDenied):
        service.grant_awards(cast["planner"], noticed.round, "1号")


def test_a_failed_sample_holds_the_application_until_it_is_settled(cast: Cast, noticed: Any, time_machine: Any) -> None:
    concern(cast.firm, "failed_sample", "R1", "supervise.result:1")
    concern(cast.firm, "failed_sample", "R1", "supervise.result:1")  # told twice, noted once
    held = again(noticed)
    assert (held.status, held.held_because, AwardConcern.objects.count()) == ("held", "failed_sample", 1)
    go_to(time_machine, "2026-06-23")
    service.end_notice(cast["planner"], noticed.round)
    assert refused(service.grant_awards, cast["leader"], noticed.round, "1号") == {"held"}
    assert refused(service.release_application, cast["planner"], held, WHY) == {"open_concerns"}
    service.settle_concern(cast["planner"], AwardConcern.objects.get(), "复检合格")
    assert service.release_application(cast["planner"], held, WHY).status == "proposed"


def test_a_serious_incident_after_the_grant_leads_to_the_revocation(
    cast: Cast, noticed: Any, time_machine: Any
) -> None:
    row = granted(cast, noticed, time_machine)
    incident = Incident.objects.create(number="I9", source="hospital", narrative="灼伤", harm=2, enterprise=cast.firm)
    tell(SYSTEM, "listen.incident_verified", incident)
    assert not AwardConcern.objects.exists()
    incident.harm = 3
    tell(SYSTEM, "listen.incident_verified", incident)
    assert (AwardConcern.objects.get().kind, again(row).status) == ("incident", "granted")
    assert refused(service.revoke_award, cast["leader"], row, WHY, "2号", cast["leader"]) == {"one_person"}
    assert refused(service.revoke_award, cast["leader"], row, WHY, "2号", cast["enterprise"]) == {"wrong_second"}
    service.revoke_award(cast["leader"], row, "产品致人重伤", "府质〔2026〕20号", cast["planner"])
    shown = public_holders(2026).get()
    assert (shown.status, shown.revoked_on, shown.reason) == ("revoked", date(2026, 6, 23), "产品致人重伤")
    assert AwardConcern.objects.get().settled_on


def test_below_500_points_nobody_is_proposed(cast: Cast, time_machine: Any) -> None:
    application, sheets = reviewing(cast, time_machine, 3)
    for sheet in sheets:
        scored(cast, sheet, 45)
    visited(cast, application)
    service.begin_deliberation(cast["planner"], application.round)
    assert refused(service.propose_award, cast["planner"], again(application), "award") == {"too_low"}


def test_nobody_applies_after_the_last_day_and_nobody_is_shut_out_before(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-05-06")
    row = announced(cast, date(2026, 5, 20))
    applied(cast, row)
    bodies = [Organisation.objects.get(code="AMR-QS")]
    go_to(time_machine, "2026-05-20")
    assert refused(service.close_applications, cast["planner"], row, bodies) == {"applying"}
    with pytest.raises(PermissionDenied):
        service.begin_application(cast["enterprise"], row, cast.other_firm)
    go_to(time_machine, "2026-05-21")
    assert refused(service.begin_application, cast["other_enterprise"], row, cast.other_firm) == {"too_late"}
    assert service.close_applications(cast["planner"], row, bodies).status == "eligibility"


def test_silence_of_a_regulator_is_not_an_opinion(cast: Cast, time_machine: Any) -> None:
    day = go_to(time_machine, "2026-05-06")
    row = announced(cast, day + timedelta(days=14))
    application = applied(cast, row)
    go_to(time_machine, "2026-05-21")
    service.close_applications(cast["planner"], row, [Organisation.objects.get(code="AMR-QS")])
    opinion = application.opinions.get()
    assert opinion.due_on == date(2026, 6, 4)
    assert refused(service.admit_applicant, cast["planner"], application) == {"open_opinions"}
    assert refused(service.give_opinion, cast["department"], opinion, "against") == {"no_words"}
    with pytest.raises(PermissionDenied):
        service.give_opinion(cast["inspector"], opinion, "nothing")
    service.give_opinion(cast["department"], opinion, "against", "去年受过处罚")
    assert refused(service.admit_applicant, cast["planner"], application) == {"opinion_against"}
    assert service.admit_applicant(cast["planner"], application, "处罚已撤销").status == "eligible"


def test_the_papers_go_out_only_to_a_team_of_three_with_a_lead(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-05-06")
    row = announced(cast, date(2026, 5, 20))
    application = applied(cast, row)
    go_to(time_machine, "2026-05-21")
    service.close_applications(cast["planner"], row, [Organisation.objects.get(code="AMR-QS")])
    admitted(cast, application)
    team(cast, application, 2)
    junior = reviewer_of(cast, "reviewer4")
    assert refused(service.assign_reviewer, cast["planner"], application, junior, lead=True) == {"too_junior"}
    service.begin_documents(cast["planner"], row)
    assert refused(service.begin_review, cast["planner"], application) == {"small_team"}
