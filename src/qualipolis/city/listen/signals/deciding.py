"""Verbs of signals and of what they propose: the statistics raise, a person looks, proposes, and says how it ended."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.steps import term
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.city.listen.signals.visibility import ANALYSTS, HOSPITAL
from qualipolis.law.terms import due
from qualipolis.methods.problems import Problem, msg, refuse

ANSWER = due("signal.proposal")
# who takes up what: a campaign is the planner's, a consultation the hospital's, the rest is for those who investigate
ANSWERED_BY = {
    Proposal.Kind.SAMPLE: ("planner",),
    Proposal.Kind.HOSPITAL: HOSPITAL,
    Proposal.Kind.WARNING: ("department",),
    Proposal.Kind.RECALL: ("department",),
    Proposal.Kind.INVESTIGATION: ("department",),
}


@verb("listen.look_at_signal", roles=ANALYSTS)
def look_at_signal(actor: Any, thing: Signal) -> Signal:
    """Take a signal to look at it."""
    row = locked(thing)
    move(actor, row, "look", "listen.look_at_signal", looked_by=person_of(actor))
    return row


@verb("listen.dismiss_signal", roles=ANALYSTS)
def dismiss_signal(actor: Any, thing: Signal, reason: str) -> Signal:
    """There is nothing to do, with the reason; the same series speaks again only when it grows."""
    row, said = locked(thing), reason.strip()[:2000]
    move(actor, row, "dismiss", "listen.dismiss_signal", facts={"reason": said}, finding=said)
    return row


@verb("listen.merge_signal", roles=ANALYSTS)
def merge_signal(actor: Any, thing: Signal, into: Signal) -> Signal:
    """Join a signal with another that tells the same."""
    first, second = (locked(one) for one in sorted((thing, into), key=lambda one: one.pk))
    row, into = (first, second) if first.pk == thing.pk else (second, first)
    same = into.pk == row.pk or into.status in ("merged", "dismissed")
    refuse([Problem("bad_merge", msg("Choose another signal that stands by itself."), place="into") if same else None])
    told = {"into": str(into)}
    move(actor, row, "merge", "listen.merge_signal", told, facts={"reason": str(into)}, merged_into=into)
    return row


@verb("listen.propose", roles=ANALYSTS)
def propose(actor: Any, thing: Signal, kind: str, words: str) -> Proposal:
    """Propose to another room what to do: sample, consult, warn, recall, investigate. A person there decides."""
    row = locked(thing)
    waiting = row.proposals.filter(kind=kind, status="proposed").exists()
    refuse(
        [
            None if kind in Proposal.Kind.values else Problem("bad_kind", msg("Choose what is proposed."), place="kind"),
            None if words.strip() else Problem("no_words", msg("Say what is proposed and why."), place="words"),
            Problem("twice", msg("This was proposed already and waits for its answer."), place="kind") if waiting else None,
        ]
    )  # fmt: skip
    if row.status != "acted":
        move(actor, row, "act", "listen.act_on_signal", for_good=True)
    today = timezone.localdate()
    made = Proposal.objects.create(
        signal=row, kind=kind, words=words.strip()[:2000], proposed_by=person_of(actor), due_on=term(ANSWER, today)
    )
    record(actor, "listen.propose", made, {"of": str(row), "kind": kind})
    tell(actor, "listen.proposal_made", made)
    return made


def _answering(actor: Any, thing: Proposal) -> Proposal:
    row = locked(thing, "signal")
    if not roles_of(actor) & {*ANSWERED_BY[Proposal.Kind(row.kind)], SYSTEM}:
        raise PermissionDenied(_("This proposal is for another office to answer."))
    return row


@verb("listen.take_up_proposal", roles=("planner", "department", *HOSPITAL))
def take_up_proposal(actor: Any, thing: Proposal, became: str) -> Proposal:
    """Take a proposal up and say what it became: the number of the campaign, case, draft or investigation."""
    row = _answering(actor, thing)
    refuse([None if became.strip() else Problem("no_outcome", msg("Say what it became."), place="became")])
    move(actor, row, "take_up", "listen.take_up_proposal", {"became": became.strip()[:60]}, became=became.strip()[:60],
         answered_by=person_of(actor), answered_on=timezone.localdate())  # fmt: skip
    tell(actor, "listen.proposal_taken", row)
    return row


@verb("listen.decline_proposal", roles=("planner", "department", *HOSPITAL))
def decline_proposal(actor: Any, thing: Proposal, reason: str) -> Proposal:
    """Decline a proposal, with the reason."""
    row, said = _answering(actor, thing), reason.strip()[:400]
    move(actor, row, "decline", "listen.decline_proposal", facts={"reason": said}, answer=said,
         answered_by=person_of(actor), answered_on=timezone.localdate())  # fmt: skip
    return row


@verb("listen.withdraw_proposal", roles=ANALYSTS)
def withdraw_proposal(actor: Any, thing: Proposal, reason: str) -> Proposal:
    """Withdraw a proposal that was not answered yet."""
    row = locked(thing)
    move(actor, row, "withdraw", "listen.withdraw_proposal", facts={"reason": reason.strip()})
    return row


@verb("listen.confirm_signal", roles=ANALYSTS)
def confirm_signal(actor: Any, thing: Signal, reason: str) -> Signal:
    """The signal was true: say what was found. This is what the engine's hits are counted by."""
    row, said = locked(thing), reason.strip()[:2000]
    _settled(row)
    move(actor, row, "confirm", "listen.confirm_signal", facts={"reason": said}, finding=said)
    return row


@verb("listen.refute_signal", roles=ANALYSTS)
def refute_signal(actor: Any, thing: Signal, reason: str) -> Signal:
    """The signal was false: say what was found. This is what the engine's false alarms are counted by."""
    row, said = locked(thing), reason.strip()[:2000]
    _settled(row)
    move(actor, row, "refute", "listen.refute_signal", facts={"reason": said}, finding=said)
    return row


def _settled(row: Signal) -> None:
    waiting = row.proposals.filter(status="proposed").count()
    what = msg("%(count)s proposals wait for their answer.")
    refuse([Problem("open_proposals", what, "", {"count": waiting}) if waiting else None])
