"""Who changed what in an investigation, from the ledger; only for those who see it, and without rows they do not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event, Organisation, Person
from qualipolis.city.core.policy import visible
from qualipolis.city.core.sentences import SENTENCES, payload_of, sentence
from qualipolis.city.listen.models import (
    Collaborator,
    CorrectiveAction,
    Correspondence,
    Investigation,
    InvestigationBusiness,
    SafetyProduct,
    SafetyTest,
)
from qualipolis.methods.signal.risk import LEVEL_NAMES

MOST = 400
TEAMS = ("owner", "from", "to", "team")
CHOICES: dict[str, Mapping[Any, Any]] = {
    "listen.set_team": dict(Collaborator.Right.choices),
    "listen.add_business": dict(InvestigationBusiness.Role.choices),
    "listen.remove_business": dict(InvestigationBusiness.Role.choices),
    "listen.log_correspondence": dict(Correspondence.Kind.choices),
    "listen.add_test": dict(SafetyTest.Outcome.choices),
    "listen.order_action": dict(CorrectiveAction.Kind.choices),
    "listen.assess_risk": LEVEL_NAMES,
}
CHOSEN = ("right", "role", "kind", "outcome", "level")


@dataclass(frozen=True)
class Line:
    """One line of the timeline: when, who, of which office, what."""

    at: datetime
    who: str
    team: str
    what: str
    verb: str


def timeline(actor: Any, row: Investigation) -> list[Line]:
    """Return what was done in an investigation, the latest first; nothing for whoever does not see it."""
    if not visible(actor, Investigation.objects.filter(pk=row.pk)).exists():
        return []
    names = [name_of(one) for one in things_of(actor, row)]
    events = list(Event.objects.filter(thing__in=names, verb__startswith="listen.").order_by("-seq")[:MOST])
    people = {
        one.username: one
        for one in Person.objects.filter(username__in={event.actor for event in events}).select_related("organisation")
    }
    return [_line(event, people.get(event.actor)) for event in events]


def things_of(actor: Any, row: Investigation) -> Iterator[Any]:
    """Yield the rows whose events make up the timeline: the investigation and what stands in it."""
    yield row
    for rows in (row.actions.all(), row.requests.all(), row.assessments.all(), row.incidents.all(), row.recalls.all()):
        yield from visible(actor, rows)
    products = SafetyProduct.objects.filter(pk__in=row.products.values("product"))
    yield from visible(actor, products)


def _line(event: Event, person: Person | None) -> Line:
    team = person.organisation.name if person is not None and person.organisation else ""
    return Line(event.at, str(person) if person is not None else _("the system"), team, words_of(event), event.verb)


def words_of(event: Event) -> str:
    """Return an event in words, its codes written out: kinds, rights and roles, offices by name, fields as pages call them."""
    words, said = SENTENCES.get(event.verb), payload_of(event)
    if words is None:
        return sentence(event)
    found = dict(said)
    for key in CHOSEN:
        if key in said and (known := CHOICES.get(event.verb, {}).get(said[key])):
            found[key] = _(known) if isinstance(known, str) else str(known)
    if isinstance(said.get("fields"), list):
        found["fields"] = _(", ").join(_field(event, name) for name in said["fields"])
    codes = [said[key] for key in TEAMS if isinstance(said.get(key), str)]
    offices = {one.code: one.name for one in Organisation.objects.filter(code__in=codes)} if codes else {}
    found |= {key: offices[said[key]] for key in TEAMS if said.get(key) in offices}
    if event.verb == "listen.remove_product":
        found["product"] = str(SafetyProduct.objects.filter(pk=said.get("product")).first() or said.get("product"))
    return _(words) % _Known(found | {"thing": event.thing})


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def _field(event: Event, name: str) -> str:
    model = SafetyProduct if event.verb == "listen.edit_product" else Investigation
    known = {one.name: one for one in model._meta.get_fields() if hasattr(one, "verbose_name")}
    return str(known[name].verbose_name) if name in known else name
