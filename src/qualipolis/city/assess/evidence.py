"""The files behind a self-evaluation, a finding on site and a rectification: kept while the thing can still change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qualipolis.city.assess.models import Rectification, SelfEvaluation, SiteFinding, SiteVisit
from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import verb
from qualipolis.methods.problems import InputError, Problem, msg


def unit_scope(thing: Any) -> Iterable[int | None]:
    """The government of the unit of a self-evaluation, a visit or a rectification."""
    return (thing.unit.government_id,)


def files_of(thing: Any) -> list[Attachment]:
    """Return the files behind a thing, the oldest first."""
    return list(Attachment.objects.filter(thing=name_of(thing)).order_by("uploaded_at", "pk"))


def file_counts(things: Iterable[Any]) -> dict[int, int]:
    """Return how many files stand behind each thing of one kind, by key."""
    names = {name_of(thing): thing.pk for thing in things}
    found: dict[int, int] = dict.fromkeys(names.values(), 0)
    for thing in Attachment.objects.filter(thing__in=names).values_list("thing", flat=True):
        found[names[thing]] += 1
    return found


def _fixed(open_: bool) -> None:
    if not open_:
        what = msg("It has been handed in; its files are fixed.")
        raise InputError([Problem("handed_in", what, msg("Ask the office to return it."))])


@verb("assess.attach_self_evidence", roles=("town_officer",), scope=unit_scope)
def attach_self_evidence(
    actor: Any, thing: SelfEvaluation, node: str, name: str, chunks: Iterable[bytes]
) -> Attachment:
    """Keep a file behind one item of a self-evaluation that has not been handed in."""
    row = SelfEvaluation.objects.select_for_update().get(pk=thing.pk)
    _fixed(row.status in (SelfEvaluation.Status.DRAFT, SelfEvaluation.Status.RETURNED))
    item = row.items.filter(node=node).first()
    if item is None:
        what = msg("The self-evaluation has no item %(code)s.")
        raise InputError([Problem("unknown_node", what, params={"code": node}, place=node)])
    return store(actor, item, name, chunks)


@verb("assess.attach_finding", roles=("inspector", "department", "reviewer"))
def attach_finding(actor: Any, thing: SiteFinding, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a photograph or a copy behind a finding, by one of the checkers while the check runs."""
    from qualipolis.city.assess.site_check import only_checkers

    visit = SiteVisit.objects.select_for_update().get(pk=thing.visit_id)
    only_checkers(actor, visit)
    _fixed(visit.status == SiteVisit.Status.RUNNING)
    return store(actor, thing, name, chunks)


@verb("assess.attach_rectification", roles=("town_officer",), scope=unit_scope)
def attach_rectification(actor: Any, thing: Rectification, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file behind the report of a rectification that has not been handed in."""
    row = Rectification.objects.select_for_update().get(pk=thing.pk)
    _fixed(row.status not in (Rectification.Status.REPORTED, Rectification.Status.CLOSED))
    return store(actor, row, name, chunks)
