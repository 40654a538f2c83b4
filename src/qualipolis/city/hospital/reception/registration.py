"""Registering a case (挂号): a draft in the firm's own words with photos, handed in once it was told who sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import can, person_of, verb, visible
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.checks import FLOW, case_for, firm_and_desk, no_enforcer, one_of
from qualipolis.city.hospital.reception.defects import known
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse

ENTRY = roles_for(FLOW, "register")
MOST_PHOTOS = 9
EARLIEST = date(2000, 1, 1)
LENGTHS = {
    "product_name": 120, "product_class": 60, "model": 80, "standard_no": 60, "problem_text": 4000,
    "contact_name": 80, "contact_phone": 40,
}  # fmt: skip
OTHERS = ("defect_codes", "first_seen", "volume_affected", "on_market", "severity", "urgency", "consent", "source")
SERIES = "BL"


@verb("hospital.draft_case", roles=ENTRY, scope=firm_and_desk)
def draft_case(actor: Any, thing: Enterprise, **said: Any) -> Case:
    """Begin a case of a firm; nobody but the firm (and who writes it for the firm) sees the draft."""
    no_enforcer(actor)
    if thing.closed_on is not None:
        refuse([Problem("ceased", msg("The firm is deregistered."))])
    values = _checked(said)
    made = Case.objects.create(
        enterprise=thing, unit=thing.production_unit or thing.unit, industry=thing.industry, registered_by=person_of(actor),
        **values,
    )  # fmt: skip
    record(actor, "hospital.draft_case", made, {"source": made.source})
    return made


@verb("hospital.edit_case", roles=ENTRY, scope=firm_and_desk)
def edit_case(actor: Any, thing: Case, **said: Any) -> Case:
    """Change what a draft says; a registered case is no longer changed, one writes in its consultation."""
    row = case_for(actor, thing)
    _only_draft(row)
    values = _checked(said)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    record(actor, "hospital.edit_case", row, {"fields": sorted(values)})
    return row


def _only_draft(row: Case) -> None:
    if row.status != "draft":
        refuse([Problem("registered", msg("The case is registered: write in the consultation what has changed."))])


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said as it is kept, or raise with everything that is wrong."""
    unknown = set(said) - {*LENGTHS, *OTHERS}
    if unknown:
        raise TypeError(f"a case has no {sorted(unknown)}")
    values = {name: str(value).strip() if name in LENGTHS else value for name, value in said.items()}
    wrong: list[Problem | None] = [
        Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, name)
        for name, most in LENGTHS.items()
        if len(values.get(name, "")) > most
    ]
    first, volume = values.get("first_seen"), values.get("volume_affected")
    wrong += not_ahead(first, "first_seen") if first else []
    if first is not None and first < EARLIEST:
        wrong.append(Problem("long_ago", msg("Give a day after the year 2000."), place="first_seen"))
    if volume is not None and not 0 <= volume <= 2_000_000_000:
        wrong.append(Problem("bad_volume", msg("Give the number of pieces."), place="volume_affected"))
    wrong.append(
        one_of(values.get("severity"), Case.Severity.values, "severity", msg("Say how severe the problem is."))
    )
    wrong.append(one_of(values.get("urgency"), Case.Urgency.values, "urgency", msg("Say how urgent it is.")))
    wrong.append(one_of(values.get("consent"), Case.Consent.values, "consent", msg("Say whether it may be shared.")))
    wrong.append(one_of(values.get("source"), Case.Source.values, "source", msg("Say how the problem was found.")))
    refuse(wrong)
    if "defect_codes" in values:
        values["defect_codes"] = known(values["defect_codes"])
    return values


@verb("hospital.add_photo", roles=ENTRY, scope=firm_and_desk)
def add_photo(actor: Any, thing: Case, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a photo or a paper with a draft; later files are handed in with a message."""
    row = case_for(actor, thing)
    _only_draft(row)
    if photos(row).count() >= MOST_PHOTOS:
        refuse([Problem("too_many", msg("At most %(n)s photos."), "", {"n": MOST_PHOTOS}, "photos")])
    return store(actor, row, name, chunks)


@verb("hospital.drop_photo", roles=ENTRY, scope=firm_and_desk)
def drop_photo(actor: Any, thing: Case, attachment: Attachment) -> None:
    """Take a photo off a draft."""
    row = case_for(actor, thing)
    _only_draft(row)
    if attachment.thing != name_of(row):
        raise PermissionDenied(_("This file belongs to another case."))
    record(actor, "hospital.drop_photo", row, {"file": attachment.pk})
    attachment.delete()


def photos(case: Case) -> Any:
    """Return the photos and papers handed in with a case, the oldest first."""
    return Attachment.objects.filter(thing=name_of(case)).order_by("pk")


@verb("hospital.register_case", roles=ENTRY, scope=firm_and_desk)
def register_case(actor: Any, thing: Case, informed: bool) -> Case:
    """Hand a draft in. ``informed``: the firm has read (or was told by the officer) who sees the case and who does not.

    Raises
    ------
    InputError
        Product or problem are not named, or the firm was not informed.
    """
    row = case_for(actor, thing)
    now = timezone.now()
    facts = {"product_name": row.product_name, "problem_text": row.problem_text, "informed": bool(informed)}
    number = next_number(SERIES, timezone.localdate().year)
    told = {"source": row.source, "on_behalf": _on_behalf(actor, row), "number": number}
    move(actor, row, "register", "hospital.register_case", told, facts=facts, for_good=True, number=number,
         informed_at=now, registered_on=timezone.localdate(), registered_by=person_of(actor))  # fmt: skip
    tell(actor, "hospital.case_registered", row)
    return row


def _on_behalf(actor: Any, row: Case) -> bool:
    """Whether somebody else than the firm registers."""
    from qualipolis.city.hospital.reception.visibility import owned_by

    return not owned_by(actor).filter(pk=row.pk).exists()


def drafts_of(actor: Any) -> Any:
    """Return the drafts somebody may go on with, the newest first."""
    return visible(actor, Case.objects.filter(status="draft").select_related("enterprise"))


def may_register_for(actor: Any, enterprise: Enterprise) -> bool:
    """Whether somebody may begin a case of this firm."""
    return can(actor, "hospital.draft_case", enterprise)
