"""A result is opened by its report, served party by party with proof, and final when every window is over."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import firm, make_report, make_sample, make_task, person
from tests.city.supervise.result_steps import backup, fresh, objected, opened, paper, serve

from qualipolis.city.core import subscriptions, undo
from qualipolis.city.core.models import Attachment, Event, Organisation, Reversal
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.models import Objection, Result, ServedResult
from qualipolis.city.supervise.results import clocks as result_clocks
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections
from qualipolis.city.supervise.results import serving as results
from qualipolis.city.supervise.results.opening import open_result
from qualipolis.city.supervise.results.sweep import finalise_due, sweep_results
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def heard(monkeypatch):
    """What was told, in order."""
    news: list[str] = []
    for name in ("result_moved", "result_final", "result_reversed", "result_voided"):
        key = f"supervise.{name}"
        listeners = [*subscriptions._SUBSCRIBERS.get(key, []), lambda actor, row, _n=name, **more: news.append(_n)]
        monkeypatch.setitem(subscriptions._SUBSCRIBERS, key, listeners)
    failed = [*subscriptions._SUBSCRIBERS.get("sample.failed", []), lambda actor, row: news.append("failed")]
    monkeypatch.setitem(subscriptions._SUBSCRIBERS, "sample.failed", failed)
    return news


def test_an_issued_report_opens_a_result_with_every_party(cast):
    sample = make_sample(cast, make_task(cast, status="sampled"), status="testing")
    form = sample.task.form
    form.producer, form.producer_name, form.platform = cast.firms[1], cast.firms[1].name_zh, "某平台"
    form.save()
    tell(cast["laboratory"], "supervise.report_issued", make_report(cast, sample))
    made = Result.objects.get()
    assert [one.party for one in made.services.all()] == ["firm", "producer", "platform"]
    assert made.status == "reported" and made.verdict == "fail" and not made.producer_elsewhere
    told = Event.objects.get(verb="supervise.open_result")
    assert told.actor == "supervise" and cast.firms[0].name_zh not in told.payload


def test_the_same_report_told_twice_is_one_result(cast):
    made = opened(cast)
    tell(cast["laboratory"], "supervise.report_issued", made.report)
    assert Result.objects.count() == 1


def test_a_producer_nobody_knows_is_named_and_lies_elsewhere(cast):
    made = opened(cast, producer=None, producer_name="外省服饰公司")
    party = made.services.get(party="producer")
    assert party.enterprise is None and party.name == "外省服饰公司" and made.producer_elsewhere


def test_sending_starts_no_window_and_service_needs_proof(cast):
    with time_machine.travel(DAY):
        made = opened(cast)
        assert results.send(cast["planner"], made) == 1
        service = made.services.get()
        assert result_clocks.finality(made).day is None
        with pytest.raises(InputError, match="proof of service"):
            results.serve(cast["planner"], service, DAY, "mail")
        with pytest.raises(InputError, match="lies in the future"):
            results.serve(cast["planner"], service, date(2026, 3, 3), "mail", proof_words="EMS")
        with pytest.raises(InputError, match="lies before"):
            results.serve(cast["planner"], service, date(2026, 3, 1), "mail", proof_words="EMS")
        results.serve(cast["planner"], service, DAY, "mail", proof=paper())
    made = fresh(made)
    assert made.status == "objection_window" and made.due_on == date(2026, 3, 17)
    assert Attachment.objects.get().thing == f"supervise.servedresult:{service.pk}"


def test_a_service_on_another_day_counts_only_when_it_was_earlier(cast):
    with time_machine.travel(date(2026, 3, 10)):
        with time_machine.travel(DAY):
            made = opened(cast)
        service = serve(cast, made, date(2026, 3, 6))
        serve(cast, made, date(2026, 3, 9))
        assert fresh(service).served_on == date(2026, 3, 6)
        serve(cast, made, date(2026, 3, 4))
        assert fresh(service).served_on == date(2026, 3, 4)
        assert fresh(made).due_on == date(2026, 3, 19)


def test_a_service_can_be_taken_back_with_all_that_it_moved(cast, heard):
    with time_machine.travel(DAY):
        made = opened(cast)
        serve(cast, made, DAY)
        undo.undo(cast["planner"], Reversal.objects.get())
    made = fresh(made)
    assert made.status == "reported" and made.services.get().served_on is None
    assert heard[-1] == "result_moved"


def test_two_parties_have_two_windows_and_the_later_one_ends_both(cast, heard):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast, producer=cast.firms[1])
        serve(cast, made, DAY)
        assert made.status == "notified"
        clock.move_to(date(2026, 3, 9))
        serve(cast, made, date(2026, 3, 9), "producer")
        assert made.status == "objection_window"
        clock.move_to(date(2026, 3, 24))
        with pytest.raises(InputError, match="not over yet"):
            results.finalise(cast["planner"], made)
        assert finalise_due()["finalised"] == 0
        clock.move_to(date(2026, 3, 25))
        assert finalise_due()["finalised"] == 1 and finalise_due()["finalised"] == 0
    made = fresh(made)
    assert made.status == "final" and made.final_on == date(2026, 3, 25)
    assert heard[-3:] == ["result_moved", "result_final", "failed"]


@pytest.mark.parametrize(
    ("served", "last"),
    [
        (date(2026, 9, 16), date(2026, 10, 8)),  # 1 October lies in National Day
        (date(2026, 2, 2), date(2026, 2, 24)),  # 17 February lies in Spring Festival
        (date(2026, 9, 25), date(2026, 10, 10)),  # a Saturday that is worked, in place of National Day
    ],
)
def test_a_window_that_ends_on_a_holiday_ends_on_the_next_working_day(cast, served, last):
    with time_machine.travel(served, tick=False) as clock:
        made = opened(cast)
        serve(cast, made, served)
        assert result_clocks.window_until(made.services.get()) == last == fresh(made).due_on
        clock.move_to(last)
        assert finalise_due()["finalised"] == 0
        clock.move_to(last + result_clocks.ONE_DAY)
        assert finalise_due()["finalised"] == 1


def test_a_written_waiver_ends_the_window_of_its_party_only(cast):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast, producer=cast.firms[1])
        serve(cast, made, DAY)
        serve(cast, made, DAY, "producer")
        clock.move_to(date(2026, 3, 5))
        with pytest.raises(InputError, match="lies before"):
            results.waive(cast["planner"], made.services.get(party="firm"), date(2026, 3, 1))
        results.waive(cast["enterprise"], made.services.get(party="firm"), words="无异议")
        assert finalise_due()["finalised"] == 0
        results.waive(cast["planner"], made.services.get(party="producer"), date(2026, 3, 4), proof=paper())
        assert finalise_due()["finalised"] == 1
    assert fresh(made).final_on == date(2026, 3, 5)


def test_a_waiver_is_for_who_was_served_and_only_for_its_own_firm(cast):
    with time_machine.travel(DAY, tick=False):
        made = opened(cast, producer=cast.firms[1])
        with pytest.raises(InputError, match="not been served"):
            results.waive(cast["enterprise"], made.services.get(party="firm"))
        serve(cast, made, DAY, "producer")
        with pytest.raises(PermissionDenied):
            results.waive(cast["enterprise"], made.services.get(party="producer"))


def test_a_firm_confirms_the_receipt_itself(cast):
    with time_machine.travel(DAY, tick=False):
        made = opened(cast)
        service = made.services.get()
        with pytest.raises(InputError, match="no notice to confirm"):
            results.confirm_receipt(cast["enterprise"], service)
        results.send(cast["department"], made)
        results.confirm_receipt(cast["enterprise"], service)
    service = fresh(service)
    assert service.served_on == DAY and service.way == "online" and service.proved
    assert fresh(made).status == "objection_window"


def test_a_deregistered_firm_has_no_window_left(cast):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast, producer=cast.firms[1])
        serve(cast, made, DAY, "producer")
        clock.move_to(date(2026, 3, 6))
        tell(cast["inspector"], "supervise.firm_ceased", cast.firms[0], on=date(2026, 3, 5))
        assert fresh(made).status == "objection_window"
        clock.move_to(date(2026, 3, 18))
        assert finalise_due()["finalised"] == 1
    assert fresh(made).final_on == date(2026, 3, 18)


def test_a_result_whose_only_party_ceased_is_still_brought_to_its_end(cast):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast)
        clock.move_to(date(2026, 3, 6))
        tell(cast["inspector"], "supervise.firm_ceased", cast.firms[0], on=date(2026, 3, 5))
        assert finalise_due()["finalised"] == 1
    assert fresh(made).final_on == date(2026, 3, 5) and fresh(made).verdict == "fail"


def test_a_year_without_a_holiday_notice_gives_a_provisional_day(cast):
    with time_machine.travel(date(2090, 3, 1), tick=False) as clock:
        made = opened(cast)
        serve(cast, made, date(2090, 3, 1))
        assert result_clocks.finality(made).provisional
        clock.move_to(date(2090, 4, 1))
        finalise_due()
    assert '"provisional":true' in Event.objects.get(verb="supervise.finalise_result").payload


def test_the_sweep_runs_with_the_others(cast):
    from django.utils import timezone

    from qualipolis.city.core.sweeps import SWEEPS

    assert SWEEPS["supervise.results"] is sweep_results and sweep_results(timezone.now()) == 0


def test_an_amended_report_turns_a_result_that_is_not_final_and_serves_it_anew(cast):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast)
        serve(cast, made, DAY)
        clock.move_to(date(2026, 3, 6))
        newer = make_report(cast, made.sample, version=2, replaces=made.report, verdict="pass")
        tell(cast["laboratory"], "supervise.report_amended", newer)
        made = fresh(made)
        assert (made.status, made.verdict, made.first_verdict) == ("reported", "pass", "fail")
        assert made.services.get().served_on is None and made.due_on == date(2026, 3, 20)
        serve(cast, made, date(2026, 3, 6))
        clock.move_to(date(2026, 3, 24))
        assert finalise_due()["finalised"] == 1


def test_an_amended_report_after_the_end_needs_a_superior_order(cast):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast)
        serve(cast, made, DAY)
        clock.move_to(date(2026, 3, 18))
        finalise_due()
        newer = make_report(cast, made.sample, version=2, replaces=made.report, verdict="pass")
        tell(cast["laboratory"], "supervise.report_amended", newer)
        assert fresh(made).verdict == "fail" and fresh(made).report != newer
        assert Event.objects.filter(verb="supervise.amended_after_final").exists()


def test_a_false_report_annuls_its_result(cast, heard):
    made = opened(cast)
    tell(cast["leader"], "supervise.report_withdrawn", made.report, reason="出具虚假报告")
    made = fresh(made)
    assert made.status == "voided" and made.voided_for == ["seller", "producer"] and heard[-1] == "result_voided"


def test_a_reversal_after_publication_needs_the_leader_and_a_document(cast, heard):
    with time_machine.travel(DAY, tick=False) as clock:
        made = opened(cast)
        serve(cast, made, DAY)
        clock.move_to(date(2026, 6, 1))
        finalise_due()
        with pytest.raises(PermissionDenied):
            result_ends.reopen(cast["planner"], made, "复议决定", "市府复〔2026〕3号")
        with pytest.raises(InputError, match="number of the document"):
            result_ends.reopen(cast["leader"], made, "复议决定", " ")
        result_ends.reopen(cast["leader"], made, "复议决定", "市府复〔2026〕3号")
        result_ends.conclude_by_order(cast["planner"], made, "pass", "市府复〔2026〕3号", "检测方法用错")
        assert fresh(made).reversed_on == date(2026, 6, 1)
        assert finalise_due()["finalised"] == 1
    made = fresh(made)
    assert (made.status, made.verdict, made.first_verdict) == ("final", "pass", "fail")
    assert heard.count("result_reversed") == 1 and heard.count("failed") == 1 and heard.count("result_final") == 2


def test_who_sees_a_result(cast):
    made = opened(cast, producer=cast.firms[1])
    firm_org = Organisation.objects.create(code=cast.firms[1].credit_code, kind="enterprise", name_zh="二厂")
    other = person("second_firm", "enterprise", firm_org)
    seen = {name: visible(cast[name], Result.objects.all()).count() for name in cast.people}
    inside = {"leader", "planner", "auditor", "department", "inspector", "inspector2"}
    assert {name for name, n in seen.items() if n} == inside
    made.sample.task.unit = cast.units[0]
    made.sample.task.save()
    assert visible(cast["town_officer"], Result.objects.all()).exists()
    results.send(cast["planner"], made, parties=["firm"])
    assert visible(cast["enterprise"], Result.objects.all()).exists()
    assert not visible(other, Result.objects.all()).exists()
    assert [one.party for one in visible(cast["enterprise"], ServedResult.objects.all())] == ["firm"]


def test_a_department_acts_for_its_own_campaigns_only(cast):
    made = opened(cast)
    stranger = person(
        "elsewhere", "department", Organisation.objects.create(code="X", kind="department", name_zh="他科")
    )
    with pytest.raises(PermissionDenied):
        results.send(stranger, made)
    assert results.send(cast["department"], made) == 1


def test_the_parties_of_a_result_stay_as_the_label_says(cast):
    sample = make_sample(cast, make_task(cast, status="sampled"), status="testing")
    sample.task.form.producer_name = cast.firms[0].name_zh
    sample.task.form.save()
    assert [one.party for one in open_result(make_report(cast, sample)).services.all()] == ["firm"]
    assert backup(Result.objects.get()).status == "kept" and firm(99, cast.units[0]).pk


def test_nothing_is_objected_to_before_service(cast):
    made = opened(cast)
    with pytest.raises(InputError, match="not been served with proof"):
        objected(cast, made)
    assert not Objection.objects.exists() and objections.MOST_FILES == 8
