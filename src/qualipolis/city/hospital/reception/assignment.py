"""Assignment (接诊): experts are ranked with reasons, one is proposed, accepts or declines; a case can be handed over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Expert
from qualipolis.city.hospital.reception import experts
from qualipolis.city.hospital.reception.checks import FLOW, case_for, desk_of, of_system, text
from qualipolis.methods.problems import Problem, msg, refuse

TREATED = ("assigned", "examining", "panel", "diagnosed", "prescribed", "treating", "verifying", "cured", "improved",
           "following", "waiting_firm", "suspended")  # fmt: skip
DEPARTMENT, LIKE, ROOM = 10, 2, 1


@dataclass(frozen=True)
class Candidate:
    """An expert for a case: what speaks for and what stands against; who is barred cannot be proposed."""

    expert: Expert
    load: int
    rating: experts.Rated
    reasons: tuple[str, ...]
    barred: tuple[str, ...]
    score: int


def candidates(case: Case) -> list[Candidate]:
    """Return the experts for a case, who may take it first: own department, cases of this kind, room for more.

    The rating is shown and does not count: few ratings say little, and a bad one may come from a hard case.
    """
    declined = who_declined(case)
    rows = Expert.objects.select_related("person", "organisation", "institution").prefetch_related("departments")
    found = [_candidate(one, case, one.pk in declined) for one in rows]
    return sorted(found, key=lambda one: (bool(one.barred), -one.score, one.load, one.expert.pk))


def _candidate(expert: Expert, case: Case, declined: bool) -> Candidate:
    today, burden = timezone.localdate(), experts.load(expert)
    own = case.department_id in {one.pk for one in expert.departments.all()}
    like = _like(expert, case)
    reasons = [_("of this department")] if own else []
    if like:
        reasons.append(ngettext("treated %(n)s case of this product class", "treated %(n)s cases of this product class", like) % {"n": like})  # fmt: skip
    if burden < expert.capacity:
        reasons.append(_("%(load)s of %(capacity)s places taken") % {"load": burden, "capacity": expert.capacity})
    barred = experts.conflicts(expert, case.enterprise, case.product_class)
    for stands, words in (
        (not experts.in_term(expert, today), _("not appointed today")),
        (experts.away_on(expert, today), _("away")),
        (burden >= expert.capacity, _("has %(n)s open cases, the most allowed") % {"n": burden}),
        (declined, _("has declined this case")),
    ):
        barred += [words] if stands else []
    score = DEPARTMENT * own + LIKE * min(like, 3) + ROOM * max(0, expert.capacity - burden)
    return Candidate(expert, burden, experts.rated(expert), tuple(reasons), tuple(barred), score)


def _like(expert: Expert, case: Case) -> int:
    if not case.product_class:
        return 0
    return Case.objects.filter(expert=expert, product_class=case.product_class).exclude(pk=case.pk).count()


def who_declined(case: Case) -> set[int]:
    """Return the keys of the experts who declined this case, as the ledger tells."""
    rows = Event.objects.filter(thing=name_of(case), verb="hospital.decline_case")
    return {json.loads(one.payload).get("expert") for one in rows}


@verb("hospital.propose_expert", roles=roles_for(FLOW, "propose"), scope=desk_of)
def propose_expert(actor: Any, thing: Case, expert: Expert | None) -> Case:
    """Propose a case to an expert who is free and has no conflict; the expert answers within two working days."""
    row = case_for(actor, thing)
    facts = {"expert": str(expert or ""), "conflict": ""}
    if expert is not None:
        facts["conflict"] = "；".join(experts.conflicts(expert, row.enterprise, row.product_class))
        refuse(_not_free(expert))
    told = {"expert": expert.pk} if expert else {}
    move(actor, row, "propose", "hospital.propose_expert", told, facts=facts | ({"expert": expert.pk} if expert else {}),
         expert=expert)  # fmt: skip
    return row


def _not_free(expert: Expert) -> Iterable[Problem]:
    today = timezone.localdate()
    for stands, what in (
        (not experts.in_term(expert, today), msg("The expert is not appointed today.")),
        (experts.away_on(expert, today), msg("The expert is away.")),
        (experts.load(expert) >= expert.capacity, msg("The expert has as many open cases as allowed.")),
    ):
        if stands:
            yield Problem("not_free", what, place="expert")


def _proposed_to(actor: Any, row: Case, *others: str) -> None:
    own = row.expert is not None and row.expert.person_id == getattr(actor, "pk", None)
    if not (own or of_system(actor) or roles_of(actor) & set(others)):
        raise PermissionDenied(_("Only the expert to whom the case was proposed may answer."))


@verb("hospital.accept_case", roles=roles_for(FLOW, "accept"), scope=parties)
def accept_case(actor: Any, thing: Case) -> Case:
    """Take a proposed case; from today the term of the diagnosis runs."""
    row = case_for(actor, thing)
    _proposed_to(actor, row)
    found = experts.conflicts(row.expert, row.enterprise, row.product_class) if row.expert else []
    told = {"expert": row.expert_id}
    move(actor, row, "accept", "hospital.accept_case", told, facts={"conflict": "；".join(found)}, for_good=True)
    tell(actor, "hospital.case_assigned", row)
    return row


@verb("hospital.decline_case", roles=roles_for(FLOW, "decline"), scope=parties)
def decline_case(actor: Any, thing: Case, reason: str) -> Case:
    """Decline a proposed case, with the reason; it goes back to the desk and its expert no longer sees it."""
    row = case_for(actor, thing)
    _proposed_to(actor, row, "hospital_manager")
    refuse([text(reason, "reason", msg("Say why."), 1000)])
    told = {"expert": row.expert_id}
    move(actor, row, "decline", "hospital.decline_case", told, facts={"reason": reason}, for_good=True, expert=None)
    add(actor, row, reason.strip(), doctors_only=True)
    return row


@verb("hospital.hand_over", roles=("hospital_manager",), scope=desk_of)
def hand_over(actor: Any, thing: Case, expert: Expert | None, note: str) -> Case:
    """Give a case that is under treatment to another expert, with a note on where it stands; the clocks go on."""
    row = case_for(actor, thing)
    wrong = [text(note, "note", msg("Write where the case stands, for the next expert."), 4000)]
    if row.status not in TREATED or row.expert is None:
        wrong.append(Problem("not_treated", msg("Only a case under treatment can be handed over.")))
    if expert is None or expert.pk == row.expert_id:
        wrong.append(Problem("no_expert", msg("Choose another expert."), place="expert"))
    else:
        wrong += _not_free(expert)
        if found := experts.conflicts(expert, row.enterprise, row.product_class):
            what = msg("Conflict of interest: %(why)s.")
            wrong.append(Problem("conflict", what, "", {"why": "；".join(found)}, "expert"))
    refuse(wrong)
    before, row.expert = row.expert_id, expert
    row.save(update_fields=["expert"])
    add(actor, row, note.strip(), doctors_only=True)
    record(actor, "hospital.hand_over", row, {"of": str(row), "from_expert": before, "to_expert": row.expert_id})
    tell(actor, "hospital.case_assigned", row)
    return row
