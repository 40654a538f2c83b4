"""The rooms of the federation on the desk: who opens them, one next step, and the steps of a day taken through forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.govern.cast import (
    CLEAN,
    FACTS,
    SENDER,
    TEXT,
    Cast,
    breach_in,
    clue_in,
    meeting_in,
    motion_in,
    pact_in,
    pledge_in,
    task_in,
)

from qualipolis.city.govern.models import Clue, Member, Pact, PactSignature, Pledge, Vote
from qualipolis.law.flows.federation import FEDERATION

pytestmark = pytest.mark.django_db
LISTS = ("members", "committees", "pledges", "pacts", "meetings", "tasks")
GUIDES = ("leader", "planner", "department", "inspector")
OTHERS = ("laboratory", "hospital_desk", "town_officer", "complaint_desk", "auditor", "admin")
EVERY = [(flow.code, state) for flow in FEDERATION for state in flow.states]
PAGES = {"federation_member": "member", "pledge": "pledge", "pact": "pact", "pact_breach": "breach", "federation_clue": "clue",
         "federation_meeting": "meeting", "resolution": "resolution", "joint_task": "task"}  # fmt: skip


def make(cast: Cast, code: str, state: str) -> Any:
    makers: dict[str, Any] = {
        "pledge": pledge_in, "pact": pact_in, "pact_breach": breach_in, "federation_clue": clue_in,
        "federation_meeting": meeting_in, "resolution": motion_in, "joint_task": task_in,
    }  # fmt: skip
    if code != "federation_member":
        return makers[code](cast, state)
    Member.objects.filter(pk=cast.other_association.pk).update(status=state)
    return Member.objects.get(pk=cast.other_association.pk)


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


@pytest.mark.parametrize(("code", "state"), EVERY)
def test_a_page_opens_in_every_state_with_at_most_one_primary_step(
    cast: Cast, enter: Any, code: str, state: str
) -> None:
    row = make(cast, code, state)
    url = reverse(f"desk:federation_{PAGES[code]}", args=[row.pk])
    who = "enterprise" if (code, state) == ("pledge", "drafted") else "secretary"
    found = enter(cast[who]).get(url)
    assert found.status_code == 200 and found.content.decode().count("btn-primary") <= 1
    for name in ("member", "enterprise", "planner"):
        assert enter(cast[name]).get(url).status_code in (200, 403, 404), name


@pytest.mark.parametrize("name", ["secretary", "member", "consumer", "enterprise", *GUIDES])
def test_whoever_takes_part_or_guides_opens_the_home_and_the_lists(cast: Cast, enter: Any, name: str) -> None:
    for code in ("pact", "joint_task", "federation_meeting"):
        make(cast, code, {"pact": "published", "joint_task": "running", "federation_meeting": "held"}[code])
    browser = enter(cast[name])
    for place in ("desk:federation", *(f"desk:federation_{one}" for one in LISTS), "desk:federation_task_new"):
        assert browser.get(reverse(place)).status_code == 200, place


@pytest.mark.parametrize("name", OTHERS)
def test_others_stay_outside(cast: Cast, enter: Any, name: str) -> None:
    for place in ("desk:federation", *(f"desk:federation_{one}" for one in LISTS), "desk:federation_clues"):
        assert enter(cast[name]).get(reverse(place)).status_code == 403, place


@pytest.mark.parametrize("name", GUIDES)
def test_an_agency_reads_and_gives_an_opinion_but_is_offered_no_step(cast: Cast, enter: Any, name: str) -> None:
    browser = enter(cast[name])
    for row, place in ((pact_in(cast, "checking"), "pact"), (task_in(cast), "task"), (meeting_in(cast), "meeting")):
        url = reverse(f"desk:federation_{place}", args=[row.pk])
        text = browser.get(url).content.decode()
        assert "btn-primary" not in text and 'value="opinion"' in text
        assert browser.post(url, {"do": "opinion", "text": "建议补充网店。"}).status_code == 302
        assert row.opinions.get().text == "建议补充网店。"
    row = pact_in(cast, "cleared")
    browser.post(reverse("desk:federation_pact", args=[row.pk]), {"do": "publish"})
    assert Pact.objects.get(pk=row.pk).status == "cleared"
    assert browser.get(reverse("desk:federation_clues")).status_code == 403
    assert browser.get(reverse("desk:federation_breaches")).status_code == 403


def test_a_pact_goes_from_the_draft_to_its_signatures_through_the_pages(cast: Cast, enter: Any) -> None:
    said = {"title": "公约", "text": TEXT, "committee": cast.committee.pk, "title_en": "", "text_en": ""}
    assert enter(cast["secretary"]).post(reverse("desk:federation_pact_new"), said).status_code == 302
    row = Pact.objects.get()
    url, check = (reverse(f"desk:federation_{name}", args=[row.pk]) for name in ("pact", "pact_check"))
    enter(cast["secretary"]).post(url, {"do": "hand_in"})
    for name in ("secretary2", "member"):
        assert enter(cast[name]).post(check, {**CLEAN, "note": ""}).status_code == 302
    for step in ("clear", "publish"):
        enter(cast["secretary3"]).post(url, {"do": step})
    assert Pact.objects.get().status == "published"
    assert enter(cast["enterprise"]).post(url, {"do": "sign"}).status_code == 302
    assert PactSignature.objects.get().member == cast.firm_member


def test_the_check_shows_the_words_that_draw_attention_and_wants_a_doubt_explained(cast: Cast, enter: Any) -> None:
    row = pact_in(cast, "checking", text="会员统一销售价格。")
    url = reverse("desk:federation_pact_check", args=[row.pk])
    assert "统一销售价格" in enter(cast["member"]).get(url).content.decode()
    assert enter(cast["member"]).post(url, {**CLEAN, "prices": "doubt", "note": ""}).status_code == 400
    assert enter(cast["enterprise"]).get(url).status_code == 403


def test_a_member_votes_and_a_firm_pledges_on_the_phone(cast: Cast, enter: Any) -> None:
    row = motion_in(cast, "voting")
    url = reverse("desk:federation_resolution", args=[row.pk])
    assert (
        enter(cast["consumer"]).post(url, {"do": "vote", "member": cast.consumer.pk, "choice": "yes"}).status_code
        == 302
    )
    assert Vote.objects.get().member == cast.consumer
    until = timezone.localdate() + timedelta(90)
    answer = enter(cast["enterprise"]).post(reverse("desk:federation_pledge_new"), {"content": "七日退货。", "content_en": "", "valid_to": until})  # fmt: skip
    assert answer.status_code == 302 and Pledge.objects.get().enterprise == cast.firm


def test_what_waits_stands_on_the_home_and_leads_to_its_page(cast: Cast, enter: Any) -> None:
    motion_in(cast, "voting")
    clue_in(cast)
    breach_in(cast, "examining")
    for name, word in (("secretary", "federation/clues/"), ("member", "federation/resolutions/"), ("enterprise", "federation/breaches/")):  # fmt: skip
        assert word in enter(cast[name]).get(reverse("desk:federation")).content.decode(), name


def test_the_seal_is_opened_by_who_screens_with_a_reason_and_not_cached(cast: Cast, enter: Any) -> None:
    row = clue_in(cast, "screened", sender=SENDER)
    url = reverse("desk:federation_clue_sender", args=[row.pk])
    page = enter(cast["secretary"]).get(reverse("desk:federation_clue", args=[row.pk])).content.decode()
    assert SENDER["name"] not in page and SENDER["phone"] not in page
    assert enter(cast["secretary2"]).post(url, {"reason": "x"}).status_code == 302
    assert enter(cast["secretary"]).post(url, {"reason": ""}).status_code == 400
    answer = enter(cast["secretary"]).post(url, {"reason": "回访核实"})
    assert SENDER["name"] in answer.content.decode() and answer.headers["Cache-Control"] == "no-store"


def test_an_association_reads_its_clue_without_flags_and_without_a_name(cast: Cast, enter: Any) -> None:
    row = clue_in(cast, "self_discipline", sender=SENDER, says_competitor=True)
    url = reverse("desk:federation_clue", args=[row.pk])
    text = enter(cast["member"]).get(url).content.decode()
    assert FACTS in text and SENDER["name"] not in text and "competitor" not in text
    assert enter(cast["other_member"]).get(url).status_code == 404
    assert enter(cast["member"]).post(url, {"do": "report", "report": "已约谈"}).status_code == 302
    assert Clue.objects.get(pk=row.pk).status == "handled"


def test_the_list_of_mediation_shows_numbers_and_nothing_of_the_parties(cast: Cast, enter: Any) -> None:
    from tests.city.listen.cast import CONSUMER, complaint_in

    row = complaint_in(cast.city, "entrusted")
    for name in ("secretary", "mediator"):
        text = enter(cast[name]).get(reverse("desk:federation_mediation")).content.decode()
        assert row.number in text
        assert CONSUMER["name"] not in text and row.letter.respondent_name not in text and row.letter.facts not in text
    assert enter(cast["member"]).get(reverse("desk:federation_mediation")).status_code == 403


@pytest.mark.parametrize("name", ["members", "pledges", "pacts", "breaches", "clues", "meetings", "tasks", "mediation"])
def test_every_list_can_be_taken_along(cast: Cast, enter: Any, name: str) -> None:
    for code, state in (("pledge", "published"), ("pact_breach", "heard"), ("federation_clue", "screened"),
                        ("resolution", "voting"), ("joint_task", "running")):  # fmt: skip
        make(cast, code, state)
    answer = enter(cast["secretary"]).get(reverse("report:list", args=[f"federation-{name}", "csv"]))
    assert answer.status_code == 200
