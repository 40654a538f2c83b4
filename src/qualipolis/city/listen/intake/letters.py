"""Taking a letter in: one letter opens a complaint, a report, or both, each handled on its own from then on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, person_of, roles_of, verb, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.intake import floods, photographs, secrecy
from qualipolis.city.listen.intake.models import Identity, Letter
from qualipolis.city.listen.intake.said import BOTH, COMPLAINT, REPORT, Prepared, prepare
from qualipolis.city.listen.reports.models import Report
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.listening.grounds import order_on
from qualipolis.law.listening.rules import ORDER_121
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

PUBLIC = System("listen.public")
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I, which are mistaken for one another
SERIES = {"letter": "L", "complaint": "TS", "report": "JB"}
DESK = ("complaint_desk",)
AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Received:
    """A letter taken in. ``code`` is what tracks it with its number: the last four digits, or a code made for it."""

    letter: Letter
    code: str
    complaint: Complaint | None
    report: Report | None

    @property
    def number(self) -> str:
        """The number under which the sender asks."""
        return self.letter.number


@verb("listen.receive_letter", roles=DESK)
def receive_letter(actor: Any, thing: Prepared | None = None, *, address: str = "", **said: Any) -> Received:
    """Take in a letter of the public (as the system) or one that an officer writes down for somebody.

    Parameters
    ----------
    thing : what :func:`~qualipolis.city.listen.intake.said.prepare` made of it; without it ``said`` is prepared here
    address : where it comes from, to slow down floods; it is not kept

    Raises
    ------
    InputError
        Something is missing or wrong, the day lies in the future, or too many letters come from one sender or address.
    """
    ready = thing or prepare(**said)
    sender = secrecy.sender_key(ready.identity["phone"])
    if SYSTEM in roles_of(actor):
        recent = floods.of_last_hour(sender)
        if again := _again(ready, recent):
            return again
        refuse([floods.too_many(sender, len(recent), address)])
    letter, code = _letter(actor, ready, sender)
    complaint = _complaint(letter) if ready.track in (COMPLAINT, BOTH) else None
    report = _report(letter, ready) if ready.track in (REPORT, BOTH) else None
    for n, (_name, chunks) in enumerate(
        ready.photos[: photographs.MOST], 1
    ):  # a name of a file may be that of its owner
        store(actor, letter, f"{n}", photographs.without_place(chunks), limit=photographs.LIMIT, typed=photographs.kind)
    floods.came(sender, address)
    record(actor, "listen.receive_letter", letter, _told(letter, ready.track))
    tell(actor, "listen.letter_received", letter)
    return Received(letter, code, complaint, report)


def _again(ready: Prepared, recent: list[Letter]) -> Received | None:
    """Return the letter that the same sender sent in the same words a moment ago: a button pressed twice."""
    since, facts = timezone.now() - AGAIN, ready.values["facts"]
    for letter in recent:
        same = (letter.facts, letter.respondent_name) == (facts, ready.values["respondent_name"])
        if letter.received_at > since and same and _track(letter) == ready.track:
            tail = secrecy.digits(ready.identity["phone"])[-secrecy.LEAST_TAIL :]
            return Received(letter, tail, getattr(letter, "complaint", None), getattr(letter, "report", None))
    return None


def _track(letter: Letter) -> str:
    if not hasattr(letter, "report"):
        return COMPLAINT
    return BOTH if hasattr(letter, "complaint") else REPORT


def _told(letter: Letter, track: str) -> dict[str, Any]:
    order = "121" if order_on(letter.received_on) == ORDER_121 else "20"
    return {"track": track, "order": order, "received_on": letter.received_on, "channel": letter.channel}


def _letter(actor: Any, ready: Prepared, sender: str) -> tuple[Letter, str]:
    """Write the letter and its sealed sender; the number ends in letters that nobody can guess."""
    serial = next_number(SERIES["letter"], ready.received_on.year)
    number = f"{serial}-{''.join(secrets.choice(LETTERS) for _ in range(5))}"
    phone = secrecy.digits(ready.identity["phone"])
    code = phone[-secrecy.LEAST_TAIL :] if phone else f"{secrets.randbelow(10_000):04d}"
    values = dict(ready.values)
    unit, firm = values.pop("unit", None), values.pop("enterprise", None)
    letter = Letter.objects.create(
        number=number, channel=ready.channel, received_on=ready.received_on, sender_key=sender, enterprise=firm,
        unit=unit or (firm.unit if firm else None), phone_key=secrecy.tracking_key(number, code),
        entered_by=person_of(actor), **values,
    )  # fmt: skip
    Identity.objects.create(
        letter=letter, sealed=secrecy.seal(ready.identity), named=bool(ready.identity["name"]),
        proved=secrecy.proved(ready.identity), secret=ready.track == REPORT,
    )  # fmt: skip
    return letter, code


def _complaint(letter: Letter) -> Complaint:
    due = deadline("complaint.acceptance", letter.received_on).due
    return Complaint.objects.create(
        number=next_number(SERIES["complaint"], letter.received_on.year), letter=letter, due_on=due,
        received_on=letter.received_on, unit=letter.unit, enterprise=letter.enterprise,
    )  # fmt: skip


def _report(letter: Letter, ready: Prepared) -> Report:
    """Open the report; its words hold nothing that tells who wrote them."""
    names = secrecy.tells(ready.identity)
    return Report.objects.create(
        number=next_number(SERIES["report"], letter.received_on.year), letter=letter, received_on=letter.received_on,
        due_on=deadline("report.check", letter.received_on).due, facts=secrecy.redact(letter.facts, names),
        respondent_name=letter.respondent_name, unit=letter.unit, enterprise=letter.enterprise,
        named=bool(ready.identity["name"]),
    )  # fmt: skip


def firm_named(text: str) -> Enterprise | None:
    """Return the firm of a name or credit code, when exactly one has it."""
    said = text.strip()
    if not said:
        return None
    found = list(Enterprise.objects.select_related("unit").filter(Q(name_zh=said) | Q(credit_code=said.upper()))[:2])
    return found[0] if len(found) == 1 else None


@verb("listen.place_letter", roles=DESK, scope=desk_of)
def place_letter(actor: Any, thing: Letter, unit: Unit | None = None, enterprise: Enterprise | None = None) -> Letter:
    """Say which town and which firm a letter is about; its complaint and report follow, and so does the desk."""
    if not visible(actor, Letter.objects.filter(pk=thing.pk)).exists():
        refuse([Problem("not_yours", msg("Only those who handle this matter may do this."))])
    where = unit or (enterprise.unit if enterprise else None)
    refuse([None if where else Problem("no_unit", msg("Choose the town."), place="unit")])
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    refuse([_other_party(letter, enterprise)])
    letter.unit, letter.enterprise = where, enterprise
    letter.save(update_fields=["unit", "enterprise"])
    for rows in (Complaint.objects, Report.objects):
        rows.filter(letter=letter).update(unit=where, enterprise=enterprise)
    record(actor, "listen.place_letter", letter, {"unit": where and where.code, "firm": enterprise and enterprise.credit_code})  # fmt: skip
    return letter


def _other_party(letter: Letter, firm: Enterprise | None) -> Problem | None:
    """Once a complaint was accepted its firm reads it: another one may not come into its place."""
    complaint: Any = getattr(letter, "complaint", None)
    if complaint is None or not complaint.accepted_on or complaint.enterprise_id in (None, firm.pk if firm else 0):
        return None
    return Problem("other_firm", msg("The parties of a mediation do not change."), place="enterprise")


@verb("listen.classify_letter", roles=DESK, scope=desk_of)
def classify_letter(actor: Any, thing: Letter, product_class: str, hazard: str = "") -> Letter:
    """Say which class of product and which danger a letter is about; a suggestion becomes true by this alone."""
    wrong = [Problem("too_long", msg("At most %(most)s characters."), "", {"most": 60}, place)
             for place, text in (("product_class", product_class), ("hazard", hazard)) if len(text.strip()) > 60]  # fmt: skip
    refuse([*wrong, None if product_class.strip() else Problem("no_product_class", msg("Choose the class of product."), place="product_class")])  # fmt: skip
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    letter.product_class, letter.hazard = product_class.strip(), hazard.strip()
    letter.save(update_fields=["product_class", "hazard"])
    record(actor, "listen.classify_letter", letter, {"product_class": letter.product_class, "hazard": letter.hazard})
    tell(actor, "listen.letter_classified", letter)
    return letter


def received_between(rows: Any, since: date, until: date) -> Any:
    """Narrow letters to the days of a period, both counted."""
    return rows.filter(received_on__gte=since, received_on__lte=until)


def photos(letter: Letter) -> Any:
    """Return the photos and papers that came with a letter."""
    return Attachment.objects.filter(thing=f"listen.letter:{letter.pk}").order_by("pk")
