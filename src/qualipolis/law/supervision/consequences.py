"""What one event sets off elsewhere: a reversal corrects the publication, cancels the handling, revises the past.

Each consequence names the flow and the step to take, or, where there is no step, the duty in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qualipolis.law.flows import ALL
from qualipolis.law.supervision import sources as law
from qualipolis.methods.problems import msg


@dataclass(frozen=True)
class Consequence:
    """One thing that follows: the step ``step`` of ``flow``, or a duty without a step, and what it rests on."""

    words: str
    law: str
    flow: str = ""
    step: str = ""


_REVISE = Consequence(msg("Recompute the rates, past periods too, and keep a revision record."), law.PLATFORM)
_CORRECT = Consequence(msg("Correct the publication as a new version."), law.PLATFORM, "publication", "correct")
_CANCEL = Consequence(msg("Cancel the handling of the failed result."), law.O18_42, "handling", "cancel")
_CANCEL_FOOD = Consequence(msg("Cancel the handling of the failed result."), law.FOOD_88, "food_handling", "cancel")
_RECALL = Consequence(msg("Take the transfer to the other area back."), law.O18_42, "area_transfer", "recall")
_ANNUL = Consequence(
    msg("Check the penalty; when it is changed or revoked, take it down within its term."),
    law.PENALTY_11,
    "penalty_publication",
    "annul",
)
_BY_ORGANISER = Consequence(msg("The organiser bears the fee of the recheck."), law.O18_43)
_BY_APPLICANT = Consequence(msg("The applicant bears the fee of the recheck."), law.O18_43)
_STAND = Consequence(msg("The first result stands."), law.O18_40, "result", "stand")

FOLLOWS: dict[str, tuple[Consequence, ...]] = {
    "reversed": (
        Consequence(msg("Make the reversal known in the result."), law.O18_42, "result", "reverse"),
        _CORRECT,
        _CANCEL,
        _CANCEL_FOOD,
        _RECALL,
        _ANNUL,
        _BY_ORGANISER,
        _REVISE,
    ),
    "upheld": (
        Consequence(msg("Make the outcome known in the result."), law.O18_42, "result", "uphold"),
        _BY_APPLICANT,
    ),
    "voided": (_CORRECT, _CANCEL, _CANCEL_FOOD, _RECALL, _ANNUL, _REVISE),
    "voided_for_producer": (
        _CORRECT,
        Consequence(msg("Void it in the producer's statistics; it stays in the seller's."), law.PLATFORM),
        Consequence(msg("Follow up the seller's source of supply."), law.PLATFORM),
        _REVISE,
    ),
    "firm_ceased": (
        Consequence(msg("Stop the clocks of correction and review."), law.PLATFORM, "handling", "cease"),
        Consequence(msg("Keep the result and look for a successor or owner of the assets."), law.PLATFORM),
        Consequence(msg("Tell the registration office."), law.PLATFORM),
        Consequence(msg("Publish with the state of the firm."), law.PLATFORM, "publication", "correct"),
    ),
    "backup_lost": (
        Consequence(msg("Treat it like an objection to the process."), law.PLATFORM, "result", "backup_lost"),
        Consequence(msg("Grant the objection: the doubt benefits the firm."), law.PLATFORM, "objection", "uphold_flaw"),
        _BY_ORGANISER,
    ),
    "backup_spoiled": (_STAND,),
    "recheck_waived": (
        Consequence(msg("The first result stands."), law.O18_38, "result", "stand"),
        Consequence(msg("Answer the objection."), law.O18_38, "objection", "answer"),
    ),
    "restarted": (
        Consequence(msg("Record the restart before the review as a violation."), law.O18_49),
        Consequence(msg("Consider a fine within the cap."), law.O18_51),
    ),
    "serious_problem": (
        Consequence(msg("Open a penalty case under chapter 5; hand a suspected crime over."), law.LAW_17),
    ),
    "refused": (Consequence(msg("Warn and order; when it persists, stop business."), law.LAW_16),),
    "industry_problem": (Consequence(msg("Hold a quality analysis meeting."), law.O18_50),),
}


def follow(event: str, states: Mapping[str, str]) -> tuple[Consequence, ...]:
    """Return what ``event`` sets off where things stand in ``states`` (flow -> state).

    A step that the flow does not offer in that state is left out, and so is a flow without a state. Steps are still
    taken through their tables, by people with the role for it.

    >>> [c.step for c in follow("reversed", {"publication": "published", "handling": "correcting"}) if c.step]
    ['correct', 'cancel']
    """
    return tuple(c for c in FOLLOWS[event] if not c.flow or _offered(c, states.get(c.flow)))


def _offered(one: Consequence, state: str | None) -> bool:
    return state is not None and ALL[one.flow].find(state, one.step) is not None


FEE = {
    "upheld": "applicant",
    "ended_spoiled": "nobody",
    "waived": "nobody",
    "withdrawn": "nobody",
    "refused": "nobody",
    "reversed": "organiser",
    "backup_lost": "organiser",
}


def fee_borne_by(outcome: str) -> str:
    """Return who bears the fee of a recheck that ended in ``outcome``; nobody where nothing was tested.

    >>> fee_borne_by("upheld"), fee_borne_by("reversed")
    ('applicant', 'organiser')
    """
    return FEE[outcome]
