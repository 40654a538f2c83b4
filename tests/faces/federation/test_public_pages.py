"""The federation for everyone: what was published and nothing else; a clue without an account; papers; open data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.govern.cast import FACTS, Cast, breach_in, clue_in, meeting_in, motion_in, pact_in, pledge_in, task_in

from qualipolis.city.govern import service
from qualipolis.city.govern.models import Clue, Pact

pytestmark = pytest.mark.django_db
PAGES = ("", "_members", "_pacts", "_meetings", "_tasks", "_pledges", "_clue", "_track")
SAID = {
    "facts": FACTS,
    "respondent_name": "第2制衣厂",
    "product_name": "",
    "unit": "",
    "says_competitor": "yes",
    "name": "",
    "phone": "",
}
RESULT = {"carried": True, "why": "It is carried.", "quorum": True, "entitled": 4, "present": 4, "aside": 1,
          "all": {"yes": 3, "no": 0, "abstain": 0}, "by_kind": {"association": {"yes": 3, "no": 0, "abstain": 0}}}  # fmt: skip


def published(cast: Cast) -> dict[str, Any]:
    meeting = meeting_in(cast, "published", notes="会议通过了公约。", published_on=timezone.localdate())
    motion_in(cast, "carried", meeting=meeting, result=RESULT, decided_on=timezone.localdate())
    return {
        "pact": pact_in(cast, "monitored", [cast.association, cast.firm_member], number="2026-GY1"),
        "meeting": meeting,
        "task": task_in(cast, "done", report="查了十二家。", firms_reached=12, ended_on=timezone.localdate()),
        "pledge": pledge_in(cast, "published"),
    }


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_everybody_reads_the_pages_in_both_languages_also_when_nothing_is_there(
    cast: Cast, client: Any, lang: str
) -> None:
    client.cookies["django_language"] = lang
    for full in (False, True):
        if full:
            published(cast)
        for name in PAGES:
            assert client.get(reverse(f"portal:federation{name}")).status_code == 200, name


def test_only_what_was_published_is_there(cast: Cast, client: Any) -> None:
    for state in ("draft", "checking", "cleared", "stopped", "discarded"):
        row = pact_in(cast, state, title=f"未公布{state}")
        assert client.get(reverse("portal:federation_pact", args=[row.number])).status_code == 404
    task_in(cast, "running", topic="未完成任务")
    pledge_in(cast, "handed_in", content="未公布承诺")
    meeting = meeting_in(cast, "minuted", title="未公布会议")
    assert client.get(reverse("portal:federation_meeting", args=[meeting.number])).status_code == 404
    for name in PAGES:
        assert "未公布" not in client.get(reverse(f"portal:federation{name}")).content.decode()


def test_a_pact_that_is_checked_again_is_not_shown_while_that_lasts(cast: Cast, client: Any) -> None:
    row = published(cast)["pact"]
    url = reverse("portal:federation_pact", args=[row.number])
    assert client.get(url).status_code == 200
    service.check_pact_again(cast["secretary"], row, "可能限制价格")
    assert client.get(url).status_code == 404


def test_a_member_in_a_breach_is_counted_and_not_named(cast: Cast, client: Any) -> None:
    row = published(cast)["pact"]
    breach_in(cast, "coaching", pact=row, facts="三批未检验即出厂。")
    text = client.get(reverse("portal:federation_pact", args=[row.number])).content.decode()
    assert "三批未检验" not in text
    found = json.loads(client.get(reverse("portal:federation_data", args=["pacts", "json"])).content)
    assert found["rows"][0]["breaches_open"] == 1


def test_the_notes_show_counts_and_not_who_voted_how(cast: Cast, client: Any) -> None:
    row = published(cast)["meeting"]
    text = client.get(reverse("portal:federation_meeting", args=[row.number])).content.decode()
    assert "会议通过了公约" in text and cast.consumer.name not in text


def test_a_clue_is_given_without_an_account_and_its_answer_read_by_number_and_code(cast: Cast, client: Any) -> None:
    answer = client.post(reverse("portal:federation_clue"), SAID)
    assert answer.status_code == 302
    page = client.get(answer.url)
    row = Clue.objects.get()
    assert row.number in page.content.decode() and page.headers["Cache-Control"] == "no-store" and row.says_competitor
    code = page.context["code"]
    assert client.post(reverse("portal:federation_track"), {"number": row.number, "code": code}).status_code == 302
    assert FACTS in client.get(reverse("portal:federation_tracked")).content.decode()
    Clue.objects.update(status="answered", answer="已转办。", answered_on=timezone.localdate())
    assert "已转办" in client.get(reverse("portal:federation_tracked")).content.decode()


def test_a_clue_that_lacks_something_keeps_what_was_typed(cast: Cast, client: Any) -> None:
    answer = client.post(reverse("portal:federation_clue"), SAID | {"respondent_name": "", "phone": "12"})
    assert answer.status_code == 400 and FACTS in answer.content.decode() and not Clue.objects.exists()
    answer = client.post(reverse("portal:federation_clue"), SAID | {"phone": "12"})
    assert answer.status_code == 400 and not Clue.objects.exists()


def test_another_browser_and_a_wrong_code_read_nothing(cast: Cast, client: Any) -> None:
    row = clue_in(cast, "answered", answer="已转办。")
    assert client.get(reverse("portal:federation_tracked")).status_code == 302
    said = {"number": row.number, "code": "0000"}
    assert client.post(reverse("portal:federation_track"), said).status_code == 400


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_papers_are_made_of_what_was_published(cast: Cast, client: Any, lang: str) -> None:
    rows = published(cast)
    for name in ("pact", "meeting"):
        url = reverse(f"portal:federation_{name}_pdf", args=[rows[name].number, lang])
        answer = client.get(url)
        assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")
    assert client.get(reverse("portal:federation_pact_pdf", args=[rows["pact"].number, "de"])).status_code == 404
    Pact.objects.update(status="draft")
    assert client.get(reverse("portal:federation_pact_pdf", args=[rows["pact"].number, lang])).status_code == 404


@pytest.mark.parametrize("name", ["members", "pacts", "resolutions", "tasks", "pledges"])
def test_open_data_is_safe_and_what_was_not_counted_is_empty(cast: Cast, client: Any, name: str) -> None:
    published(cast)
    Pact.objects.update(title="=1+1")
    found = json.loads(client.get(reverse("portal:federation_data", args=[name, "json"])).content)
    assert found["rows"] and {one["name"] for one in found["columns"]} == set(found["rows"][0])
    text = client.get(reverse("portal:federation_data", args=[name, "csv"])).content.decode("utf-8-sig")
    assert ",=1+1" not in text
    if name == "tasks":
        assert found["rows"][0]["products_checked"] is None and found["rows"][0]["firms_reached"] == 12


@pytest.mark.parametrize("name", ["members", "pacts", "resolutions", "tasks", "pledges"])
def test_the_api_tells_the_same_as_the_open_data(cast: Cast, client: Any, name: str) -> None:
    published(cast)
    motion_in(cast, "voting")
    pact_in(cast, "checking", title="未公布")
    found = client.get(f"/api/v1/federation/{name}").json()
    rows = json.loads(client.get(reverse("portal:federation_data", args=[name, "json"])).content)["rows"]
    assert found["count"] == len(rows) == len(found["items"]) > 0
    assert [one["number"] for one in found["items"]] == [one["number"] for one in rows]
