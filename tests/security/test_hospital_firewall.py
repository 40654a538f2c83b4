"""What a firm tells the product hospital is read by nobody but those who treat it: every page, file, list and the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.hospital.belongings import diagnosis_of, panel_of, prescription_of, proof_of
from tests.city.hospital.cast import Cast, case_in, found
from tests.security.leaks import paths, walk

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.models import Attachment, Event, Grant
from qualipolis.city.core.policy import VERBS, can, visible
from qualipolis.city.core.sentences import sentence
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation import thread
from qualipolis.city.hospital.models import Case, Message
from qualipolis.methods.problems import InputError

SECRET, INSIDE = "私话", "医话"
ENFORCEMENT = ("leader", "planner", "department", "town_officer", "inspector", "auditor", "admin")
OUTSIDE = ("laboratory", "other_enterprise", "colleague", "desk_elsewhere", "public")
PHOTO = (b"\x89PNG\r\n\x1a\n" + "私话图".encode() * 10,)
# the pages of the hospital, and those that gather what is elsewhere: homes, ledger, search, lists, files, register
NEAR = ("cases", "examinations", "panels", "opinion", "measurements", "duty", "offers", "experts", "departments", "hospital",
        "prescri", "follow", "knowledge", "group", "outcome", "instrument", "/work", "ledger", "search", "lists", "file",
        "enterprises", "api/v1/hospital", "api/v1/ledger", "api/v1/work", "stage")  # fmt: skip
OWN_VERBS = sorted(name for name in VERBS if name.startswith("hospital."))


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return found()


def told(cast: Cast) -> Case:
    """Let a firm register and be treated with the real verbs, marked in every word that somebody writes."""
    firm, desk, expert = cast["enterprise"], cast["hospital_desk"], cast["expert"]
    said = {"product_name": f"{SECRET}产品", "problem_text": f"{SECRET}毛病", "contact_name": f"{SECRET}联系人",
            "contact_phone": f"{SECRET}0000", "model": f"{SECRET}型号"}  # fmt: skip
    case = service.draft_case(firm, cast.firm, **said)
    service.add_photo(firm, case, f"{SECRET}照片.png", PHOTO)
    case = service.register_case(firm, case, True)
    case = service.triage(desk, case, cast.department, 2, 3, on_market=False)
    case = service.decline_case(expert, service.propose_expert(desk, case, cast.doctor), f"{INSIDE}谢绝")
    case = service.accept_case(expert, service.propose_expert(desk, case, cast.doctor))
    service.ask_firm(expert, case, f"{SECRET}提问")
    case = service.resume_case(firm, case, f"{SECRET}答复")
    thread.say(expert, case, f"{INSIDE}内情", doctors_only=True, files=[_file()])
    case = service.examine(expert, case)
    service.diagnose(expert, case, "material", f"{SECRET}诊断", f"{SECRET}证据", f"{SECRET}漏出点")
    panel = panel_of(cast, case)
    panel.seats.filter(expert=cast.colleague).delete()
    for row in (panel, prescription_of(cast, case, "prescribed"), diagnosis_of(cast, case, version=2)):
        for name in ("reason", "advice", "statement"):
            if hasattr(row, name):
                setattr(row, name, f"{SECRET}内容")
        row.save()
    proof_of(cast, case, "proven", figures={"words": f"{SECRET}数字"})
    case.items.update(action=f"{SECRET}措施", owner=f"{SECRET}负责人")
    return Case.objects.get(pk=case.pk)


def _file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(f"{INSIDE}附件.png", PHOTO[0], "image/png")


def page_of(case: Case) -> str:
    return reverse("desk:hospital_case", args=[case.pk])


def entered(cast: Cast, name: str) -> Client:
    client = Client(raise_request_exception=True)
    if name != "public":
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def reachable(cast: Cast, name: str) -> list[str]:
    """Return every path that somebody may try, with the keys and the numbers of the case."""
    role = name if name in ("public", *ENFORCEMENT) else cast[name].grants.first().role
    keys = [str(pk) for pk in sorted({1, Attachment.objects.latest("pk").pk})]
    number = Case.objects.exclude(number=None).values_list("number", flat=True).first()
    values = {"pk": keys, "number": [number], "key": [str(number)], "kind": ["enterprises"], "step": ["1", "3"],
              "name": [one for one in LISTINGS if one.startswith("hospital")]}  # fmt: skip
    near = [one for one in paths(role, values) if any(word in one for word in NEAR)]
    return [*near, f"{reverse('desk:search')}?q={SECRET}", f"{reverse('desk:search')}?q={number}"]


@pytest.mark.parametrize("name", [*ENFORCEMENT, *OUTSIDE])
def test_nobody_outside_reads_a_word_of_a_case(cast: Cast, name: str) -> None:
    case = told(cast)
    answers = walk(entered(cast, name), reachable(cast, name))
    assert len(answers) > 20
    asked = reverse("desk:search")  # a search says what was asked for
    found_words = [one.path for one in answers if not one.path.startswith(asked)
                   for mark in (SECRET, INSIDE) if mark in one.text]  # fmt: skip
    assert found_words == []
    opened = [one.path for one in answers if one.path.startswith(page_of(case)) and one.status == 200]
    assert opened == []


def test_the_firm_reads_its_case_and_not_what_doctors_say_among_themselves(cast: Cast) -> None:
    told(cast)
    answers = walk(entered(cast, "enterprise"), reachable(cast, "enterprise"))
    assert [one.path for one in answers if SECRET in one.text and "/cases/" in one.path]
    assert [one.path for one in answers if INSIDE in one.text] == []


def test_those_who_treat_read_it(cast: Cast) -> None:
    case = told(cast)
    for name in ("expert", "hospital_desk", "hospital_manager", "desk_of_town"):
        page = entered(cast, name).get(page_of(case)).content.decode()
        assert SECRET in page and INSIDE in page, name


def test_the_ledger_tells_numbers_codes_and_days(cast: Cast) -> None:
    told(cast)
    for event in Event.objects.all():
        words = event.payload + json.dumps(json.loads(event.payload), ensure_ascii=False) + sentence(event)
        assert SECRET not in words and INSIDE not in words, event.verb


def test_pictures_and_papers_are_read_by_those_who_treat_alone(cast: Cast) -> None:
    told(cast)
    files = [reverse("core:file", args=[pk]) for pk in Attachment.objects.values_list("pk", flat=True)]
    assert len(files) >= 2
    for name in (*ENFORCEMENT, *OUTSIDE):
        client = entered(cast, name)
        assert {client.get(one).status_code for one in files} <= {302, 403, 404}, name


def test_lists_of_the_hospital_give_enforcement_nothing_of_a_case(cast: Cast) -> None:
    told(cast)
    for name, listing in LISTINGS.items():
        if not name.startswith("hospital"):
            continue
        for who in (*ENFORCEMENT, "laboratory", "other_enterprise", "colleague", "desk_elsewhere"):
            try:
                frame = listing.frame(cast[who], {})
            except InputError:  # a list of one thing that is not named
                continue
            assert SECRET not in frame.write_csv() and INSIDE not in frame.write_csv(), (name, who)


@pytest.mark.parametrize("name", ENFORCEMENT)
def test_no_verb_on_a_case_is_open_to_enforcement(cast: Cast, name: str) -> None:
    case = case_in(cast, "treating")
    allowed = [verb for verb in OWN_VERBS if can(cast[name], verb, case) and VERBS[verb].scope is not None]
    assert allowed == []


@pytest.mark.parametrize("name", ["hospital_desk", "hospital_manager", "expert"])
def test_who_also_enforces_does_nothing_for_the_hospital(cast: Cast, name: str) -> None:
    case = case_in(cast, "triaged")
    Grant.objects.create(person=cast[name], role="inspector", scope=cast.city.branch)
    assert not visible(cast[name], Case.objects.all()).exists()
    assert entered(cast, name).get(page_of(case)).status_code == 404
    with pytest.raises(PermissionDenied):
        service.withdraw_case(cast[name], case, "…")
    with pytest.raises(PermissionDenied):
        service.report_duty(cast[name], case, "life", "…")


def test_an_expert_sees_a_case_only_while_named(cast: Cast) -> None:
    case = service.propose_expert(cast["hospital_desk"], case_in(cast, "triaged"), cast.doctor)
    assert visible(cast["expert"], Case.objects.all()).get() == case
    service.decline_case(cast["expert"], case, "出差")
    assert not visible(cast["expert"], Case.objects.all()).exists()
    assert not visible(cast["expert"], Message.objects.all()).exists()


def test_what_is_reported_shows_the_statement_and_nothing_else(cast: Cast) -> None:
    case = told(cast)
    case.product_name = "插座"
    case.unit = cast.city.units[0]
    case.save()
    made = service.report_duty(cast["hospital_desk"], case, "market", "插座外壳带电，已在售。")
    for name in ENFORCEMENT[:-1]:
        client = entered(cast, name)
        page = client.get(reverse("desk:duty_report", args=[made.pk]))
        assert page.status_code == 200 and "插座外壳带电" in page.content.decode(), name
        assert SECRET not in page.content.decode() and INSIDE not in page.content.decode()
    assert made.firm_told_on == timezone.localdate()
