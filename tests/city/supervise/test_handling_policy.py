"""Who may do what with a case, and who sees it: the branch of the town, the organiser, the town, the firm its own."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, person
from tests.city.supervise.handled import PDF, final, hand, opened, served
from tests.city.supervise.test_penalties import decided
from tests.city.supervise.test_publications import published

from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Attachment, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import AreaTransfer, HandlingCase, PenaltyPublication, Publication, Restart

NOBODY = AnonymousUser()


def firm_of(cast, n):
    """Return the quality officer of another firm."""
    firm = cast.firms[n]
    body = Organisation.objects.create(code=firm.credit_code, kind="enterprise", name_zh=firm.name_zh)
    return person(f"officer-{n}", "enterprise", body)


def test_an_inspector_of_another_branch_is_refused(cast):
    case = opened(cast)
    for act in (
        lambda: service.order_correction(cast["inspector"], case, "1号"),
        lambda: service.cease_firm(cast["inspector"], case, "x"),
        lambda: service.open_penalty_case(cast["inspector"], case, "x"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    case = served(cast, case)
    with pytest.raises(PermissionDenied):
        service.note_restart(cast["inspector"], case, timezone.localdate(), "x")


@pytest.mark.parametrize("role", ["leader", "auditor", "town_officer", "laboratory", "expert", "enterprise", "admin"])
def test_who_does_not_handle_writes_no_order(cast, role):
    with pytest.raises(PermissionDenied):
        service.order_correction(cast[role], opened(cast), "1号")


def test_a_department_that_did_not_organise_is_refused(cast):
    other = Organisation.objects.create(code="AMR-FOOD", kind="department", name_zh="食品科")
    stranger = person("stranger", "department", other)
    case = opened(cast)
    for act in (service.order_correction, service.escalate_handling, service.cancel_handling):
        with pytest.raises(PermissionDenied):
            act(stranger, case, "x")
    assert service.order_correction(cast["department"], case, "1号").status == "ordered"


def test_only_the_firm_itself_reports(cast):
    case, other = served(cast), firm_of(cast, 1)
    for who in (other, hand(cast), cast["planner"], cast["laboratory"]):
        with pytest.raises(PermissionDenied):
            service.attach_correction(who, case, "x.pdf", PDF)
        with pytest.raises(PermissionDenied):
            service.report_correction(who, case, "x")


def test_the_firm_sees_its_own_case_and_no_other(cast):
    mine, other = opened(cast), final(cast, firm=2).handling.get()
    seen = lambda who: set(visible(who, HandlingCase.objects.all()))  # noqa: E731
    assert seen(cast["enterprise"]) == {mine} and seen(firm_of(cast, 1)) == set()
    assert seen(cast["leader"]) == seen(cast["department"]) == {mine, other}
    assert seen(hand(cast)) == {one for one in (mine, other) if one.handler.code == "AMR-T2"}
    assert seen(cast["laboratory"]) == seen(cast["expert"]) == seen(NOBODY) == set()


def test_the_successor_sees_the_case_and_the_ceased_firm_no_longer(cast):
    case = service.cease_firm(hand(cast), served(cast), "已注销登记")
    service.find_successor(hand(cast), case, cast.firms[1], "收购")
    seen = lambda who: visible(who, HandlingCase.objects.all()).count()  # noqa: E731
    assert seen(firm_of(cast, 1)) == 1 and seen(cast["enterprise"]) == 0


def test_the_town_sees_what_concerns_it(cast):
    opened(cast)
    theirs = final(cast, firm=1).handling.get()
    assert set(visible(cast["town_officer"], HandlingCase.objects.all())) == {theirs}


def test_files_of_a_case_are_read_by_who_sees_the_case(cast):
    case = served(cast)
    service.attach_correction(cast["enterprise"], case, "整改.pdf", PDF)
    proof, evidence = Attachment.objects.order_by("pk")
    other = firm_of(cast, 1)
    for file in (proof, evidence):
        assert may_read(hand(cast), file) and may_read(cast["enterprise"], file)
        assert not may_read(other, file) and not may_read(cast["inspector"], file)


def test_drafts_and_open_penalties_are_not_for_everyone(cast):
    campaign = make_campaign(cast)
    final(cast, campaign)
    service.draft_publication(cast["department"], campaign)
    decided(cast)
    for who in (NOBODY, cast["laboratory"], cast["expert"], cast["town_officer"], firm_of(cast, 1)):
        assert not visible(who, Publication.objects.all()).exists()
        assert not visible(who, PenaltyPublication.objects.all()).exists()
    assert visible(cast["enterprise"], PenaltyPublication.objects.all()).exists()


def test_what_is_published_is_for_everyone_and_what_came_down_is_not(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    row = published(cast)
    penalty = service.publish_penalty(cast["department"], decided(cast, kind="light"))
    assert visible(NOBODY, Publication.objects.all()).get() == row
    assert visible(NOBODY, PenaltyPublication.objects.all()).get() == penalty
    time_machine.move_to("2026-06-03 10:00")
    service.take_down_due(timezone.now())
    assert not visible(NOBODY, PenaltyPublication.objects.all()).exists()
    assert visible(NOBODY, Publication.objects.all()).exists()


def test_transfers_stay_with_the_organiser(cast):
    final(cast, producer_elsewhere=True)
    seen = [who for who in cast.people if visible(cast[who], AreaTransfer.objects.all()).exists()]
    assert sorted(seen) == ["auditor", "department", "leader", "planner"]


def test_restarts_follow_their_case(cast):
    case = served(cast)
    service.note_restart(hand(cast), case, date.fromisoformat(str(case.order_served_on)), "恢复生产")
    assert visible(cast["enterprise"], Restart.objects.all()).exists()
    assert not visible(firm_of(cast, 1), Restart.objects.all()).exists()
