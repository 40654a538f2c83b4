"""Verbs of instruments under compulsory verification: registered, handed in, verified, taken out of use, scrapped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import own_codes, person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.nqi.licences.reminding import remind, window
from qualipolis.city.nqi.licences.visibility import OFFICE, body_of
from qualipolis.city.nqi.metrology.models import Instrument, PublicStandard, Verification
from qualipolis.city.nqi.metrology.visibility import firm_of
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Enterprise, Institution, Qualification
from qualipolis.city.registry.validity import valid_on
from qualipolis.law.nqi.instruments import BY_CODE
from qualipolis.law.nqi.licence_rules import INSTRUMENT_REMINDERS
from qualipolis.law.nqi.validity import valid_until
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"name": 120, "model": 80, "serial_no": 80, "maker": 120, "accuracy": 120, "place": 160}
NAMED = {"name": msg("Name the instrument."), "serial_no": msg("Give the serial number.")}
FIRM = ("enterprise",)


def cleaned(given: dict[str, Any]) -> dict[str, Any]:
    """Return the texts of an instrument, bounded."""
    return {name: str(given.get(name) or "").strip()[:most] for name, most in TEXTS.items()}


def faults(values: dict[str, Any]) -> list[Problem | None]:
    """Return what keeps an instrument out of the ledger, from a form or from a line of a list."""
    kind, months, last = values["kind"], values.get("months"), values.get("last_on")
    longest = BY_CODE[kind].months if kind in BY_CODE else 0
    return [
        *(Problem(f"no_{name}", what, place=name) for name, what in NAMED.items() if not values[name]),
        None if kind in BY_CODE else Problem("no_kind", msg("Choose the kind of instrument."), place="kind"),
        None if months is None or 1 <= months <= max(longest, 1) or kind == "other"
        else Problem("bad_months", msg("At most %(most)s months lie between two verifications of this kind."), "", {"most": longest}, "months"),
        *(not_ahead(last, "last_on") if last else ()),
    ]  # fmt: skip


def derived(values: dict[str, Any]) -> dict[str, Any]:
    """Return the time between verifications, and the next one where the last is known."""
    kind = values["kind"]
    months = values.get("months") or BY_CODE[kind].months
    last, after = values.get("last_on"), values.get("next_due")
    return values | {"months": months, "next_due": after or (valid_until(last, months) if last else None)}


@verb("nqi.register_instrument", roles=FIRM, scope=firm_of)
def register_instrument(
    actor: Any, thing: Enterprise, kind: str, *, months: int | None = None, last_on: date | None = None, **given: str
) -> Instrument:
    """Register an instrument of one's own; one that was never verified is due at once."""
    values = cleaned(given) | {"kind": kind, "months": months, "last_on": last_on}
    there = Instrument.objects.filter(enterprise=thing, kind=kind, serial_no=values["serial_no"]).exists()
    what = msg("This instrument is registered already.")
    refuse([*faults(values), Problem("there_already", what, place="serial_no") if there else None])
    made = Instrument.objects.create(
        number=next_number("QJ", timezone.localdate().year), enterprise=thing, unit=thing.unit, **derived(values)
    )
    record(actor, "nqi.register_instrument", made, {"kind": kind, "due": made.next_due})
    return made


def _row(thing: Instrument) -> Instrument:
    return locked(thing, "enterprise", "unit")


def _acting(actor: Any, thing: Instrument) -> Instrument:
    """Return the row for the firm whose instrument it is, or for an office."""
    row = _row(thing)
    if roles_of(actor) & {*OFFICE, SYSTEM} or own_codes(actor).filter(code=row.enterprise.credit_code).exists():
        return row
    raise PermissionDenied(_("Only the firm itself and the offices of the city may do this."))


@verb("nqi.hand_in_instrument", roles=FIRM, scope=firm_of)
def hand_in_instrument(actor: Any, thing: Instrument) -> Instrument:
    """Hand an instrument in for verification."""
    row = _row(thing)
    move(actor, row, "hand_in", "nqi.hand_in_instrument")
    return row


@verb("nqi.take_instrument_back", roles=FIRM, scope=firm_of)
def take_instrument_back(actor: Any, thing: Instrument, reason: str) -> Instrument:
    """Take an instrument back without verification: it stays out of use."""
    row = _row(thing)
    move(actor, row, "take_back", "nqi.take_instrument_back", facts={"reason": reason.strip()})
    return row


@verb("nqi.seal_instrument", roles=(*FIRM, *OFFICE))
def seal_instrument(actor: Any, thing: Instrument, reason: str) -> Instrument:
    """Take an instrument out of use; it is verified before it is used again."""
    row = _acting(actor, thing)
    move(actor, row, "seal", "nqi.seal_instrument", facts={"reason": reason.strip()})
    return row


@verb("nqi.scrap_instrument", roles=FIRM, scope=firm_of)
def scrap_instrument(actor: Any, thing: Instrument, reason: str) -> Instrument:
    """Scrap an instrument."""
    row = _row(thing)
    move(actor, row, "scrap", "nqi.scrap_instrument", facts={"reason": reason.strip()})
    return row


def authorised_on(body: Institution, day: date) -> bool:
    """Whether an institute holds a metrology authorisation valid on ``day``."""
    held = Qualification.objects.filter(institution=body, kind=Qualification.Kind.CAL)
    return valid_on(day, held).exists()


@verb("nqi.verify_instrument", roles=("laboratory",))
def verify_instrument(
    actor: Any, thing: Instrument, institution: Institution, *, result: str, verified_on: date, certificate_no: str,
    next_due: date | None = None, reason: str = "", digital: dict[str, Any] | None = None,
) -> Verification:  # fmt: skip
    """Note a verification by an institute authorised on that day; what failed is not used."""
    row = _row(thing)
    if SYSTEM not in roles_of(actor) and not own_institutions(actor).filter(pk=institution.pk).exists():
        raise PermissionDenied(_("A verification is noted by the institute that made it."))
    longest, said = valid_until(verified_on, row.months), certificate_no.strip()[:80]
    after = None if result == "fail" else next_due or longest
    refuse(
        [
            None if result in ("pass", "fail") else Problem("no_result", msg("Say whether it passed."), place="result"),
            Problem("too_long", msg("The next verification is due by %(day)s at the latest."), "", {"day": longest}, "next_due")
            if after and after > longest else None,
            Problem("too_early", msg("A later verification is noted already."), place="verified_on")
            if row.last_on and verified_on < row.last_on else None,
        ]
    )  # fmt: skip
    facts = {"authorised": authorised_on(institution, verified_on), "document_no": said, "reason": reason.strip()}
    told = {"verified_on": verified_on, "next_due": after, "result": result, "by": institution.code}
    move(actor, row, result, "nqi.verify_instrument", told, facts=facts, last_on=verified_on, next_due=after)
    return Verification.objects.create(
        instrument=row, institution=institution, result=result, verified_on=verified_on, next_due=after,
        certificate_no=said, reason=reason.strip()[:400], recorded_by=person_of(actor), digital=digital,
    )  # fmt: skip


@verb("nqi.note_public_standard", roles=("laboratory",), scope=body_of)
def note_public_standard(
    actor: Any, thing: Institution, *, issued_on: date, valid_to: date | None = None, **given: str
) -> PublicStandard:
    """Note a public measurement standard that an authorised institute keeps."""
    most = {"name_zh": 200, "name_en": 200, "field": 60, "certificate_no": 80, "uncertainty": 200}
    values = {name: str(given.get(name) or "").strip()[:width] for name, width in most.items()}
    taken = PublicStandard.objects.filter(certificate_no=values["certificate_no"]).exists()
    refuse(
        [
            *(Problem(f"no_{one}", msg("Fill in name, field and certificate number."), place=one)
              for one in ("name_zh", "field", "certificate_no") if not values[one]),
            *not_ahead(issued_on, "issued_on"),
            Problem("bad_period", msg("The certificate ends before it begins."), place="valid_to")
            if valid_to and valid_to <= issued_on else None,
            Problem("number_taken", msg("There is a certificate with this number already."), place="certificate_no") if taken else None,
            None if authorised_on(thing, issued_on)
            else Problem("not_authorised", msg("The body holds no metrology authorisation valid on that day."), place="issued_on"),
        ]
    )  # fmt: skip
    made = PublicStandard.objects.create(institution=thing, issued_on=issued_on, valid_to=valid_to, **values)
    record(actor, "nqi.note_public_standard", made, {"number": made.certificate_no})
    return made


@sweep("nqi.instruments")
def sweep_instruments(now: datetime) -> int:
    """Tell firms 30 and 7 days before an instrument in use is due; each notice is sent once."""
    rows = Instrument.objects.filter(next_due__range=window(INSTRUMENT_REMINDERS), status="in_use")
    things = [
        (one, one.enterprise.credit_code, one.next_due) for one in rows.select_related("enterprise") if one.next_due
    ]
    return remind(things, INSTRUMENT_REMINDERS)
