"""The public pages of the award: the notice with objections, holders by year, revoked ones too, open data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from tests.city.talent.award_walk import again, visited
from tests.city.talent.cast import Cast
from tests.faces.talent.award_scene import Scene, granted, scene

from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardApplication, AwardObjection, Reviewer

pytestmark = pytest.mark.django_db
SAID = {"words": "能耗数据与事实不符", "sender": "知情人", "contact": "0769-00000000"}


@pytest.fixture
def found(cast: Cast, time_machine: Any) -> Scene:
    return scene(cast, time_machine)


def on_notice(found: Scene, time_machine: Any) -> AwardApplication:
    first, planner = found.applications[0], found.cast["planner"]
    AwardApplication.objects.exclude(pk=first.pk).update(status="unsuccessful")
    visited(found.cast, first)
    service.begin_deliberation(planner, found.round)
    service.propose_award(planner, again(first), "award")
    time_machine.move_to("2026-06-10T09:00+08:00", tick=False)
    service.give_notice(planner, found.round, date(2026, 6, 9))
    return again(first)


def test_a_draft_and_the_applicants_are_not_public(found: Scene, client: Any) -> None:
    draft = service.draft_round(
        found.cast["planner"], None, year=2026, name_zh="未公布的一轮", apply_until=date(2026, 9, 1)
    )
    client.cookies["django_language"] = "zh-hans"
    text = client.get(reverse("portal:awards")).content.decode()
    assert found.round.name_zh in text and "未公布的一轮" not in text and found.cast.firm.name_zh not in text
    assert client.get(reverse("portal:award_round", args=[draft.number])).status_code == 404
    page = client.get(reverse("portal:award_round", args=[found.round.number])).content.decode()
    assert found.cast.firm.name_zh not in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_notice_names_the_proposed_and_takes_objections(
    found: Scene, client: Any, time_machine: Any, language: str
) -> None:
    first = on_notice(found, time_machine)
    client.cookies["django_language"] = language
    address = reverse("portal:award_round", args=[found.round.number])
    name = first.enterprise.name_en if language == "en" else first.enterprise.name_zh
    assert name in client.get(address).content.decode()
    form = reverse("portal:award_objection", args=[found.round.number])
    assert client.post(form, SAID | {"sender": ""}).status_code == 400
    answer = client.post(form, SAID | {"application": first.pk})
    made = AwardObjection.objects.get()
    assert answer.status_code == 200 and made.number in answer.content.decode()
    assert "知情人" not in client.get(address).content.decode()
    time_machine.move_to("2026-06-23T09:00+08:00", tick=False)
    assert client.post(form, SAID).status_code == 302 and AwardObjection.objects.count() == 1


def test_a_revoked_award_stays_with_day_and_reason(found: Scene, client: Any, time_machine: Any) -> None:
    first = granted(found, time_machine)
    service.revoke_award(found.cast["leader"], first, "产品致人重伤", "20号", found.cast["planner"])
    text = client.get(reverse("portal:awards") + "?year=2026").content.decode()
    assert "产品致人重伤" in text and "2026-06-23" in text
    assert client.get(reverse("portal:awards") + "?year=x").status_code == 200
    rows = client.get(reverse("portal:award_data", args=["json"])).json()["rows"]
    assert [(row["tier"], row["revoked_on"]) for row in rows] == [("award", "2026-06-23")]
    assert client.get(reverse("portal:award_data", args=["csv"])).status_code == 200
    assert client.get(reverse("portal:award_data", args=["exe"])).status_code == 404


def test_reviewers_are_named_by_their_consent_only(found: Scene, client: Any) -> None:
    Reviewer.objects.update(public=False)
    row = Reviewer.objects.first()
    address = reverse("portal:award_reviewers")
    assert row is not None and str(row.person) not in client.get(address).content.decode()
    service.list_reviewer(row.person, row, True)
    assert str(row.person) in client.get(address).content.decode()
