"""What a letter must say before it is taken in: everything that is wrong is named at once, nothing is asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.intake.models import Letter
from qualipolis.law.listening.rules import ORDER_20_FROM
from qualipolis.methods.problems import Problem, msg, refuse

COMPLAINT, REPORT, BOTH = "complaint", "report", "both"
TRACKS = (COMPLAINT, REPORT, BOTH)
LENGTHS = {
    "respondent_name": 160, "respondent_place": 200, "platform": 120, "product_name": 120, "brand": 80, "model": 80,
    "batch": 80, "order_no": 80, "facts": 4000, "claim": 1000, "product_class": 60, "hazard": 60,
}  # fmt: skip
IDENTITY_LENGTHS = {"name": 40, "phone": 20, "address": 160, "id_kind": 16, "id_number": 30}
OTHERS = ("bought_on", "price", "injured", "unit", "enterprise", "language")
ID_KINDS = {
    "id_card": msg("resident identity card"),
    "passport": msg("passport"),
    "permit": msg("travel or residence permit"),
    "licence": msg("business licence of an organisation"),
}
MOST_PRICE = Decimal(10) ** 9
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_MISSING = {
    "respondent_name": msg("Say about whom you complain."),
    "facts": msg("Say what happened."),
    "claim": msg("Say what you ask for."),
}


@dataclass(frozen=True)
class Prepared:
    """A letter that was looked through: what it says, who sent it, and which tracks it opens."""

    track: str
    values: Mapping[str, Any]
    identity: Mapping[str, str]
    received_on: date
    channel: str = Letter.Channel.WEB
    photos: tuple[tuple[str, Any], ...] = field(default=())


def prepare(
    *,
    track: str,
    identity: Mapping[str, str] | None = None,
    channel: str = Letter.Channel.WEB,
    received_on: date | None = None,
    photos: tuple[tuple[str, Any], ...] = (),
    **said: Any,
) -> Prepared:
    """Return a letter ready to be taken in, or raise with everything that is wrong with it."""
    if unknown := set(said) - {*LENGTHS, *OTHERS}:
        raise TypeError(f"a letter has no {sorted(unknown)}")
    values = {name: " ".join(str(value).split()) if name in LENGTHS and name not in ("facts", "claim") else value
              for name, value in said.items()}  # fmt: skip
    values |= {name: str(values.get(name, "")).strip() for name in ("facts", "claim")}
    sender = {name: str((identity or {}).get(name, "")).strip() for name in secrecy.FIELDS}
    received = received_on or timezone.localdate()
    refuse([
        *_said_wrong(track, values),
        *_days_wrong(received, values.get("bought_on")),
        *identity_wrong(sender, needed=track != REPORT and channel == Letter.Channel.WEB),
        None if channel in Letter.Channel.values else Problem("bad_channel", msg("Say how the letter came."), place="channel"),
    ])  # fmt: skip
    values["price"] = _price(values.get("price"))
    return Prepared(track, values, sender, received, channel, photos)


def _said_wrong(track: str, values: Mapping[str, Any]) -> list[Problem]:
    found = []
    if track not in TRACKS:
        found.append(Problem("no_track", msg("Choose what you want: help with a dispute, a check of the firm, or both."), place="track"))  # fmt: skip
    needed = ("respondent_name", "facts") if track == REPORT else tuple(_MISSING)
    found += [Problem(f"no_{name}", _MISSING[name], place=name) for name in needed if not values.get(name)]
    for name, most in LENGTHS.items():
        if len(str(values.get(name, ""))) > most:
            found.append(Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, name))
    if _price(values.get("price")) is None and values.get("price") not in (None, ""):
        found.append(Problem("bad_price", msg("Give the price in yuan, for example 299.00."), place="price"))
    return found


def _price(said: Any) -> Decimal | None:
    try:
        found = Decimal(str(said).strip()) if said not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and 0 <= found <= MOST_PRICE else None


def _days_wrong(received: date, bought: date | None) -> list[Problem]:
    found = not_ahead(received, "received_on", ORDER_20_FROM)
    if bought is not None:
        found += not_ahead(bought, "bought_on", date(1990, 1, 1))
    return found


def identity_wrong(sender: Mapping[str, str], *, needed: bool) -> list[Problem]:
    """Return what is wrong with what somebody said of themselves; ``needed``: a name and a telephone are."""
    found = []
    if needed and not sender.get("name"):
        found.append(Problem("no_name", msg("Give your name: a complaint is mediated between two named parties."), place="name"))  # fmt: skip
    phone = sender.get("phone", "")
    if needed and not phone:
        found.append(Problem("no_phone", msg("Give your telephone number, so that we can reach you."), place="phone"))
    if phone and not 7 <= len(secrecy.digits(phone)) <= 13:
        found.append(Problem("bad_phone", msg("Check the telephone number: it has too few or too many digits."), place="phone"))  # fmt: skip
    for name, most in IDENTITY_LENGTHS.items():
        if len(sender.get(name, "")) > most:
            found.append(Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, name))
    return found + _proof_wrong(sender.get("id_kind", ""), sender.get("id_number", ""))


def _proof_wrong(kind: str, number: str) -> list[Problem]:
    if not number:
        return []
    if kind not in ID_KINDS:
        return [Problem("no_id_kind", msg("Say what kind of proof it is."), place="id_kind")]
    if kind == "id_card" and not is_id_card(number):
        what = msg("Check the number of the identity card: 18 characters, the last one is a check digit.")
        return [Problem("bad_id_number", what, place="id_number")]
    return []


def is_id_card(number: str) -> bool:
    """Whether a number can be that of an identity card (GB 11643): 17 digits and their check digit.

    >>> is_id_card("990101199003078519"), is_id_card("990101199003078518"), is_id_card("1")
    (True, False, False)
    """
    text = number.upper()
    if len(text) != 18 or not (text[:17].isascii() and text[:17].isdigit()):
        return False
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True)) % 11] == text[17]
