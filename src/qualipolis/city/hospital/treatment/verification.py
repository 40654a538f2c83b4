"""Verbs of the verification: evidence handed in by the firm, judged by the expert, and a cure only when every number proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.core.undo import TAKEN_BACK
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.items import only_items_of, sent_back
from qualipolis.city.hospital.treatment.planned import cancel_planned, plan
from qualipolis.city.hospital.treatment.scope import case_for, current_items, measured_items, needed, treated_by
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "hospital_case"
AFTER_CURE = ("hospital.follow_up_1", "hospital.follow_up_2", "hospital.follow_up_3")
CURED = ("cured", "following", "closed")


@verb("hospital.hand_in", roles=roles_for(FLOW, "hand_in"), scope=parties)
def hand_in(actor: Any, thing: Case, words: str = "", files: Iterable[Any] = ()) -> Case:
    """Hand in the evidence of the treatment; every item is reported done before."""
    case = case_for(actor, thing)
    move(actor, case, "hand_in", "hospital.hand_in", {"treatment": case.loops + 1}, facts=proofs.facts(case))
    _said(actor, case, words, files)
    return case


@verb("hospital.hand_in_more", roles=roles_for(FLOW, "more_evidence"), scope=parties)
def hand_in_more(actor: Any, thing: Case, words: str = "", files: Iterable[Any] = ()) -> Case:
    """Hand in more evidence of a treatment that was judged improved."""
    case = case_for(actor, thing)
    move(actor, case, "more_evidence", "hospital.hand_in_more", {"treatment": case.loops + 1})
    _said(actor, case, words, files)
    return case


def _said(actor: Any, case: Case, words: str, files: Iterable[Any]) -> None:
    """Put what the firm writes, and its files, into the consultation."""
    kept = [file for file in files if file][:8]
    if words.strip() or kept:
        made = add(actor, case, words.strip()[:4000])
        for file in kept:
            store(actor, made, file.name, file.chunks())


@verb("hospital.cure", roles=roles_for(FLOW, "cure"), scope=parties)
def cure(actor: Any, thing: Case) -> Case:
    """Judge the case cured: every item accepted, every measured criterion proven, measured after the last action.

    The follow-ups are planned with it.

    Raises
    ------
    InputError
        the numbers do not prove it, and why
    """
    case = treated_by(actor, thing)
    today, known = timezone.localdate(), proofs.facts(case)
    told = {"proofs": len(proofs.current(case)), "treatment": case.loops + 1, "effect_on": known["effect_on"] or ""}
    move(actor, case, "cure", "hospital.cure", told, facts=known, cured_on=today,
         due_on=today + timedelta(days=rule_number(AFTER_CURE[0])))  # fmt: skip
    cancel_planned(actor, case)
    plan(case, [(rule_number(code), today) for code in AFTER_CURE])
    tell(actor, "hospital.case_cured", case)
    return case


@verb("hospital.improve", roles=roles_for(FLOW, "improve"), scope=parties)
def improve(actor: Any, thing: Case, words: str = "") -> Case:
    """Judge the case improved: it works, but the numbers do not prove it yet. The firm is asked for more evidence."""
    case = treated_by(actor, thing)
    known = proofs.facts(case)
    told = {"verdict": known["verdict"] or "", "treatment": case.loops + 1}
    today, days = timezone.localdate(), rule_number(AFTER_CURE[0])
    move(actor, case, "improve", "hospital.improve", told, facts=known, due_on=today + timedelta(days=days))
    cancel_planned(actor, case)
    plan(case, [(days, today)])
    if words.strip():
        add(actor, case, words.strip()[:4000])
    return case


@verb("hospital.no_effect", roles=roles_for(FLOW, "no_effect"), scope=parties)
def no_effect(actor: Any, thing: Case, reason: str, items: Iterable[PrescriptionItem] = ()) -> Case:
    """Judge the treatment without effect: items go back to the firm (those not proven unless named), it is treated again."""
    case = treated_by(actor, thing)
    why, empty = needed(reason, "reason", msg("Give the reason."), 1000)
    refuse([empty])
    back = list(items) or not_proven(case)
    only_items_of(case, back)
    mine = list(current_items(case).filter(pk__in=[item.pk for item in back], status__in=("done", "accepted")))
    refuse(
        [
            None
            if mine
            else Problem("nothing_back", msg("Name at least one item that is to be done again."), place="items")
        ]
    )
    told = {"treatment": case.loops + 1, "items": len(mine)}
    move(actor, case, "no_effect", "hospital.no_effect", told, facts={"reason": why, "loops": case.loops}, for_good=True,
         loops=case.loops + 1)  # fmt: skip
    for item in mine:
        sent_back(actor, item, why)
    add(actor, case, why)
    return case


def not_proven(case: Case) -> list[PrescriptionItem]:
    """Return the measured items in force whose effect is not proven."""
    proven = {pk for pk, proof in proofs.current(case).items() if proof.verdict == "proven"}
    return [item for item in measured_items(case) if item.pk not in proven]


@verb("hospital.refer", roles=roles_for(FLOW, "refer"), scope=parties)
def refer(actor: Any, thing: Case, reason: str) -> Case:
    """After treatments without effect, bring the case before a panel; its members are called with the panel."""
    case = treated_by_or_manager(actor, thing)
    why, empty = needed(reason, "reason", msg("Give the reason."), 1000)
    refuse([empty])
    known = {"reason": why, "loops": case.loops}
    move(actor, case, "refer", "hospital.refer", {"treatment": case.loops + 1}, facts=known, for_good=True,
         loops=case.loops + 1)  # fmt: skip
    add(actor, case, why)
    return case


def treated_by_or_manager(actor: Any, thing: Case) -> Case:
    """Return the case for its expert or the manager."""
    from qualipolis.city.core.moves import locked
    from qualipolis.city.hospital.consultation.parties import require_attending

    row = locked(thing, "enterprise", "unit", "expert")
    require_attending(actor, row, "hospital_manager")
    return row


@subscriber(TAKEN_BACK)
def nothing_planned_without_a_cure(actor: Any, row: Any, **_more: Any) -> None:
    """A judgement that was taken back takes its follow-ups along."""
    if isinstance(row, Case) and row.status == "verifying":
        cancel_planned(actor, row)


@subscriber("hospital.case_reopened")
@subscriber("hospital.case_ended")
def nothing_planned_after_the_end(actor: Any, case: Case, **_more: Any) -> None:
    """A case that came back or ended is not followed up any more."""
    cancel_planned(actor, case)
