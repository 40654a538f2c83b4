"""Who sent a letter: sealed, opened by few with a ground on record, masked for lists, taken out of texts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.listen.cast import CONSUMER, PUBLIC, SYSTEM, Cast, complaint_in, letter, report_in

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import identities, secrecy, tracking
from qualipolis.city.listen.intake.floods import MISSES_OF_LETTER
from qualipolis.city.listen.models import Identity, Letter
from qualipolis.methods.problems import InputError

EVERYBODY = (
    "leader", "planner", "department", "town_officer", "inspector", "laboratory", "enterprise", "other_enterprise",
    "auditor", "admin", "hospital_desk", "hospital_manager", "desk_elsewhere", "other_mediator",
)  # fmt: skip


def test_it_seals_what_was_said_and_every_seal_differs() -> None:
    first, second = secrecy.seal(CONSUMER), secrecy.seal(CONSUMER)
    assert first != second and secrecy.unseal(first) == CONSUMER
    assert not any(part.encode() in first for part in CONSUMER.values())


def test_it_opens_old_seals_after_the_secret_was_changed(settings: Any) -> None:
    old, sealed, key = settings.SECRET_KEY, secrecy.seal(CONSUMER), secrecy.tracking_key("L1", "5678")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
    assert secrecy.unseal(sealed) == CONSUMER and secrecy.tracks("L1", "5678", key)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(secrecy.SealBroken):
        secrecy.unseal(sealed)


def test_it_lets_the_officer_of_a_complaint_open_the_seal_on_record(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    assert service.open_identity(cast["complaint_desk"], row.letter, "contact") == CONSUMER
    event = Event.objects.get(verb="listen.reveal_identity")
    assert event.payload == '{"why":"contact"}' and event.actor == "l-complaint_desk"


def test_it_refuses_another_officer_than_the_one_who_handles(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    with pytest.raises(PermissionDenied):
        service.open_identity(cast["second_desk"], row.letter, "contact")


@pytest.mark.parametrize("state", ["entrusted", "paused"])
def test_it_shows_the_mediator_name_and_phone_while_entrusted(cast: Cast, state: str) -> None:
    row = complaint_in(
        cast, state, **({"paused_from": "entrusted", "mediator": cast.federation} if state == "paused" else {})
    )
    shown = service.open_identity(cast["mediator"], row.letter, "mediate")
    assert shown == {"name": CONSUMER["name"], "phone": CONSUMER["phone"]}


def test_it_closes_the_seal_to_the_mediator_once_given_back(cast: Cast) -> None:
    row = complaint_in(cast, "mediating", mediator=cast.federation)
    with pytest.raises(PermissionDenied):
        service.open_identity(cast["mediator"], row.letter, "mediate")


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("make", [complaint_in, report_in])
def test_it_opens_to_nobody_else(cast: Cast, role: str, make: Any) -> None:
    row = make(cast, "checking" if make is report_in else "entrusted")
    with pytest.raises(PermissionDenied):
        service.open_identity(cast[role], row.letter, "contact")
    assert not Event.objects.filter(verb="listen.reveal_identity").exists()


@pytest.mark.parametrize("actor", [SYSTEM, PUBLIC])
def test_it_opens_to_no_program(cast: Cast, actor: Any) -> None:
    with pytest.raises(PermissionDenied):
        service.open_identity(actor, complaint_in(cast, "mediating").letter, "contact")


def test_it_opens_an_informant_to_the_officer_of_the_report_alone(cast: Cast) -> None:
    row = report_in(cast, "checking", inspector=cast["inspector"])
    assert service.open_identity(cast["complaint_desk"], row.letter, "inform") == CONSUMER
    for role in ("second_desk", "desk_of_town", "inspector", "mediator"):
        with pytest.raises(PermissionDenied):
            service.open_identity(cast[role], row.letter, "inform")
    assert identities.masked(cast["complaint_desk"], row.letter) == ""


def test_it_masks_a_complainant_for_who_may_open_it(cast: Cast) -> None:
    row = complaint_in(cast, "received")
    assert identities.masked(cast["complaint_desk"], row.letter) == "甄**, 138****5678"
    assert identities.masked(cast["desk_elsewhere"], row.letter) == identities.masked(cast["planner"], row.letter) == ""


@pytest.mark.parametrize("role", [*EVERYBODY, "complaint_desk", "mediator"])
def test_it_lists_identities_to_nobody(cast: Cast, role: str) -> None:
    letter(cast)
    assert not visible(cast[role], Identity.objects.all()).exists()


@pytest.mark.parametrize("role", EVERYBODY)
def test_it_shows_letters_to_the_desk_alone(cast: Cast, role: str) -> None:
    report_in(cast, "received")
    complaint_in(cast, "received")
    assert not visible(cast[role], Letter.objects.all()).exists()
    assert visible(cast["desk_of_branch"], Letter.objects.all()).count() == 2


def test_it_takes_the_sender_out_of_a_text(cast: Cast) -> None:
    facts = "我是甄示范，住示范路8号302室，电话138-0013-5678，身份证990101199003078519，邮箱zhen@example.org。"
    row = letter(cast, facts=facts)
    shown = identities.without_sender(row)
    assert not any(part in shown for part in ("甄示范", "示范路", "5678", "990101", "example"))


def test_it_completes_an_identity_without_losing_what_was_there(cast: Cast) -> None:
    row = complaint_in(cast, "identity_requested")
    made = identities.complete(row.letter, {"id_kind": "id_card", "id_number": CONSUMER["id_number"]})
    assert made.proved and secrecy.unseal(made.sealed) == CONSUMER


def test_it_lets_the_sender_give_the_missing_proof(cast: Cast) -> None:
    row = complaint_in(cast, "identity_requested")
    service.complete_identity(PUBLIC, row.letter, {"id_kind": "id_card", "id_number": CONSUMER["id_number"]})
    row.refresh_from_db()
    assert row.status == "received" and CONSUMER["id_number"] not in str(
        list(Event.objects.values_list("payload", flat=True))
    )
    with pytest.raises(InputError):
        service.complete_identity(PUBLIC, complaint_in(cast, "closed").letter, {"name": "另一人"})


def test_it_counts_letters_of_one_sender_for_the_desk_alone(cast: Cast) -> None:
    rows = [complaint_in(cast).letter for _n in range(10)]
    assert identities.frequent(cast["complaint_desk"], rows[-1]) == 10
    assert [identities.frequent(cast[role], rows[-1]) for role in ("mediator", "planner", "desk_elsewhere")] == [
        None
    ] * 3
    assert identities.frequent(cast["complaint_desk"], letter(cast, None)) is None


def test_it_finds_a_letter_by_number_and_last_four_digits(cast: Cast) -> None:
    row = letter(cast, number="2026-L9-K7Q4M", phone_key=secrecy.tracking_key("2026-L9-K7Q4M", "5678"))
    assert tracking.find(" 2026—l9-k7q4m", "5678") == row


@pytest.mark.parametrize(
    ("number", "code"), [("2026-L9-K7Q4M", "5679"), ("2026-L9", "5678"), ("", ""), ("2026-L9-K7Q4M", "")]
)
def test_it_finds_nothing_otherwise(cast: Cast, number: str, code: str) -> None:
    letter(cast, number="2026-L9-K7Q4M", phone_key=secrecy.tracking_key("2026-L9-K7Q4M", "5678"))
    with pytest.raises(InputError):
        tracking.find(number, code)


def test_it_slows_down_who_guesses_and_nobody_else(cast: Cast) -> None:
    letter(cast, number="2026-L9-K7Q4M", phone_key=secrecy.tracking_key("2026-L9-K7Q4M", "5678"))
    for guess in range(MISSES_OF_LETTER):
        with pytest.raises(InputError):
            tracking.find("2026-L9-K7Q4M", f"000{guess}", "10.0.0.1")
    with pytest.raises(InputError) as raised:
        tracking.find("2026-L9-K7Q4M", "5678", "10.0.0.1")
    assert raised.value.problems[0].code == "cooling"
    assert tracking.find("2026-L9-K7Q4M", "5678", "10.0.0.2").number == "2026-L9-K7Q4M"
