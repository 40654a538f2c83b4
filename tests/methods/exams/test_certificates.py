"""A good certificate told from one that is forged, altered, revoked, replaced, expired or unknown, with a key alone."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.exams.certificate import (
    NO_REGISTER,
    OLD_REGISTER,
    VERDICTS,
    YOUNGER,
    Entry,
    canonical,
    check,
    digest_of,
    key_id,
    keys_in,
    public_of,
    read_register,
    sign,
    text_of,
    write_register,
)
from qualipolis.methods.problems import InputError

OURS, THEIRS = bytes(range(32)), bytes(range(1, 33))
KEY, FOREIGN = public_of(OURS), public_of(THEIRS)
DAY, MADE, NEXT = dt.date(2026, 6, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 30)
SAID = {
    "v": 1, "no": "2026-ZS1", "holder": "示例人员", "course_zh": "首席质量官培训", "hours": "24", "issued_on": "2026-05-06",
    "valid_to": "2028-05-06", "key": key_id(KEY),
}  # fmt: skip


def text(said: dict[str, object], secret: bytes = OURS, signed: dict[str, object] | None = None) -> str:
    return text_of(canonical(said), sign(canonical(signed or said), secret))


def register(state: str = "issued", on: dt.date = dt.date(2026, 5, 6), secret: bytes = OURS) -> str:
    entry = Entry("2026-ZS1", digest_of(canonical(SAID)), state, on)
    return write_register([entry], MADE, NEXT, secret)


def verdict(told: str, day: dt.date = DAY, listed: str | None = None) -> str:
    return check(told, {KEY}, day, read_register(listed, {KEY}) if listed else None).kind


def test_a_good_one_is_good_and_says_what_cannot_be_known_without_the_register() -> None:
    assert verdict(text(SAID), listed=register()) == "good"
    assert check(text(SAID), {KEY}, DAY).notes == (NO_REGISTER,)


@pytest.mark.parametrize("listed", [None, register()])
def test_one_that_was_changed_is_altered(listed: str | None) -> None:
    changed = text(SAID | {"holder": "另一人"}, signed=SAID)
    assert verdict(changed, listed=listed) == "altered"


@pytest.mark.parametrize("listed", [None, register()])
def test_one_signed_with_another_key_is_forged(listed: str | None) -> None:
    made_up = SAID | {"no": "2026-ZS999", "key": key_id(FOREIGN)}
    assert verdict(text(made_up, THEIRS), listed=listed) == "forged"


def test_with_the_register_a_number_that_was_never_issued_is_forged_even_under_our_name() -> None:
    made_up = text(SAID | {"no": "2026-ZS999"}, THEIRS)
    assert (verdict(made_up), verdict(made_up, listed=register())) == ("altered", "forged")


@pytest.mark.parametrize("state", ["revoked", "replaced"])
def test_one_that_stands_no_longer_is_told_from_its_day_on(state: str) -> None:
    listed = register(state, dt.date(2026, 5, 20))
    assert verdict(text(SAID), listed=listed) == state
    assert verdict(text(SAID), dt.date(2026, 5, 19), listed) == "good"
    assert verdict(text(SAID), dt.date(2029, 1, 1), listed) == state


def test_one_that_has_run_out_is_expired_the_day_after_its_last() -> None:
    assert verdict(text(SAID), dt.date(2028, 5, 6), register()) == "good"
    assert verdict(text(SAID), dt.date(2028, 5, 7), register()) == "expired"
    assert verdict(text(SAID), dt.date(2026, 5, 5), register()) == "not_yet"


def test_one_signed_with_our_key_that_the_register_does_not_know_is_not_called_good() -> None:
    other = SAID | {"no": "2026-ZS2"}
    assert verdict(text(other), listed=register()) == "unregistered"
    assert verdict(text(SAID | {"hours": "99"}), listed=register()) == "unregistered"


def test_one_that_is_younger_than_the_register_is_good_and_the_check_says_so() -> None:
    younger = text(SAID | {"no": "2026-ZS2", "issued_on": "2026-06-01"})
    found = check(younger, {KEY}, DAY, read_register(register(), {KEY}))
    assert found.kind == "good" and found.notes == (YOUNGER,)


def test_an_old_register_is_named_as_such() -> None:
    found = check(text(SAID), {KEY}, dt.date(2026, 7, 1), read_register(register(), {KEY}))
    assert found.kind == "good" and found.notes == (OLD_REGISTER,)


def test_a_register_of_somebody_else_says_nothing() -> None:
    with pytest.raises(InputError):
        read_register(register("issued", secret=THEIRS), {KEY})
    told = json.loads(register("revoked"))
    told["register"]["entries"][0][2] = "issued"
    with pytest.raises(InputError):
        read_register(json.dumps(told), {KEY})


@pytest.mark.parametrize(
    "told",
    [
        "",
        "QPC1..",
        "QPC1.e30.AA",
        "QPC2.e30.AA",
        "QPC1.****.AA",
        "x" * 9000,
        "QPC1.W10.AA",
        "QPC1." + "W1t" * 900 + ".AA",
    ],
)
def test_what_is_no_certificate_is_unreadable(told: str) -> None:
    assert verdict(told) == "unreadable"


def test_line_breaks_of_a_scanner_do_not_matter() -> None:
    told = text(SAID)
    assert verdict("\n".join(told[n : n + 40] for n in range(0, len(told), 40)) + " \n") == "good"


@given(st.data())
def test_no_change_of_a_single_character_passes(data: st.DataObject) -> None:
    told = text(SAID)
    place = data.draw(st.integers(0, len(told) - 1))
    char = data.draw(st.sampled_from("ABCabc019-_."))
    changed = told[:place] + char + told[place + 1 :]
    found = check(changed, {KEY}, DAY)
    if found.kind == "good":  # the last character of base64 may carry bits that mean nothing
        assert found.said == SAID
    else:
        assert found.kind in ("altered", "forged", "unreadable")


def test_every_verdict_has_its_words_and_keys_are_read_as_hex_or_pem() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(KEY))
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert keys_in(pem) == {KEY} == keys_in(f"{KEY.upper()}\n") and keys_in(pem[:60] + "BEGIN PUBLIC KEY") == set()
    assert all(VERDICTS.values()) and len(set(VERDICTS.values())) == len(VERDICTS)
