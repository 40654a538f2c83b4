"""Pacts: no publication before two people checked them, breach with coaching before removal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.govern.cast import CLEAN, TEXT, Cast, breach_in, motion_in, pact_in
from tests.city.govern.refusals import refused

from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.govern import service
from qualipolis.city.govern.models import CompetitionCheck, Pact, PactBreach

HEARD: list[Any] = []


@subscriber("federation.pact_published")
def _heard(actor: Any, thing: Any, **facts: Any) -> None:
    HEARD.append(thing.number)


def checked(cast: Cast) -> Pact:
    row = service.draft_pact(cast["secretary"], title="公约", text=TEXT, committee=cast.committee)
    row = service.hand_in_pact(cast["secretary"], row)
    service.check_pact(cast["secretary2"], row, CLEAN)
    service.check_pact(cast["member"], row, CLEAN)
    return row


def test_a_pact_is_published_once_two_people_other_than_its_author_found_nothing(cast: Cast) -> None:
    row = service.draft_pact(cast["secretary"], title="公约", text=TEXT, committee=cast.committee)
    assert refused(lambda: service.publish_pact(cast["secretary"], row)) == {"wrong_state"}
    row = service.hand_in_pact(cast["secretary"], row)
    assert refused(lambda: service.check_pact(cast["secretary"], row, CLEAN)) == {"own_pact"}
    service.check_pact(cast["secretary2"], row, CLEAN)
    assert refused(lambda: service.check_pact(cast["secretary2"], row, CLEAN)) == {"checked"}
    assert refused(lambda: service.clear_pact(cast["secretary3"], row)) == {"few_checkers"}
    service.check_pact(cast["consumer"], row, CLEAN)
    row = service.publish_pact(cast["secretary3"], service.clear_pact(cast["secretary3"], row))
    assert row.status == "published" and row.number in HEARD


def test_a_doubt_stops_the_pact_and_the_next_turn_begins_anew(cast: Cast) -> None:
    row = service.hand_in_pact(
        cast["secretary"],
        service.draft_pact(cast["secretary"], title="公约", text="会员统一售价。", committee=cast.committee),
    )
    service.check_pact(cast["secretary2"], row, CLEAN | {"prices": "doubt"}, "第一条固定价格")
    service.check_pact(cast["member"], row, CLEAN)
    assert refused(lambda: service.clear_pact(cast["secretary"], row)) == {"doubts"}
    row = service.return_pact(cast["secretary2"], row, "删去第一条")
    row = service.hand_in_pact(cast["secretary"], service.edit_pact(cast["secretary"], row, text=TEXT))
    assert refused(lambda: service.clear_pact(cast["secretary"], row)) == {"few_checkers"}
    assert CompetitionCheck.objects.filter(pact=row).count() == 2 and row.turn == 2


def test_what_is_published_is_word_for_word_what_was_checked(cast: Cast) -> None:
    row = service.clear_pact(cast["secretary"], checked(cast))
    Pact.objects.filter(pk=row.pk).update(text="会员统一售价。")
    assert refused(lambda: service.publish_pact(cast["secretary"], row)) == {"changed"}
    late = pact_in(cast, "checking")
    for who in ("secretary2", "member"):
        service.check_pact(cast[who], late, CLEAN)
    Pact.objects.filter(pk=late.pk).update(text="会员统一售价。")
    assert refused(lambda: service.clear_pact(cast["secretary"], late)) == {"few_checkers"}


def test_a_pact_in_force_is_taken_down_when_a_doubt_comes_late_and_stopping_ends_every_signature(cast: Cast) -> None:
    row = pact_in(cast, "monitored", [cast.association, cast.firm_member])
    row = service.check_pact_again(cast["secretary"], row, "第三条可能限制转售价格")
    assert not visible(cast["enterprise"], Pact.objects.filter(pk=row.pk)).exists()
    row = service.stop_pact(cast["secretary2"], row, "限制转售价格")
    assert set(row.signatures.values_list("ended_why", flat=True)) == {"stopped"}


def test_members_sign_for_themselves_and_only_what_was_published(cast: Cast) -> None:
    draft, row = pact_in(cast, "checking"), pact_in(cast, "published")
    assert refused(lambda: service.sign_pact(cast["member"], draft, cast.association)) == {"not_open"}
    assert refused(lambda: service.sign_pact(cast["member"], row, cast.consumer)) == {"not_yours"}
    service.sign_pact(cast["member"], row, cast.association)
    assert refused(lambda: service.sign_pact(cast["member"], row, cast.association)) == {"signed"}
    assert refused(lambda: service.monitor_pact(cast["secretary"], row)) == {"few_signatures"}
    service.sign_pact(cast["enterprise"], row, cast.firm_member)
    assert service.monitor_pact(cast["secretary"], row).status == "monitored"
    assert service.end_signature(cast["member"], row, cast.association).ended_why == "left"


def test_a_new_version_replaces_the_old_one_on_the_day_it_is_published(cast: Cast) -> None:
    old = pact_in(cast, "monitored", [cast.association])
    row = service.draft_pact(cast["secretary"], old, title="公约（修订）", text=TEXT + "公开检验结果。")
    assert refused(lambda: service.draft_pact(cast["secretary"], old, title="又一版", text=TEXT)) == {"not_living"}
    row = service.hand_in_pact(cast["secretary"], row)
    for who in ("secretary2", "secretary3"):
        service.check_pact(cast[who], row, CLEAN)
    service.publish_pact(cast["secretary"], service.clear_pact(cast["secretary"], row))
    old.refresh_from_db()
    assert (old.status, old.ended_on) == ("replaced", timezone.localdate())
    assert old.signatures.get().ended_why == "replaced"


def test_a_breach_is_heard_coached_and_mended(cast: Cast) -> None:
    pact = pact_in(cast, "monitored", [cast.firm_member, cast.association])
    row = service.raise_breach(cast["member"], pact, cast.firm_member, "三批未检验即出厂")
    assert row.source == "member"
    row = service.examine_breach(cast["secretary"], row)
    assert refused(lambda: service.note_silence(cast["secretary"], row)) == {"term_running"}
    row = service.state_breach(cast["enterprise"], row, "检验设备送检期间漏检")
    row = service.coach(cast["secretary"], row, "事实清楚", "两周内补检，协会派员辅导")
    row = service.report_mended(cast["enterprise"], row, "已补检")
    row = service.coach_on(cast["secretary"], row, "缺两批记录")
    row = service.accept_mended(cast["secretary"], service.report_mended(cast["enterprise"], row, "记录已补"))
    assert (row.status, row.ended_on) == ("coached", timezone.localdate())


def test_a_member_is_removed_from_a_pact_by_vote_and_two_people_after_coaching(cast: Cast) -> None:
    row = breach_in(cast, "coaching")
    vote = motion_in(cast, "carried", subject="breach", about=cast.firm_member)
    call = service.strike
    assert refused(lambda: call(cast["secretary"], row, "x", "8号", cast["secretary2"])) == {"no_vote"}
    assert refused(lambda: call(cast["secretary"], row, "x", "8号", cast["secretary"], vote)) == {"one_person"}
    assert call(cast["secretary"], row, "屡教不改", "8号", cast["secretary2"], vote).status == "struck"
    assert row.pact.signatures.get(member=cast.firm_member).ended_why == "struck"
    heard = breach_in(cast, "heard")
    assert refused(lambda: call(cast["secretary"], heard, "x", "8号", cast["secretary2"], vote)) == {"wrong_state"}


def test_who_belongs_to_the_member_takes_no_step_on_its_breach(cast: Cast) -> None:
    row = breach_in(cast)
    cast["secretary"].organisation = cast.firm_member.organisation
    cast["secretary"].save()
    assert refused(lambda: service.examine_breach(cast["secretary"], row)) == {"concerned"}
    assert service.examine_breach(cast["secretary2"], row).status == "examining"


def test_silence_is_noted_only_after_the_term(cast: Cast) -> None:
    row = breach_in(cast, "examining", due_on=timezone.localdate() - timedelta(days=1))
    assert service.note_silence(cast["secretary"], row).status == "heard"


def test_a_breach_is_seen_by_its_parties_alone(cast: Cast) -> None:
    row = breach_in(cast)
    seen = {name: visible(cast[name], PactBreach.objects.filter(pk=row.pk)).exists() for name in ("secretary", "member", "enterprise", "consumer", "planner", "inspector", "admin", "auditor")}  # fmt: skip
    assert [name for name, there in seen.items() if there] == ["secretary", "member", "enterprise"]
    with pytest.raises(PermissionDenied):
        service.state_breach(cast["other_enterprise"], row, "x")
