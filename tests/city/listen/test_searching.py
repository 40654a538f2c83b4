"""Searching what the city has heard: who finds what, what is never indexed, typing mended, in step with the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, Cast, complaint_in, letter, report_in

from qualipolis.city.core.sweeps import run_sweeps
from qualipolis.city.listen import search_index, service
from qualipolis.city.listen.models import Alert, Complaint, Letter, PublicWarning
from qualipolis.city.listen.search_sources import documents
from qualipolis.city.listen.searching import kinds, search
from qualipolis.lake.search.tokens import tokens

pytestmark = pytest.mark.django_db
SECRET = "举报他们在地下室偷偷灌装假酒"


def alert(reference: str = "A1", **more: Any) -> Alert:
    values = {
        "product": "Portable electric heater",
        "alerted_on": date(2026, 3, 1),
        "hazards": ["fire"],
        "source": "CPSC",
    }
    return Alert.objects.create(reference=reference, **values | more)


def names(cast: Cast, person: str, query: str, kind: str = "") -> list[str]:
    return [one.kind for one in search(cast[person], query, kind).found]


def test_before_the_first_build_it_says_that_it_is_not_ready(cast: Cast) -> None:
    assert search(cast["complaint_desk"], "电暖器").ready is False


def test_the_desk_finds_its_complaints_with_the_words_that_found_them(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    search_index.rebuild()
    found = search(cast["complaint_desk"], "冒烟 电暖器").found
    assert [(one.kind, one.row.pk) for one in found] == [("complaint", row.pk)]
    assert set(found[0].why) == {"冒烟", "电暖器"} and row.number in found[0].title


@pytest.mark.parametrize(
    ("person", "sees"),
    [("complaint_desk", 1), ("desk_of_town", 1), ("desk_elsewhere", 0), ("mediator", 0), ("inspector", 0),
     ("department", 0), ("planner", 0), ("leader", 0), ("auditor", 0), ("admin", 0), ("enterprise", 0)],
)  # fmt: skip
def test_others_find_no_complaint(cast: Cast, person: str, sees: int) -> None:
    complaint_in(cast, "accepted")
    search_index.rebuild()
    assert len(names(cast, person, "冒烟")) == sees


def test_a_mediator_finds_what_is_entrusted_without_its_facts(cast: Cast) -> None:
    complaint_in(cast, "entrusted")
    search_index.rebuild()
    found = search(cast["mediator"], "冒烟").found
    assert [one.kind for one in found] == ["complaint"] and found[0].about == ""
    assert search(cast["other_mediator"], "冒烟").found == ()


def test_who_sent_it_and_the_key_of_the_number_are_in_no_document(cast: Cast) -> None:
    name, phone = CONSUMER["name"], CONSUMER["phone"]
    letter(cast, facts=f"我是{name}，电话{phone}，身份证{CONSUMER['id_number']}，电暖器冒烟。", number="L2026-1-QRSTU")
    kept = " ".join(one.text for part in search_index.PARTS for one in documents(part))
    assert "冒烟" in kept and "L2026-1" in kept
    for secret in (name, phone, CONSUMER["id_number"], "QRSTU"):
        assert secret not in kept


def test_reports_are_found_by_the_desk_alone(cast: Cast) -> None:
    report_in(cast, "checking", inspector=cast["inspector"], letter=letter(cast, secret=True, facts=SECRET))
    search_index.rebuild()
    assert names(cast, "complaint_desk", "灌装假酒") == ["letter"]
    for person in ("inspector", "department", "leader", "auditor", "enterprise", "desk_elsewhere", "mediator"):
        assert names(cast, person, "灌装假酒") == [], person


def test_nobody_else_asks_the_index_of_the_desk(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = search_index.opened
    monkeypatch.setattr(search_index, "opened", lambda part: asked.append(part) or real(part))
    complaint_in(cast, "accepted")
    search_index.rebuild()
    asked.clear()
    search(cast["department"], "冒烟")
    assert asked == ["open"] and "complaint" not in kinds(cast["department"])


def test_a_mended_word_tells_nothing_of_what_somebody_may_not_see(cast: Cast) -> None:
    complaint_in(cast, "accepted", letter=letter(cast, facts="电暖器冒烟。"))
    search_index.rebuild()
    assert [one.meant for one in search(cast["complaint_desk"], "maoyan").corrected] == ["冒烟"]
    assert search(cast["desk_elsewhere"], "maoyan").corrected == ()


def test_slips_and_pinyin_are_mended(cast: Cast) -> None:
    alert()
    alert("A2", product="充电宝", hazards=["起火"])
    search_index.rebuild()
    assert names(cast, "planner", "chongdianbao") == ["alert"]
    assert names(cast, "planner", "heatre") == ["alert"]


def test_kinds_narrow_what_is_found(cast: Cast) -> None:
    alert()
    PublicWarning.objects.create(number="W1", title_zh="heater 警示", products="heater", hazard="fire", advice="停用")
    search_index.rebuild()
    assert set(names(cast, "planner", "heater")) == {"alert", "warning"}
    assert names(cast, "planner", "heater", "warning") == ["warning"]
    assert search(cast["planner"], "heater").counts() == {"alert": 1, "warning": 1}


def test_a_tick_takes_in_what_the_ledger_names(cast: Cast) -> None:
    run_sweeps(timezone.now())
    row = complaint_in(cast, "received", competent=None)
    assert names(cast, "complaint_desk", "羽绒服") == []
    Letter.objects.filter(pk=row.letter_id).update(facts="羽绒服跑绒。")
    service.classify_letter(cast["complaint_desk"], row.letter, "clothing")
    assert int(str(run_sweeps(timezone.now())["listen.search"])) >= 1
    assert names(cast, "complaint_desk", "羽绒服") == ["complaint"]


def test_what_is_gone_leaves_the_index(cast: Cast) -> None:
    row = letter(cast)
    search_index.rebuild()
    assert names(cast, "complaint_desk", "冒烟") == ["letter"]
    made = Complaint.objects.create(number="TS1", letter=row, received_on=row.received_on, unit=row.unit)
    service.classify_letter(cast["complaint_desk"], row, "appliances")
    search_index.catch_up()
    assert names(cast, "complaint_desk", "冒烟") == ["complaint"] and made.pk


def test_a_damaged_index_is_built_again(cast: Cast) -> None:
    alert()
    search_index.rebuild()
    (search_index.folder("open") / "settings.json").write_text("{")
    search_index._OPEN.clear()
    assert search(cast["planner"], "heater").ready is False
    search_index.catch_up()
    assert names(cast, "planner", "heater") == ["alert"]


def test_nothing_that_is_typed_breaks_it(cast: Cast) -> None:
    alert()
    search_index.rebuild()
    for query in ("", " ", "*:*", '"', "text:", "(", "AND OR", "\x00", "的" * 300, "a" * 5000, "’;--", "%"):
        assert search(cast["planner"], query).ready


def test_tokens_of_the_index_are_those_of_the_texts() -> None:
    assert "冒烟" in tokens("电暖器冒烟")
