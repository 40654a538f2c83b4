"""Who sees letters: the desk of the town, the body entrusted with the complaint. Nobody sees a row of identities."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.complaints.visibility import EVERYTHING, NOTHING, of_desk, of_mediator, seen_complaints
from qualipolis.city.listen.intake.models import Identity, Knock, Letter
from qualipolis.city.listen.reports.models import Report
from qualipolis.city.listen.reports.visibility import of_inspector


@visibility(Letter)
def seen_letters(actor: Any, rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """The desk those of its towns (those without a town: the desk of the city); a mediator those entrusted to its body."""
    entrusted = Q(pk__in=_letters_of_mediator(actor)) if "mediator" in roles_of(actor) else NOTHING
    return rows.filter(of_desk(actor) | entrusted)


def _letters_of_mediator(actor: Any) -> QuerySet[Any]:
    from qualipolis.city.listen.complaints.models import Complaint

    return Complaint.objects.filter(pk__in=seen_complaints(actor, of_mediator(actor))).values("letter")


@visibility(Identity)
def _identities(actor: Any, rows: QuerySet[Identity]) -> QuerySet[Identity]:
    """Nobody lists who sent letters; one verb opens one seal."""
    return rows.filter(NOTHING)


@visibility(Knock)
def _knocks(actor: Any, rows: QuerySet[Knock]) -> QuerySet[Knock]:
    return rows.filter(EVERYTHING if SYSTEM in roles_of(actor) else NOTHING)


@reader("listen.letter", closed=True)
def _photos(actor: Any, pk: str) -> bool:
    """Photos of a letter: who sees the letter; of one that reports, who handles it alone, since they may show the informant.

    That is the officer of the report, the inspector to whom that officer gave it, and the officer of the complaint of the
    same letter; until somebody takes it, the desk. An entrusted body never.
    """
    key, person = whole(pk), getattr(actor, "pk", None)
    letter = Letter.objects.select_related("report", "complaint").filter(pk=key).first()
    report = getattr(letter, "report", None)
    if letter is None or report is None:
        return letter is not None and seen_letters(actor, Letter.objects.filter(pk=key)).exists()
    if person is not None and report.inspector_id == person:
        return Report.objects.filter(of_inspector(actor), pk=report.pk).exists()
    complaint = getattr(letter, "complaint", None)
    officers = {report.officer_id, complaint.officer_id if complaint else None} - {None}
    return (person in officers or not officers) and Letter.objects.filter(of_desk(actor), pk=key).exists()
