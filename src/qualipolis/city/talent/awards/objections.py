"""Verbs of objections during the public notice: anybody may object, with a name; it is checked and answered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.talent.awards.parties import PLANNER, in_round
from qualipolis.city.talent.models import AwardApplication, AwardObjection, AwardRound
from qualipolis.methods.problems import Problem, msg, refuse

MOST_OPEN = 500


@verb("talent.object_to_award", roles=PLANNER)
def object_to_award(
    actor: Any, thing: AwardRound, *, sender: str, contact: str, words: str, application: AwardApplication | None = None
) -> AwardObjection:
    """Take in an objection while the public notice runs: of the public (as the system), or one the office writes down. The name stays there."""
    row = locked(thing)
    in_round(row, "public_notice")
    today = timezone.localdate()
    over = row.notice_until is None or today > row.notice_until
    strange = application is not None and (
        application.round_id != row.pk or application.status not in ("proposed", "held")
    )
    refuse(
        [
            Problem("notice_over", msg("The public notice is over.")) if over else None,
            Problem("not_proposed", msg("This firm is not proposed in the round."), place="application") if strange else None,
            None if sender.strip() else Problem("no_sender", msg("Give your name: objections without a name cannot be answered."), place="sender"),
            None if contact.strip() else Problem("no_contact", msg("Say how we can answer you."), place="contact"),
            None if words.strip() else Problem("no_words", msg("Write what you object to, with the facts."), place="words"),
            Problem("too_many", msg("So many objections came in that the office must be asked directly."))
            if row.objections.filter(received_on=today).count() >= MOST_OPEN else None,
        ]
    )  # fmt: skip
    made = AwardObjection.objects.create(
        number=next_number("YY", today.year), round=row, application=application, sender=sender.strip()[:120],
        contact=contact.strip()[:120], words=words.strip()[:4000],
    )  # fmt: skip
    record(actor, "talent.object_to_award", made, {"round": row.number})
    return made


@verb("talent.check_objection", roles=PLANNER)
def check_objection(actor: Any, thing: AwardObjection) -> AwardObjection:
    """Begin to check an objection."""
    row = locked(thing)
    move(actor, row, "check", "talent.check_objection")
    return row


@verb("talent.uphold_objection", roles=PLANNER)
def uphold_objection(actor: Any, thing: AwardObjection, answer: str) -> AwardObjection:
    """The objection is right: the proposal it concerns goes back to the meeting."""
    return _answer(actor, thing, "uphold", "talent.uphold_objection", answer)


@verb("talent.reject_objection", roles=PLANNER)
def reject_objection(actor: Any, thing: AwardObjection, answer: str) -> AwardObjection:
    """The objection is not right, with the reason."""
    return _answer(actor, thing, "reject", "talent.reject_objection", answer)


@verb("talent.withdraw_objection", roles=PLANNER)
def withdraw_objection(actor: Any, thing: AwardObjection, answer: str) -> AwardObjection:
    """Note that who objected takes it back."""
    return _answer(actor, thing, "withdraw", "talent.withdraw_objection", answer)


def _answer(actor: Any, thing: AwardObjection, step: str, name: str, answer: str) -> AwardObjection:
    row, said = locked(thing), answer.strip()[:2000]
    move(actor, row, step, name, facts={"reason": said}, for_good=True, answer=said, answered_on=timezone.localdate())
    return row
