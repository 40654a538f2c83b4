"""Verbs of what is known about a reviewer: hours of training, ties to firms, ratings of reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import Reviewer, ReviewerHours, ReviewerRating, ReviewerTie, ScoreSheet
from qualipolis.methods.problems import Problem, msg, refuse

OFFICE = ("planner", "trainer")


@verb("talent.record_reviewer_hours", roles=OFFICE)
def record_reviewer_hours(actor: Any, thing: Reviewer, on: date, hours: Decimal, what: str) -> ReviewerHours:
    """Record hours of continued training on one day; negative hours set an earlier line right."""
    refuse(
        [
            *not_ahead(on, "on"),
            None if hours and -24 <= hours <= 24 else Problem("bad_hours", msg("Hours of one day: up to 24, not 0."), place="hours"),
            None if what.strip() else Problem("no_what", msg("Say what the hours were."), place="what"),
        ]
    )  # fmt: skip
    made = ReviewerHours.objects.create(
        reviewer=thing, on=on, hours=hours, what=what.strip()[:200], recorded_by=person_of(actor)
    )
    record(actor, "talent.record_reviewer_hours", thing, {"on": on, "hours": hours})
    return made


@verb("talent.tell_tie", roles=("reviewer", "planner"))
def tell_tie(
    actor: Any, thing: Reviewer, enterprise: Enterprise | None, kind: str, *, since: date | None = None,
    until: date | None = None, note: str = "",
) -> ReviewerTie:  # fmt: skip
    """Tell what ties a reviewer to a firm; the reviewer or the office."""
    if thing.person_id != getattr(actor, "pk", None) and not roles_of(actor) & {"planner", SYSTEM}:
        raise PermissionDenied(_("This is about another reviewer."))
    backwards = since is not None and until is not None and until < since
    refuse(
        [
            None if enterprise is not None else Problem("no_firm", msg("Name the firm."), place="enterprise"),
            None if kind in ReviewerTie.Kind.values else Problem("bad_kind", msg("Say what the tie is."), place="kind"),
            Problem("backwards", msg("The end lies before the beginning."), place="until") if backwards else None,
        ]
    )
    made = ReviewerTie.objects.create(
        reviewer=thing, enterprise=enterprise, kind=kind, since=since, until=until, note=note.strip()[:400],
        told_by=person_of(actor),
    )  # fmt: skip
    record(actor, "talent.tell_tie", thing, {"kind": kind})
    return made


@verb("talent.withdraw_tie", roles=("planner",))
def withdraw_tie(actor: Any, thing: ReviewerTie) -> ReviewerTie:
    """A tie was found to be wrong; the line stays and no longer counts."""
    row = ReviewerTie.objects.select_for_update().get(pk=thing.pk)
    refuse([Problem("withdrawn", msg("The tie was withdrawn already.")) if row.withdrawn_on else None])
    row.withdrawn_on = timezone.localdate()
    row.save(update_fields=["withdrawn_on"])
    record(actor, "talent.withdraw_tie", row.reviewer, {"kind": row.kind})
    return row


@verb("talent.rate_reviewer", roles=("planner", "reviewer"))
def rate_reviewer(actor: Any, thing: ScoreSheet, score: int, words: str = "") -> ReviewerRating:
    """Rate the work of a reviewer on one applicant, 1 to 5: the office, or who leads the team; nobody themselves."""
    me = getattr(actor, "pk", None)
    thing = ScoreSheet.objects.select_related("application", "reviewer").get(pk=thing.pk)
    leads = thing.application.sheets.filter(lead=True, reviewer__person_id=me).exists()
    if not leads and not roles_of(actor) & {"planner", SYSTEM}:
        raise PermissionDenied(_("Only the office and who leads the team rate reviewers."))
    refuse(
        [
            Problem("own_work", msg("Nobody rates their own work.")) if thing.reviewer.person_id == me else None,
            None if 1 <= score <= 5 else Problem("bad_rating", msg("A rating is 1, 2, 3, 4 or 5."), place="score"),
            None if score > 2 or words.strip() else Problem("no_words", msg("Say why the rating is low."), place="words"),
            None if thing.status == "handed_in" else Problem("not_in", msg("The sheet was not handed in.")),
            Problem("rated", msg("You rated this review already."))
            if ReviewerRating.objects.filter(sheet=thing, given_by=person_of(actor)).exists() else None,
        ]
    )  # fmt: skip
    made = ReviewerRating.objects.create(
        reviewer=thing.reviewer, sheet=thing, score=score, words=words.strip()[:400], given_by=person_of(actor)
    )
    record(actor, "talent.rate_reviewer", thing.reviewer, {"score": score})
    return made
