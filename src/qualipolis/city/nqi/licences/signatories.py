"""Authorised signatories: proposed with a filing, valid in their fields, working for one body only, and when they leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.nqi.licences.changes import Kind, Origin, hand_in, in_force, owe
from qualipolis.city.nqi.licences.models import ChangeFiling, Licence, Signatory
from qualipolis.city.nqi.licences.visibility import LABORATORY, OFFICE, body_of, either_of
from qualipolis.city.registry.models import Institution
from qualipolis.methods.problems import Problem, msg, refuse


def standing(day: date) -> Q:
    """The signatories that are approved, or proposed, and have not left on ``day``."""
    return (Q(left_on=None) | Q(left_on__gt=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def signing_on(institution: Institution, day: date) -> list[Signatory]:
    """Return the signatories of a body that may sign on ``day``."""
    return [one for one in Signatory.objects.filter(institution=institution) if one.valid_on(day)]


def may_sign(institution: Institution, name: str, field: str, day: date) -> Problem | None:
    """Return why a name may not stand under a report of ``day``; an empty ``field`` asks for any."""
    named = [one for one in signing_on(institution, day) if one.name == name.strip()]
    if not named:
        what = msg("%(name)s is no authorised signatory of this body on %(day)s.")
        return Problem("no_signatory", what, "", {"name": name.strip()[:80], "day": day}, "signatory")
    if field and not any(field in one.field_list for one in named):
        what = msg("%(name)s may not sign in the field %(field)s.")
        return Problem("other_field", what, "", {"name": name.strip()[:80], "field": field}, "signatory")
    return None


@verb("nqi.propose_signatory", roles=LABORATORY, scope=body_of)
def propose_signatory(
    actor: Any, thing: Licence, name: str, fields: str, *, staff_no: str = "", person: Any = None
) -> ChangeFiling:
    """Propose a signatory; the authority's approval of the filing lets them sign."""
    body, today = thing.institution, timezone.localdate()
    elsewhere = person is not None and (
        Signatory.objects.filter(standing(today), person=person).exclude(institution=body).exists()
    )
    there = Signatory.objects.filter(standing(today), institution=body, name=name.strip()).exists()
    refuse(
        [
            None if name.strip() else Problem("no_name", msg("Give the name of the signatory."), place="name"),
            None if fields.strip() else Problem("no_fields", msg("Say in which fields they sign."), place="fields"),
            Problem("two_bodies", msg("This person signs for another body: staff work in one body only."), place="name")
            if elsewhere else None,
            Problem("there_already", msg("This signatory is on the list already."), place="name") if there else None,
        ]
    )  # fmt: skip
    made = Signatory.objects.create(
        institution=body,
        person=person,
        name=name.strip()[:80],
        staff_no=staff_no.strip()[:40],
        fields=fields.strip()[:400],
    )
    filing = owe(thing, Kind.PEOPLE, Origin.LABORATORY, today, made.fields, signatory=made)
    return hand_in(actor, filing, "nqi.propose_signatory", ())


@verb("nqi.signatory_left", roles=(*LABORATORY, *OFFICE), scope=either_of)
def signatory_left(actor: Any, thing: Signatory, left_on: date) -> Signatory:
    """Note that a signatory left: from that day nobody signs with the name, and a filing is owed."""
    row = Signatory.objects.select_for_update(of=("self",)).select_related("institution__unit").get(pk=thing.pk)
    refuse(
        [
            Problem("gone", msg("It is noted already that this signatory left.")) if row.left_on else None,
            *not_ahead(left_on, "left_on", row.valid_from),
        ]
    )
    row.left_on = left_on
    row.save(update_fields=["left_on"])
    licence = in_force(row.institution)
    if licence is not None:
        owe(licence, Kind.PEOPLE, Origin.SIGNATORY, left_on, signatory=row)
    record(actor, "nqi.signatory_left", row, {"on": left_on})
    return row
