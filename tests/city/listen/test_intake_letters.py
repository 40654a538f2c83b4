"""Letters taken in: the tracks they open, the order in force, what is asked for, floods, and nothing lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, FACTS, PUBLIC, Cast

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import floods, photographs
from qualipolis.city.listen.intake.letters import photos
from qualipolis.city.listen.models import Complaint, Knock, Letter, Report
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def sent(cast: Cast, track: str = "complaint", actor: Any = PUBLIC, **more: Any) -> Any:
    said: dict[str, Any] = {
        "track": track, "identity": CONSUMER, "respondent_name": cast.firm.name_zh, "enterprise": cast.firm,
        "facts": FACTS, "claim": "退货并退款", "product_name": "电暖器",
    }  # fmt: skip
    return service.receive_letter(actor, None, **said | more)


def codes(raised: Any) -> set[str]:
    return {problem.code for problem in raised.value.problems}


@pytest.mark.parametrize(("track", "complaints", "reports"), [("complaint", 1, 0), ("report", 0, 1), ("both", 1, 1)])
def test_it_opens_the_tracks_that_were_asked_for(cast: Cast, track: str, complaints: int, reports: int) -> None:
    made = sent(cast, track)
    assert (Complaint.objects.count(), Report.objects.count()) == (complaints, reports)
    assert made.letter.unit == cast.unit and made.letter.identity.secret == (track == "report")
    assert Event.objects.filter(verb="listen.receive_letter").count() == 1


def test_it_gives_each_track_the_term_of_its_day_of_receipt(cast: Cast) -> None:
    day = date(2026, 4, 14)
    made = sent(cast, "both", cast["complaint_desk"], received_on=day, channel="post")
    assert made.complaint.due_on == deadline("complaint.acceptance", day).due
    assert made.report.due_on == deadline("report.check", day).due
    assert made.letter.entered_by == cast["complaint_desk"]


def test_it_ends_a_number_with_letters_nobody_can_guess(cast: Cast) -> None:
    first, second = sent(cast), sent(cast, facts="又一件事。")
    assert first.number.rpartition("-")[2] != second.number.rpartition("-")[2]
    assert first.code == CONSUMER["phone"][-4:] and str(first.letter) == first.number.rpartition("-")[0]


def test_it_gives_an_anonymous_informant_a_code(cast: Cast) -> None:
    made = sent(cast, "report", identity=None, claim="")
    assert len(made.code) == 4 and made.code.isdigit() and not made.report.named and made.letter.sender_key == ""


def test_it_names_everything_that_is_missing_at_once(cast: Cast) -> None:
    with pytest.raises(InputError) as raised:
        sent(cast, identity=None, respondent_name="", facts=" ", claim="", enterprise=None)
    assert codes(raised) == {"no_respondent_name", "no_facts", "no_claim", "no_name", "no_phone"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"track": "else"}, "no_track"),
        ({"price": "much"}, "bad_price"),
        ({"price": "NaN"}, "bad_price"),
        ({"facts": "x" * 4001}, "too_long"),
        ({"identity": CONSUMER | {"phone": "12"}}, "bad_phone"),
        ({"identity": CONSUMER | {"id_number": "990101199003078518"}}, "bad_id_number"),
        ({"bought_on": date(2999, 1, 1)}, "future_day"),
    ],
)
def test_it_refuses_what_cannot_be(cast: Cast, more: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as raised:
        sent(cast, **more)
    assert code in codes(raised) and not Letter.objects.exists()


def test_it_refuses_a_day_of_receipt_in_the_future(cast: Cast) -> None:
    with pytest.raises(InputError) as raised:
        sent(cast, actor=cast["complaint_desk"], received_on=timezone.localdate() + timedelta(days=1))
    assert codes(raised) == {"future_day"}


@pytest.mark.parametrize("role", ["inspector", "planner", "enterprise", "auditor", "mediator"])
def test_it_lets_nobody_else_write_a_letter_down(cast: Cast, role: str) -> None:
    with pytest.raises(PermissionDenied):
        sent(cast, actor=cast[role])


def test_it_slows_one_sender_down_and_nobody_else(cast: Cast) -> None:
    for n in range(5):
        sent(cast, address="10.0.0.1", facts=f"第{n}件事。")
    with pytest.raises(InputError) as raised:
        sent(cast, address="10.0.0.2")
    assert codes(raised) == {"flood_of_sender"}
    sent(cast, identity=CONSUMER | {"phone": "13900139000"}, address="10.0.0.1")
    sent(cast, actor=cast["complaint_desk"])  # what is told at the desk is written down in any case


def test_it_slows_one_address_down_that_sends_without_telephone(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(floods, "MOST_UNSIGNED", 2)
    for _n in range(2):
        sent(cast, "report", identity=None, address="10.0.0.1")
    with pytest.raises(InputError) as raised:
        sent(cast, "report", identity=None, address="10.0.0.1")
    assert codes(raised) == {"flood_of_address"}
    sent(cast, "report", identity=None, address="10.0.0.2")
    sent(cast, address="10.0.0.1")


def test_it_takes_a_button_pressed_twice_for_one_letter(cast: Cast) -> None:
    first, second = sent(cast), sent(cast)
    assert (first.number, first.code) == (second.number, second.code) and Letter.objects.count() == 1
    sent(cast, identity=CONSUMER | {"phone": "13900139000"})
    assert Letter.objects.count() == 2


def test_it_keeps_no_address_and_forgets_who_knocked(cast: Cast) -> None:
    sent(cast, address="203.0.113.7")
    assert "203.0.113.7" not in str(list(Knock.objects.values()))
    assert floods.forget(timezone.now()) == 0 and floods.forget(timezone.now() + timedelta(hours=3)) == 1


def test_it_keeps_photos_and_refuses_other_files(cast: Cast) -> None:
    made = sent(cast, photos=(("照片.png", [PNG]),))
    assert [one.media_type for one in photos(made.letter)] == ["image/png"]
    with pytest.raises(InputError):
        sent(cast, facts="又一件事。", photos=(("run.exe", [b"MZ\x00\x00"]),))
    with pytest.raises(InputError):
        sent(cast, facts="又一件事。", photos=(("big.png", [PNG, b"0" * photographs.LIMIT]),))
    assert Letter.objects.count() == 1


def test_it_takes_the_place_out_of_a_photo(cast: Cast) -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04AB\xff\xe1\x00\x08GPSLAT\xff\xda\x00\x02data\xff\xd9"
    assert b"".join(photographs.without_place([jpeg])) == jpeg.replace(b"\xff\xe1\x00\x08GPSLAT", b"")
    chunk = b"\x00\x00\x00\x03eXIfGPS\x00\x00\x00\x00"
    png = PNG[:8] + chunk + b"\x00\x00\x00\x00IEND\x00\x00\x00\x00"
    assert b"".join(photographs.without_place([png])) == png.replace(chunk, b"")


def test_it_places_a_letter_and_its_tracks(cast: Cast) -> None:
    made = sent(cast, "both", enterprise=None)
    assert made.letter.unit is None and not visible(cast["desk_of_town"], Letter.objects.all()).exists()
    service.place_letter(cast["complaint_desk"], made.letter, enterprise=cast.firm)
    for model in (Letter, Complaint, Report):
        assert visible(cast["desk_of_town"], model.objects.all()).get().unit == cast.unit
        assert not visible(cast["desk_elsewhere"], model.objects.all()).exists()


def test_it_classifies_a_letter_by_a_person_alone(cast: Cast) -> None:
    made = sent(cast)
    assert made.letter.product_class == ""
    row = service.classify_letter(cast["desk_of_branch"], made.letter, "小家电", "过热")
    assert (row.product_class, row.hazard) == ("小家电", "过热")
