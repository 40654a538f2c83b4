"""Giving a clue, with a name under seal or without one, and tracking it by its number and code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.govern.bodies import MEMBERS, SECRETARY, concerned, in_secretariat, of_federation
from qualipolis.city.govern.checks import WHY, lengths, row_for, written
from qualipolis.city.govern.clues.flags import same_trade
from qualipolis.city.govern.models import Clue, ClueSender
from qualipolis.city.listen.intake import floods, secrecy
from qualipolis.city.listen.intake.letters import LETTERS, firm_named
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.terms import deadline, rule_number
from qualipolis.methods.problems import InputError, Problem, msg, refuse

PUBLIC = System("federation.public")
SERIES = "XS"
TEXTS = {"respondent_name": 160, "product_name": 120, "facts": 4000}
IDENTITY = {"name": 40, "phone": 20}
WAIT = msg("Wait until tomorrow, or call 12315. What you typed stays here.")


@dataclass(frozen=True)
class Given:
    """A clue taken in. ``code`` tracks it with its number: the last four digits, or a code made for it."""

    clue: Clue
    code: str

    @property
    def number(self) -> str:
        """The number under which the sender asks."""
        return self.clue.number


@verb("federation.raise_clue", roles=(*SECRETARY, *MEMBERS))
def raise_clue(
    actor: Any, thing: Enterprise | None = None, *, identity: Mapping[str, str] | None = None, pass_on: bool = False,
    says_competitor: bool | None = None, unit: Unit | None = None, language: str = "zh-hans", address: str = "", **said: str,
) -> Given:  # fmt: skip
    """Give a clue about a firm; the public does so as the system, with or without a name.

    Parameters
    ----------
    thing : the firm, where it is known; else it is found by its exact name or credit code
    identity : ``name`` and ``phone`` of the sender, sealed at once; without them the clue is anonymous
    pass_on : the sender agrees that market regulation learns the name when the clue is forwarded
    address : where it comes from, to slow down floods; it is not kept
    """
    values = {name: str(said.get(name, "")).strip() for name in TEXTS}
    sender = {name: str((identity or {}).get(name, "")).strip() for name in IDENTITY}
    firm = thing or firm_named(values["respondent_name"])
    values["respondent_name"] = values["respondent_name"] or (firm.name_zh if firm else "")
    key = secrecy.sender_key(sender["phone"])
    refuse([*_wrong(values, sender), *(_floods(key, address) if SYSTEM in roles_of(actor) else [])])
    today = timezone.localdate()
    number = f"{next_number(SERIES, today.year)}-{''.join(secrets.choice(LETTERS) for _n in range(5))}"
    digits = secrecy.digits(sender["phone"])
    code = digits[-secrecy.LEAST_TAIL :] if digits else f"{secrets.randbelow(10_000):04d}"
    values["facts"] = secrecy.redact(values["facts"], secrecy.tells(sender))
    made = Clue.objects.create(
        number=number, source=_source(actor), enterprise=firm, unit=unit or (firm.unit if firm else None),
        language=language, named=bool(sender["name"]), says_competitor=says_competitor, sender_key=key,
        same_trade=same_trade(actor, firm), track_key=secrecy.tracking_key(number, code),
        due_on=deadline("federation.clue.answer", today).due, **values,
    )  # fmt: skip
    ClueSender.objects.create(clue=made, sealed=secrecy.seal(sender), pass_on=pass_on and made.named)
    floods.came(key, address)
    record(_teller(actor), "federation.raise_clue", made, {"of": made.reference, "source": made.source})
    return Given(made, code)


def _teller(actor: Any) -> Any:
    """Who gave a clue is not named in the ledger either, unless the secretariat wrote it down."""
    return actor if in_secretariat(actor) else PUBLIC


def _source(actor: Any) -> str:
    if SYSTEM in roles_of(actor):
        return Clue.Source.PUBLIC
    return Clue.Source.SECRETARIAT if in_secretariat(actor) else Clue.Source.MEMBER


def _wrong(values: Mapping[str, str], sender: Mapping[str, str]) -> list[Problem | None]:
    found = [
        written(values["respondent_name"], "respondent_name", msg("Say about whom the clue is."), 160),
        written(values["facts"], "facts", msg("Say what happened."), 4000),
        *lengths(values, {"product_name": 120}),
        *lengths(sender, IDENTITY),
    ]
    if sender["phone"] and not 7 <= len(secrecy.digits(sender["phone"])) <= 13:
        what = msg("Check the telephone number: it has too few or too many digits.")
        found.append(Problem("bad_phone", what, place="phone"))
    return found


def _floods(key: str, address: str) -> list[Problem | None]:
    most = rule_number("federation.clue.daily")
    many = key and Clue.objects.filter(sender_key=key, raised_on=timezone.localdate()).count() >= most
    what = msg("%(n)s clues came from this telephone number today; that is the limit.")
    return [Problem("flood_of_sender", what, WAIT, {"n": most}) if many else None, floods.too_many("", 0, address)]


@verb("federation.open_sender", roles=SECRETARY, scope=of_federation)
def open_sender(actor: Any, thing: Clue, reason: str) -> dict[str, str]:
    """Open the seal over who gave a clue, for a stated reason and on record; only who screens it, never who is concerned."""
    row = row_for(actor, thing, "enterprise")
    if row.screened_by_id != getattr(actor, "pk", None) or concerned(actor, row.enterprise):
        raise PermissionDenied(_("Only who screens this clue may open the seal."))
    refuse(
        [written(reason, "reason", WHY), None if row.named else Problem("anonymous", msg("This clue is anonymous."))]
    )
    record(actor, "federation.open_sender", row, {"of": row.reference})
    return secrecy.unseal(row.sender.sealed)


def find(number: str, code: str, address: str = "") -> Clue:
    """Return the clue of a number and its code; ``InputError`` when they do not match, or did not too often."""
    said = "".join(number.upper().replace("—", "-").replace("－", "-").split())[:24]
    if problem := floods.cooling(said, address):
        raise InputError([problem])
    row = Clue.objects.filter(number=said).first()
    if secrecy.tracks(said, code, row.track_key if row else "") and row is not None:
        return row
    with transaction.atomic():
        floods.missed(said, address)
    raise InputError([Problem("not_found", msg("No clue has this number with this code."), place="number")])
