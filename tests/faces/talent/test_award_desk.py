"""The desk's pages of the award: who opens them, one next step, scoring alone on the own sheet, severity beside."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.city.talent.award_walk import again
from tests.city.talent.cast import Cast
from tests.faces.talent.award_scene import WORDS, Scene, granted, scene

from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardApplication, ReviewerTie, ScoreRun, SeverityRun
from qualipolis.faces.desk.rooms.talent.award_sheet import field_name
from qualipolis.law.talent.excellence import ITEMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(cast: Cast, time_machine: Any) -> Scene:
    return scene(cast, time_machine)


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any, language: str = "zh-hans") -> Any:
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return entered


def addresses(found: Scene) -> dict[str, list[str]]:
    """Return the pages of each person."""
    row, first = found.round, found.applications[0]
    office = [reverse(f"desk:{name}") for name in ("award_rounds", "award_applications", "award_reviewers")]
    office += [reverse("desk:award_round", args=[row.pk])]
    office += [reverse("desk:award_application", args=[one.pk]) for one in found.applications]
    office += [reverse("desk:award_reviewer", args=[found.sheets[first.pk][0].reviewer_id])]
    mine = [reverse("desk:my_reviews"), reverse("desk:award_application", args=[first.pk])]
    mine += [reverse("desk:award_sheet", args=[sheet.pk]) for sheet in found.sheets[first.pk]]
    mine += [reverse("desk:award_sheet", args=[found.sheets[found.applications[2].pk][0].pk])]
    return {
        "planner": [*office, reverse("desk:award_round_new"), reverse("desk:award_opinions")],
        "leader": office,
        "auditor": office,
        "reviewer": mine,
        "enterprise": [reverse("desk:my_awards"), reverse("desk:my_award", args=[first.pk])],
        "department": [reverse("desk:award_opinions")],
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_with_at_most_one_primary_step(found: Scene, enter: Any, language: str) -> None:
    for who, pages in addresses(found).items():
        browser = enter(found.cast[who], language)
        for address in pages:
            answer = browser.get(address)
            assert answer.status_code == 200, (who, address)
            assert answer.content.decode().count("btn-primary") <= 1, (who, address)


def test_others_are_refused(found: Scene, enter: Any) -> None:
    pages = addresses(found)
    for who in ("laboratory", "town_officer", "enterprise", "expert"):
        for address in pages["leader"]:
            assert enter(found.cast[who]).get(address).status_code in (403, 404), (who, address)
    other = reverse("desk:my_award", args=[found.applications[0].pk])
    assert enter(found.cast["other_enterprise"]).get(other).status_code == 404
    stranger = enter(found.cast["reviewer6"])
    assert stranger.get(reverse("desk:award_application", args=[found.applications[0].pk])).status_code == 404


def test_a_reviewer_with_an_open_sheet_sees_no_score_of_the_team(found: Scene, enter: Any) -> None:
    third = found.applications[2]
    sheets = found.sheets[third.pk]
    lead = enter(found.cast["reviewer"])
    text = lead.get(reverse("desk:award_application", args=[third.pk])).content.decode()
    assert (
        WORDS not in text
        and "Items side by side" not in text
        and not lead.get(reverse("desk:award_application", args=[third.pk])).context["categories"]
    )
    assert lead.get(reverse("desk:award_sheet", args=[sheets[1].pk])).status_code == 404


def test_a_sheet_is_declared_kept_and_handed_in_on_its_page(found: Scene, enter: Any) -> None:
    sheet = found.sheets[found.applications[2].pk][0]
    address, browser = reverse("desk:award_sheet", args=[sheet.pk]), enter(found.cast["reviewer"])
    assert browser.post(address, {"do": "open"}).status_code == 302
    some = {"keep": "1", field_name(ITEMS[0], "score"): "45", field_name(ITEMS[0], "words"): WORDS}
    assert browser.post(address, some).status_code == 302
    assert again(sheet).scores == {"4.1.2": 45}
    refused = browser.post(address, some | {"hand_in": "1"})
    assert refused.status_code == 400 and again(sheet).status == "scoring"
    whole = {field_name(item, part): value for item in ITEMS for part, value in (("score", "50"), ("words", WORDS))}
    assert browser.post(address, whole | {"keep": "1", "hand_in": "1"}).status_code == 302
    assert again(sheet).status == "handed_in"
    assert browser.post(address, whole | {"keep": "1"}).status_code == 400


def test_the_lead_settles_an_item_and_the_office_drops_scores_on_the_page(found: Scene, enter: Any) -> None:
    second = found.applications[1]
    address = reverse("desk:award_application", args=[second.pk])
    said = {"do": "settle", "item": "4.1.2", "score": "55", "words": WORDS}
    assert enter(found.cast["reviewer"]).post(address, said).status_code == 302
    assert enter(found.cast["reviewer2"]).post(address, said).status_code == 400
    before = ScoreRun.objects.filter(application=second).count()
    drop = {"do": "drop_scores", "sheet": found.sheets[second.pk][3].pk, "reason": "曾为其做咨询"}
    assert enter(found.cast["planner"]).post(address, drop).status_code == 302
    assert ScoreRun.objects.filter(application=second).count() == before + 1
    text = enter(found.cast["planner"]).get(address).content.decode()
    assert "<s class" in text


def test_severity_is_shown_beside_and_replaces_nothing(found: Scene, enter: Any) -> None:
    planner = enter(found.cast["planner"])
    address = reverse("desk:award_severity", args=[found.round.pk])
    assert planner.get(address).status_code == 404
    totals = list(ScoreRun.objects.values_list("pk", "total"))
    assert planner.post(reverse("desk:award_round", args=[found.round.pk]), {"do": "model_severity"}).status_code == 302
    answer = planner.get(address)
    assert answer.status_code == 200 and not answer.context["stale"]
    assert list(ScoreRun.objects.values_list("pk", "total")) == totals
    reviewers = SeverityRun.objects.get().found["reviewers"]
    assert [one["reviewer"] for one in reviewers] == [one["number"] for one in answer.context["lines"]]
    assert answer.content.decode().count("<circle") == len(reviewers) == 4
    service.drop_scores(found.cast["planner"], found.sheets[found.applications[1].pk][3], "利益冲突")
    assert planner.get(address).context["stale"]
    assert enter(found.cast["reviewer"]).get(address).status_code == 403


def test_a_firm_applies_on_its_own_page(cast: Cast, enter: Any, time_machine: Any) -> None:
    from tests.city.talent.award_walk import announced, go_to

    row = announced(cast, go_to(time_machine, "2026-05-06").replace(day=20))
    firm = enter(cast["enterprise"])
    assert firm.post(reverse("desk:my_awards"), {"round": row.pk}).status_code == 302
    made = AwardApplication.objects.get()
    address = reverse("desk:my_award", args=[made.pk])
    assert firm.post(address, {"do": "submit"}).status_code == 400
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = SimpleUploadedFile("自评.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    assert firm.post(address, {"contact": "质量部", "summary": "三十年", "files": [paper]}).status_code == 302
    assert firm.post(address, {"do": "submit"}).status_code == 302
    assert again(made).status == "submitted"


def test_a_holder_is_shown_and_revoked_by_two_people(found: Scene, enter: Any, time_machine: Any) -> None:
    first = granted(found, time_machine)
    for language in ("zh", "en"):
        paper = reverse("desk:award_feedback", args=[first.pk, language])
        assert enter(found.cast["enterprise"]).get(paper).content.startswith(b"%PDF-")
        assert enter(found.cast["other_enterprise"]).get(paper).status_code == 404
        assert enter(found.cast["reviewer"]).get(paper).status_code == 403
    address = reverse("desk:award_application", args=[first.pk])
    said = {"do": "revoke", "reason": "产品致人重伤", "document_no": "20号"}
    leader = enter(found.cast["leader"])
    assert leader.post(address, said).status_code == 400
    assert leader.post(address, said | {"second_person": found.cast["planner"].pk}).status_code == 302
    assert again(first).status == "revoked"
    firm = enter(found.cast["enterprise"])
    assert "产品致人重伤" in firm.get(reverse("desk:my_award", args=[first.pk])).content.decode()


def test_a_tie_is_told_on_the_page_of_the_reviewer(found: Scene, enter: Any) -> None:
    row = found.sheets[found.applications[0].pk][1].reviewer
    address = reverse("desk:award_reviewer", args=[row.pk])
    said = {"do": "tie", "credit_code": "X", "kind": "shares"}
    assert enter(found.cast["reviewer2"]).post(address, said).status_code == 400
    assert (
        enter(found.cast["reviewer2"]).post(address, said | {"credit_code": found.cast.firm.credit_code}).status_code
        == 302
    )
    assert ReviewerTie.objects.get().reviewer == row
    assert enter(found.cast["reviewer3"]).get(address).status_code == 404
