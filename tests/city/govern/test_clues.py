"""Clues: screened, passed to where they belong, answered in time; who gave one stays secret; who is concerned stays out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.govern.cast import FACTS, SENDER, Cast, clue_in
from tests.city.govern.refusals import refused

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.govern import service
from qualipolis.city.govern.clues.flags import flags
from qualipolis.city.govern.clues.giving import PUBLIC, find
from qualipolis.city.govern.models import Clue, Seat
from qualipolis.city.hospital.models import Case
from qualipolis.city.listen.models import Report
from qualipolis.law.calendar import add_days
from qualipolis.methods.problems import InputError

TOLD: list[Any] = []


@subscriber("federation.clue_forwarded")
def _told(actor: Any, thing: Any, **facts: Any) -> None:
    TOLD.append((thing.pk, thing.report_id))


def given(**more: Any) -> Any:
    said: dict[str, Any] = {"respondent_name": "第2制衣厂", "facts": FACTS}
    return service.raise_clue(PUBLIC, **said | more)


def test_an_anonymous_clue_keeps_its_secret_and_is_answered_by_number_and_code(cast: Cast) -> None:
    made = given()
    row = made.clue
    assert (row.source, row.named, row.enterprise) == ("public", False, cast.other_firm)
    assert row.due_on == add_days(timezone.localdate(), 15, "working").due
    row = service.screen_clue(cast["secretary"], row, "low")
    assert refused(lambda: service.open_sender(cast["secretary"], row, "回访")) == {"anonymous"}
    row = service.drop_clue(cast["secretary"], row, "说不清是哪一家")
    row = service.answer_clue(cast["secretary"], row, "未能查到具体对象，欢迎补充。")
    assert find(made.number, made.code).answer == "未能查到具体对象，欢迎补充。"
    with pytest.raises(InputError):
        find(made.number, "0000" if made.code != "0000" else "1111")


def test_a_name_and_a_telephone_stand_nowhere_but_under_the_seal(cast: Cast) -> None:
    made = given(identity=SENDER, facts=f"我叫甄示范，电话13800135678。{FACTS}")
    row = made.clue
    assert "甄示范" not in row.facts and "13800135678" not in row.facts and made.code == "5678"
    told = "".join(Event.objects.filter(verb__startswith="federation.").values_list("payload", flat=True))
    assert "甄示范" not in told and made.number.rsplit("-")[-1] not in told
    stored = str(list(Clue.objects.filter(pk=row.pk).values()))
    assert "甄示范" not in stored and "13800135678" not in stored
    row = service.screen_clue(cast["secretary"], row, "low")
    with pytest.raises(PermissionDenied):
        service.open_sender(cast["secretary2"], row, "回访")
    assert service.open_sender(cast["secretary"], row, "回访")["name"] == "甄示范"
    assert Event.objects.filter(verb="federation.open_sender").count() == 1


def test_a_member_that_gives_a_clue_is_not_named_in_the_ledger(cast: Cast) -> None:
    made = service.raise_clue(cast["member"], cast.other_firm, facts=FACTS)
    assert made.clue.source == "member" and made.clue.respondent_name == cast.other_firm.name_zh
    assert Event.objects.filter(verb="federation.raise_clue").get().actor == "federation.public"


def test_a_forwarded_clue_becomes_a_report_and_a_name_goes_along_only_by_consent(cast: Cast) -> None:
    quiet = service.screen_clue(cast["secretary"], clue_in(cast, sender=SENDER), "high")
    row = service.forward_clue(cast["secretary"], quiet)
    report = Report.objects.get(pk=row.report_id)
    assert (report.enterprise, report.named, report.status) == (cast.other_firm, False, "received")
    assert row.reference in report.facts and (row.pk, report.pk) in TOLD
    open_ = service.screen_clue(
        cast["secretary"], clue_in(cast, sender=SENDER, pass_on=True, facts="另一件事。"), "high"
    )
    row = service.forward_clue(cast["secretary"], open_)
    assert Report.objects.get(pk=row.report_id).named is True
    assert refused(lambda: service.forward_clue(cast["secretary"], row)) == {"wrong_state"}


def test_the_hospital_is_offered_in_other_words_and_the_firm_decides(cast: Cast) -> None:
    row = clue_in(cast, "screened")
    row = service.refer_clue(cast["secretary"], row, "童装", "成分标注与面料可能不一致，建议自查。")
    case = Case.objects.get(pk=row.case_id)
    assert (case.status, case.enterprise) == ("draft", cast.other_firm) and FACTS not in case.problem_text
    assert visible(cast["other_enterprise"], Case.objects.filter(pk=case.pk)).exists()
    nobody = clue_in(cast, "screened", enterprise=None)
    assert refused(lambda: service.refer_clue(cast["secretary"], nobody, "童装", "x")) == {"no_enterprise"}


def test_an_association_reads_the_facts_reports_and_the_federation_answers(cast: Cast) -> None:
    row = clue_in(cast, "screened", sender=SENDER)
    assert not visible(cast["member"], Clue.objects.filter(pk=row.pk)).exists()
    row = service.assign_clue(cast["secretary"], row, cast.association)
    assert visible(cast["member"], Clue.objects.filter(pk=row.pk)).exists()
    with pytest.raises(PermissionDenied):
        service.report_clue(cast["other_member"], row, "x")
    row = service.report_clue(cast["member"], row, "已约谈，补挂吊牌")
    row = service.close_clue(cast["secretary"], service.answer_clue(cast["secretary"], row, "已整改"))
    assert row.status == "closed"


def test_a_clue_about_a_chair_does_not_go_to_the_association_under_that_chair(cast: Cast) -> None:
    Seat.objects.filter(committee=cast.committee, chair=True).update(chair=False)
    Seat.objects.filter(member=cast.firm_member).update(chair=True)
    row = clue_in(cast, "screened", enterprise=cast.firm)
    assert "chair" in {one.code for one in flags(row)}
    assert refused(lambda: service.assign_clue(cast["secretary"], row, cast.association)) == {"association_concerned"}
    assert service.assign_clue(cast["secretary"], row, cast.other_association).status == "self_discipline"


def test_who_is_concerned_neither_sees_nor_handles_a_clue(cast: Cast) -> None:
    row = clue_in(cast, enterprise=cast.firm)
    cast["secretary"].organisation = cast.firm_member.organisation
    cast["secretary"].save()
    assert not visible(cast["secretary"], Clue.objects.filter(pk=row.pk)).exists()
    with pytest.raises(PermissionDenied):
        service.screen_clue(cast["secretary"], row, "low")
    assert service.screen_clue(cast["secretary2"], row, "low").status == "screened"


def test_nobody_else_sees_a_clue(cast: Cast) -> None:
    row = clue_in(cast, "screened")
    names = ("enterprise", "other_enterprise", "consumer", "planner", "leader", "inspector", "admin", "auditor", "complaint_desk", "mediator")  # fmt: skip
    assert [name for name in names if visible(cast[name], Clue.objects.filter(pk=row.pk)).exists()] == []


def test_a_competitor_is_flagged_and_the_clue_is_handled_all_the_same(cast: Cast) -> None:
    said = given(says_competitor=True).clue
    assert [one.code for one in flags(said)] == ["competitor"]
    found = service.raise_clue(cast["enterprise"], cast.other_firm, facts=FACTS).clue
    assert [one.code for one in flags(found)] == ["same_trade"]
    assert service.screen_clue(cast["secretary"], found, "medium").status == "screened"


def test_many_clues_of_one_sender_are_flagged_and_slowed_down(cast: Cast) -> None:
    rows = [given(identity=SENDER, facts=f"{n}: {FACTS}").clue for n in range(5)]
    assert {one.code for one in flags(rows[-1])} == {"frequent", "repeated"} and flags(rows[0]) == []
    assert refused(lambda: given(identity=SENDER)) == {"flood_of_sender"}


def test_the_term_runs_from_the_day_the_clue_came_whatever_happens_in_between(cast: Cast) -> None:
    came = timezone.localdate() - timedelta(days=9)
    row = clue_in(cast, raised_on=came)
    row = service.screen_clue(cast["secretary"], row, "low")
    row = service.assign_clue(cast["secretary"], row, cast.association)
    row = service.give_back_clue(cast["member"], row, "不属于本行业")
    assert row.due_on == add_days(came, 15, "working").due and row.association is None


def test_everything_missing_is_told_at_once(cast: Cast) -> None:
    call = lambda: service.raise_clue(PUBLIC, respondent_name=" ", facts="", identity={"phone": "12"})  # noqa: E731
    assert refused(call) == {"no_respondent_name", "no_facts", "bad_phone"}
    assert not Clue.objects.exists()
