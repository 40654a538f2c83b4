"""Beside the way: reversals cancel, ceased firms stop the clocks, restarts are violations, penalties and follow-ups."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from tests.city.supervise.cast import SYSTEM
from tests.city.supervise.handled import final, hand, opened, reported, reverse, served, suspended, void

from qualipolis.city.core.models import Event
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.methods.problems import InputError


def codes(act):
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize("way", [opened, served, reported])
def test_a_reversal_cancels_the_handling_wherever_it_stands(cast, way):
    case = way(cast)
    reverse(case.result)
    case.refresh_from_db()
    assert case.status == "cancelled" and case.due_on is None and "复检" in case.reason


def test_a_reversal_after_the_case_was_closed_cancels_it_too(cast):
    case = reported(cast)
    service.pass_review(hand(cast), case, "复查1号")
    service.close_handling(hand(cast), case)
    reverse(case.result)
    assert HandlingCase.objects.get().status == "cancelled"


def test_a_revoked_licence_is_not_given_back_by_itself_but_noted(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = suspended(cast, time_machine)
    HandlingCase.objects.filter(pk=case.pk).update(status="licence_revoked")
    reverse(case.result)
    assert HandlingCase.objects.get().status == "licence_revoked"
    assert Event.objects.filter(verb="supervise.reversal_noted").count() == 1


def test_a_case_is_not_cancelled_while_its_result_stands(cast):
    case = opened(cast)
    assert codes(lambda: service.cancel_handling(cast["department"], case, "误开")) == {"not_reversed"}


def test_a_counterfeit_cancels_the_case_of_the_labelled_producer_only(cast):
    result = final(cast)
    form = result.sample.task.form
    form.producer = cast.firms[1]
    form.save()
    from qualipolis.city.supervise.aftermath.opening import open_cases

    with transaction.atomic():
        open_cases(None, result)
    void(result, "producer")
    found = {one.enterprise: one.status for one in HandlingCase.objects.all()}
    assert found == {cast.firms[0]: "transferred", cast.firms[1]: "cancelled"}


def test_a_deregistered_firm_stops_its_clocks_and_a_successor_starts_them_anew(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case, heard = served(cast), []
    subscriber("supervise.firm_ceased")(lambda actor, firm, **facts: heard.append((firm, facts)))
    other = opened(cast)
    case = service.cease_firm(hand(cast), case, "已注销登记", date(2026, 3, 1))
    assert case.status == "firm_ceased" and case.due_on is None and heard == [(cast.firms[0], {"on": date(2026, 3, 1)})]
    other.refresh_from_db()
    assert other.status == "firm_ceased" and other.ceased_on == date(2026, 3, 1)
    time_machine.move_to("2026-04-01 10:00")
    case = service.find_successor(hand(cast), case, cast.firms[1], "整体收购")
    assert case.status == "transferred" and case.order_served_on is None and case.correct_by is None
    assert case.handler.code == "AMR-T1" and case.due_on == date(2026, 4, 9)
    service.order_correction(cast["inspector"], case, "责改2号")
    case = service.serve_order(cast["inspector"], case, date(2026, 4, 1), words="邮政回执 1234")
    assert case.correct_by == date(2026, 6, 1)


def test_the_successor_is_another_firm(cast):
    case = service.cease_firm(hand(cast), served(cast), "已注销登记")
    assert codes(lambda: service.find_successor(hand(cast), case, cast.firms[0], "x")) == {"no_successor"}
    assert service.close_ceased(hand(cast), case, "无承继主体").status == "closed_ceased"


def test_news_of_a_closed_firm_stops_every_running_case(cast):
    first, second = served(cast), opened(cast)
    with transaction.atomic():
        tell(SYSTEM, "supervise.firm_ceased", cast.firms[0], on=date(2026, 1, 1))
    assert {one.status for one in HandlingCase.objects.filter(pk__in=(first.pk, second.pk))} == {"firm_ceased"}


def test_a_restart_is_a_violation_and_changes_no_state(cast):
    case = served(cast)
    row = service.note_restart(hand(cast), case, case.order_served_on, "车间恢复生产同批次产品")
    case.refresh_from_db()
    assert row.fine is None and case.status == "correcting"
    assert service.fine_restart(hand(cast), row, Decimal("30000")).fine == 30000
    assert codes(lambda: service.fine_restart(hand(cast), row, Decimal("1"))) == {"fined"}


@pytest.mark.parametrize("fine", ["30000.01", "0", "-1", "NaN"])
def test_a_fine_stays_within_the_cap_of_the_rules(cast, fine):
    case = served(cast)
    act = lambda: service.note_restart(hand(cast), case, case.order_served_on, "恢复销售", Decimal(fine))  # noqa: E731
    assert codes(act) == {"fine"} and not case.restarts.exists()


def test_there_is_no_restart_before_the_order_is_served(cast):
    case = opened(cast)
    act = lambda: service.note_restart(hand(cast), case, case.result.final_on, "恢复销售")  # noqa: E731
    assert codes(act) == {"not_under_order"}


def test_a_follow_up_sample_is_asked_for_once_and_others_hear_of_it(cast):
    case, heard = served(cast), []
    subscriber("supervise.follow_up_wanted")(lambda actor, thing, **facts: heard.append((thing.pk, facts["reason"])))
    assert codes(lambda: service.ask_follow_up(hand(cast), case, "")) == {"no_words"}
    assert service.ask_follow_up(hand(cast), case, "整改后跟踪抽查").follow_up_on is not None
    assert heard == [(case.pk, "整改后跟踪抽查")]


def test_a_serious_problem_opens_a_penalty_case_beside_the_correction(cast):
    case = service.open_penalty_case(hand(cast), served(cast), "涉嫌以不合格产品冒充合格产品")
    assert case.serious and case.status == "correcting"
    assert service.write_cause(hand(cast), case, "面料进货检验缺失").cause == "面料进货检验缺失"
