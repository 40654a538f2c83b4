"""From the nomination to the post: conditions, papers, one person one firm, training, the filing that figures count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.talent.cast import SYSTEM, Cast, learner, officer_in

from qualipolis.city.core.models import Event
from qualipolis.city.core.undo import open_for
from qualipolis.city.registry.models import Enterprise, QualityOfficer
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Learner, Officer
from qualipolis.methods.problems import InputError

PAPER = ("任命书.pdf", [b"%PDF-1.4\n%%EOF\n"])
ID = "990101199003078519"


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call(*args, **more)
    return [one.code for one in refusal.value.problems]


def nominate(cast: Cast, who: Learner | None = None, **more: Any) -> Officer:
    values: dict[str, Any] = {"appointed_on": timezone.localdate(), "years": 5, "bars": [], "paper": PAPER}
    return service.nominate_officer(cast["enterprise"], cast.firm, who or learner(cast), **values | more)


def test_it_names_files_trains_certifies_and_takes_up_the_post(cast: Cast) -> None:
    row = nominate(cast, document_no="任1号")
    assert row.status == "nominated" and row.size == "micro" and row.conditions.startswith("city@")
    row = service.file_officer(cast["inspector"], row)
    filing = QualityOfficer.objects.get(enterprise=cast.firm)
    assert row.filing == filing and filing.ended_on is None and row.due_on >= timezone.localdate() + timedelta(days=180)
    row = service.officer_trained(cast["trainer"], row, timezone.localdate())
    row = service.officer_certified(cast["trainer"], row, "2026-ZS1")
    row = service.activate_officer(cast["enterprise"], row)
    assert (row.status, row.active_on, row.due_on) == ("active", timezone.localdate(), None)
    assert QualityOfficer.objects.count() == 1


def test_it_tells_every_condition_that_is_not_met_at_once(cast: Cast) -> None:
    who = learner(cast, education="secondary")
    found = codes(nominate, cast, who, years=None, bars=["gain"], appointed_on=date(2099, 1, 1))
    assert found == ["future_day", "bar_gain", "too_few_years", "education"]
    assert codes(nominate, cast, learner(cast), bars=None) == ["bars_unsaid"]
    assert not Officer.objects.exists()


def test_a_large_firm_asks_for_more_than_a_small_one_and_an_unknown_one_has_to_say(cast: Cast) -> None:
    who = learner(cast, education="vocational")
    Enterprise.objects.filter(pk=cast.firm.pk).update(employees=1200)
    cast.firm.refresh_from_db()
    assert codes(nominate, cast, who, years=3) == ["too_few_years", "education"]
    Enterprise.objects.filter(pk=cast.firm.pk).update(employees=None)
    cast.firm.refresh_from_db()
    assert codes(nominate, cast, who, years=3) == ["size_unknown"]
    assert nominate(cast, who, years=3, size="small").size == "small"


def test_it_files_nothing_without_the_paper_of_appointment(cast: Cast) -> None:
    row = nominate(cast, paper=None)
    assert codes(service.file_officer, cast["inspector"], row) == ["no_appointment"]
    service.attach_appointment(cast["enterprise"], row, PAPER)
    assert service.file_officer(cast["inspector"], row).status == "filed"
    assert codes(service.attach_appointment, cast["enterprise"], row, PAPER) == ["filed_already"]


def test_a_returned_appointment_is_handed_in_again_corrected(cast: Cast) -> None:
    row = service.return_officer(cast["inspector"], nominate(cast), "年限证明不清楚")
    assert row.return_reason == "年限证明不清楚" and row.due_on is not None
    row = service.hand_in_officer_again(cast["enterprise"], row, years=6, document_no="任2号")
    assert (row.status, float(row.years or 0), row.document_no) == ("nominated", 6.0, "任2号")


def test_one_person_serves_one_firm(cast: Cast) -> None:
    who = learner(cast)
    officer_in(cast, "active", firm=cast.other_firm, learner=who)
    row = nominate(cast, who)
    assert codes(service.file_officer, cast["inspector"], row) == ["held_elsewhere"]
    group = service.form_group(cast["department"], None, "示例集团", [cast.firm, cast.other_firm])
    assert service.file_officer(cast["inspector"], row).status == "filed"
    service.leave_group(cast["department"], group.firms.get(enterprise=cast.other_firm), timezone.localdate())
    assert service.file_officer(cast["inspector"], nominate(cast)).status == "filed"


def test_leaving_the_group_ends_the_right_to_hold_both_offices(cast: Cast) -> None:
    who, today = learner(cast), timezone.localdate()
    officer_in(cast, "active", firm=cast.other_firm, learner=who)
    group = service.form_group(cast["department"], None, "示例集团", [cast.firm, cast.other_firm])
    group.firms.filter(enterprise=cast.other_firm).update(
        valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=1)
    )
    row = officer_in(cast, "certified", learner=who)
    assert codes(service.activate_officer, cast["enterprise"], row) == ["held_elsewhere"]


def test_a_firm_has_one_active_officer(cast: Cast) -> None:
    officer_in(cast, "active")
    assert codes(service.activate_officer, cast["enterprise"], officer_in(cast, "certified")) == ["in_post"]


def test_the_same_person_is_found_again_and_the_number_is_kept_nowhere(cast: Cast) -> None:
    first = service.register_learner(cast["enterprise"], cast.firm, name="示例 人员", id_number=ID, education="college")
    again = service.register_learner(
        cast["enterprise"], cast.firm, name="示例 人员", id_number=ID, education="bachelor"
    )
    assert first == again and again.education == "bachelor" and again.id_tail == "8519"
    assert ID not in str(Learner.objects.values_list()) and ID not in str(list(Event.objects.values_list("payload")))
    assert "示例" not in str(list(Event.objects.values_list("payload")))


def test_it_says_what_is_wrong_with_a_person(cast: Cast) -> None:
    bad = {"name": " ", "id_number": ID[:-1] + "8", "education": "x", "title": "y"}
    found = codes(service.register_learner, cast["enterprise"], cast.firm, **bad)
    assert found == ["no_name", "bad_id_number", "no_education", "no_title"]
    service.register_learner(cast["enterprise"], cast.firm, name="甲", id_number=ID)
    assert codes(service.register_learner, cast["enterprise"], cast.firm, name="乙", id_number=ID) == ["other_name"]
    foreign = {"name": "甲", "id_number": ID, "account": cast["other_enterprise"]}
    assert codes(service.register_learner, cast["enterprise"], cast.firm, **foreign) == ["foreign_account"]


def test_a_person_in_office_elsewhere_does_not_move_to_another_firm(cast: Cast) -> None:
    who = service.register_learner(cast["other_enterprise"], cast.other_firm, name="甲", id_number=ID)
    row = officer_in(cast, "active", firm=cast.other_firm, learner=who)
    assert codes(service.register_learner, cast["enterprise"], cast.firm, name="甲", id_number=ID) == ["held_elsewhere"]
    service.replace_officer(cast["other_enterprise"], row, timezone.localdate(), "调离")
    moved = service.register_learner(cast["enterprise"], cast.firm, name="甲", id_number=ID)
    assert moved == who and moved.enterprise == cast.firm


@pytest.mark.parametrize("who", ["other_enterprise", "inspector_elsewhere", "planner", "reviewer", "trainer"])
def test_others_file_nothing_and_speak_for_nobody(cast: Cast, who: str) -> None:
    row = nominate(cast)
    for call in (
        lambda: service.file_officer(cast[who], row),
        lambda: service.withdraw_officer(cast[who], row, "x"),
        lambda: service.nominate_officer(
            cast[who], cast.firm, learner(cast), appointed_on=date(2026, 1, 1), years=9, bars=[]
        ),
    ):
        with pytest.raises(PermissionDenied):
            call()
    row.refresh_from_db()
    assert row.status == "nominated"


def test_a_filing_is_not_taken_back_by_undo_because_figures_count_it(cast: Cast) -> None:
    service.file_officer(cast["inspector"], nominate(cast))
    assert open_for(cast["inspector"]) is None
    row = service.return_officer(cast["inspector"], nominate(cast), "x")
    assert open_for(cast["inspector"]) is not None and row.status == "returned"


def test_striking_a_filing_takes_two_people_of_the_office(cast: Cast) -> None:
    row = officer_in(cast, "active")
    one, two = cast["inspector"], cast["inspector2"]
    assert codes(service.remove_officer, one, row, "材料造假", one) == ["one_person"]
    assert codes(service.remove_officer, one, row, "材料造假", cast["inspector_elsewhere"]) == ["wrong_second"]
    row = service.remove_officer(one, row, "材料造假", two)
    assert row.status == "removed" and row.filing is not None and row.filing.ended_on == timezone.localdate()


def test_advice_to_remove_is_answered_by_the_firm_which_decides(cast: Cast) -> None:
    row = officer_in(cast, "active")
    advice = service.advise_removal(cast["inspector"], row, "考核不合格", "建议1号")
    assert codes(service.advise_removal, cast["inspector"], row, "考核不合格", "建议2号") == ["advised_already"]
    with pytest.raises(PermissionDenied):
        service.answer_advice(cast["other_enterprise"], advice, True, "照办")
    advice = service.answer_advice(cast["enterprise"], advice, False, "已补训，暂不免职。")
    assert advice.follows is False and codes(service.answer_advice, cast["enterprise"], advice, True, "x") == [
        "answered"
    ]
    row.refresh_from_db()
    assert row.status == "active"


def test_a_deregistered_firm_names_nobody(cast: Cast) -> None:
    Enterprise.objects.filter(pk=cast.firm.pk).update(closed_on=timezone.localdate())
    cast.firm.refresh_from_db()
    assert codes(nominate, cast) == ["closed_firm"]


def test_a_person_is_named_once(cast: Cast) -> None:
    who = learner(cast)
    nominate(cast, who)
    assert codes(nominate, cast, who) == ["named_already"]
    assert codes(nominate, cast, learner(cast, cast.other_firm)) == ["not_ours"]


def test_the_system_may_speak_for_a_firm(cast: Cast) -> None:
    row = service.nominate_officer(
        SYSTEM, cast.firm, learner(cast), appointed_on=timezone.localdate(), years=5, bars=[]
    )
    assert row.nominated_by is None
