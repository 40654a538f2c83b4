"""No case is cured before the numbers prove it: the way itself, and every way around it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import FEW, GOOD, POOR, WORSE, back, cured, days_ago, measured, prove, verifying

from qualipolis.city.core.models import Reversal
from qualipolis.city.core.undo import undo
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.law.flows.hospital import CASE
from qualipolis.methods.problems import InputError


def refused(cast: Cast, case: Case, code: str = "") -> None:
    """Hold that the expert cannot cure the case, and that nothing has changed."""
    before = Case.objects.values().get(pk=case.pk)
    with pytest.raises(InputError) as caught:
        service.cure(cast["expert"], case)
    assert not code or caught.value.problems[0].code == code, caught.value.problems[0].code
    assert Case.objects.values().get(pk=case.pk) == before and not case.follow_ups.exists()


def test_a_proven_case_is_cured_and_followed_up(cast: Cast) -> None:
    case = cured(cast)
    assert case.status == "cured" and case.cured_on == days_ago(0)
    assert [one.days for one in case.follow_ups.order_by("days")] == [30, 90, 180]
    assert case.due_on == case.follow_ups.order_by("days")[0].planned_on


def test_the_firm_hands_in_when_all_is_done(cast: Cast) -> None:
    case = case_in(cast, "treating")
    with pytest.raises(InputError) as caught:
        service.hand_in(cast["enterprise"], case)
    assert caught.value.problems[0].code == "open_items"
    for item in case.items.all():
        service.finish_item(cast["enterprise"], item, "做了", days_ago(3))
    assert service.hand_in(cast["enterprise"], case, "请看记录").status == "verifying"
    assert case.messages.get().words == "请看记录"


@pytest.mark.parametrize("pair", [None, POOR, WORSE, FEW])
def test_without_a_proof_it_is_not_cured(cast: Cast, pair: Any) -> None:
    refused(cast, verifying(cast, pair), "not_proven")


def test_an_item_that_is_not_accepted_forbids_the_cure(cast: Cast) -> None:
    case = case_in(cast, "verifying")
    prove(cast, case)
    refused(cast, case, "unaccepted_items")
    for item in list(case.items.all())[1:]:
        service.accept_item(cast["expert"], item)
    refused(cast, case, "unaccepted_items")


def test_what_was_measured_before_the_last_action_proves_nothing(cast: Cast) -> None:
    case = verifying(cast)
    prove(cast, case, GOOD, days_ago(4))
    refused(cast, case, "effect_too_early")
    prove(cast, case, GOOD, days_ago(3))
    assert service.cure(cast["expert"], case).status == "cured"


def test_a_prescription_without_anything_measured_cures_nothing(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    PrescriptionItem.objects.filter(case=case).update(measure="words")
    refused(cast, case, "not_proven")


def test_the_measured_item_cannot_be_dropped_on_the_way(cast: Cast) -> None:
    case = case_in(cast, "verifying")
    with pytest.raises(InputError) as caught:
        service.drop_item(cast["expert"], measured(case), "不好量")
    assert caught.value.problems[0].code == "measured_item"


def test_the_proof_of_an_earlier_treatment_counts_no_more(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    service.no_effect(cast["expert"], case, "客户又退货", [measured(case)])
    item = measured(case)
    service.finish_item(cast["enterprise"], item, "再做一次", days_ago(0))
    service.hand_in(cast["enterprise"], case)
    service.accept_item(cast["expert"], item)
    refused(cast, case, "not_proven")


def test_the_proof_of_a_replaced_prescription_counts_no_more(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    case.prescriptions.update(status="replaced")
    refused(cast, case)


def test_the_proof_of_another_case_counts_nothing(cast: Cast) -> None:
    case, other = verifying(cast), verifying(cast, GOOD)
    other.proofs.update(case=case)
    refused(cast, case, "not_proven")


@pytest.mark.parametrize("state", [state for state in CASE.states if state != "verifying"])
def test_from_no_other_state_is_a_case_cured(cast: Cast, state: str) -> None:
    case = case_in(cast, state)
    with pytest.raises((InputError, PermissionDenied)):
        service.cure(cast["expert"], case)
    case.refresh_from_db()
    assert case.status == state


@pytest.mark.parametrize(
    "name",
    ["enterprise", "colleague", "hospital_desk", "hospital_manager", "planner", "inspector", "admin", "laboratory"],
)
def test_nobody_but_the_expert_of_the_case_cures(cast: Cast, name: str) -> None:
    case = verifying(cast, GOOD)
    with pytest.raises(PermissionDenied):
        service.cure(cast[name], case)


def test_a_cure_can_be_taken_back_and_takes_its_follow_ups_along(cast: Cast) -> None:
    case = cured(cast)
    undo(cast["expert"], Reversal.objects.filter(event__verb="hospital.cure").get())
    case.refresh_from_db()
    assert (case.status, case.cured_on) == ("verifying", None)
    assert not case.follow_ups.filter(status="planned").exists()


def test_an_accepted_item_cannot_be_taken_back_under_a_cured_case(cast: Cast) -> None:
    cured(cast)
    assert not Reversal.objects.filter(event__verb="hospital.accept_item").exists()
    item = PrescriptionItem.objects.first()
    for act in (service.return_item, service.drop_item):
        with pytest.raises(InputError):
            act(cast["expert"], item, "反悔")


def test_improved_says_so_and_asks_for_more(cast: Cast) -> None:
    case = verifying(cast, POOR)
    assert service.improve(cast["expert"], case, "再送一百件").status == "improved"
    assert case.follow_ups.count() == 1
    assert service.hand_in_more(cast["enterprise"], case).status == "verifying"
    refused_again = Case.objects.get(pk=case.pk)
    with pytest.raises(InputError):
        service.cure(cast["expert"], refused_again)
    prove(cast, case, GOOD)
    assert service.cure(cast["expert"], case).status == "cured"
    assert case.follow_ups.filter(status="planned").count() == 3


@pytest.mark.parametrize(("pair", "code"), [(None, "not_measured"), (WORSE, "got_worse")])
def test_what_was_not_compared_or_got_worse_is_not_improved(cast: Cast, pair: Any, code: str) -> None:
    case = verifying(cast, pair)
    with pytest.raises(InputError) as caught:
        service.improve(cast["expert"], case)
    assert caught.value.problems[0].code == code


def test_an_improved_case_is_never_closed(cast: Cast) -> None:
    case = service.improve(cast["expert"], verifying(cast, POOR))
    back(case, 40)
    one = case.follow_ups.get(status="planned")
    service.record_follow_up(cast["hospital_desk"], one, "holds", "还好")
    case.refresh_from_db()
    assert case.status == "improved"
    for name in ("hospital_desk", "hospital_manager"):
        with pytest.raises(InputError):
            service.close_case(cast[name], case)


def test_two_treatments_without_effect_lead_to_a_panel(cast: Cast) -> None:
    case = verifying(cast, POOR)
    with pytest.raises(InputError):
        service.refer(cast["expert"], case, "太早")
    for treatment in (1, 2):
        service.no_effect(cast["expert"], case, "没有起色")
        case.refresh_from_db()
        assert (case.status, case.loops) == ("treating", treatment)
        service.finish_item(cast["enterprise"], measured(case), "再做一次", days_ago(3))
        service.hand_in(cast["enterprise"], case)
        service.accept_item(cast["expert"], measured(case))
        prove(cast, case, POOR, days_ago(1))
    with pytest.raises(InputError) as caught:
        service.no_effect(cast["expert"], case, "没有起色")
    assert caught.value.problems[0].code == "loops"
    referred = service.refer(cast["hospital_manager"], case, "两次没有起色")
    assert (referred.status, referred.loops) == ("panel", 3)


def test_without_effect_something_is_done_again(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    with pytest.raises(InputError) as caught:
        service.no_effect(cast["expert"], case, "数字都好，但不放心")
    assert caught.value.problems[0].code == "nothing_back"
    case.refresh_from_db()
    assert (case.status, case.loops) == ("verifying", 0)
