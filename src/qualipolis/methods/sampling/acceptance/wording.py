"""The words of a result. A sample can contradict a claim; it can never certify what was not inspected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qualipolis.methods.problems import msg, refuse
from qualipolis.methods.sampling.acceptance.checks import whole

CAVEAT = msg("The result speaks of the inspected sample and its stated risks, not of units that were not inspected.")
FORBIDDEN = re.compile(
    r"(?<!不)合格|(?<!un)qualified|\bpass(?:es|ed)?\b|\bcertif|\bconforms\b|\bconforming\b", re.IGNORECASE
)
"""What no verdict says: praise that a sample cannot give."""


@dataclass(frozen=True)
class Verdict:
    """A stable ``code`` for programs and the sentence for people."""

    code: str
    words: str

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the sentence with its caveat, in the language of ``translate``."""
        said = translate(self.words)
        return said + ("" if said.endswith("。") else " ") + translate(CAVEAT)

    def __str__(self) -> str:
        return self.text()


LOT_ACCEPTED = Verdict("lot_accepted", msg("The lot is accepted."))
LOT_NOT_ACCEPTED = Verdict("lot_not_accepted", msg("The lot is not accepted."))
NONE_FOUND = Verdict("none_found", msg("No nonconformity was found in the inspected sample."))
NOT_FOUND_NONCONFORMING = Verdict(
    "not_found_nonconforming", msg("The population under supervision was not found nonconforming.")
)
NONCONFORMING = Verdict("nonconforming", msg("The population under supervision is judged nonconforming."))
NOT_CONTRADICTED = Verdict("not_contradicted", msg("The sample does not contradict the declared quality level."))
CONTRADICTED = Verdict("contradicted", msg("The sample contradicts the declared quality level."))
VERDICTS = (
    LOT_ACCEPTED,
    LOT_NOT_ACCEPTED,
    NONE_FOUND,
    NOT_FOUND_NONCONFORMING,
    NONCONFORMING,
    NOT_CONTRADICTED,
    CONTRADICTED,
)


def supervision_verdict(nonconforming: int, limit: int = 0) -> Verdict:
    """Return the words for a supervision sample with ``nonconforming`` units where ``limit`` are allowed.

    None found: "no nonconformity was found"; some, but not more than the limit: the population "was not found
    nonconforming"; more: it "is judged nonconforming". Never that it is good (GB/T 2828.4, GB/T 2828.11, GB/T 28863).

    >>> supervision_verdict(0).code, supervision_verdict(1, 2).code, supervision_verdict(1).code
    ('none_found', 'not_found_nonconforming', 'nonconforming')
    """
    refuse(whole(nonconforming, "nonconforming", least=0) + whole(limit, "limit", least=0))
    if nonconforming > limit:
        return NONCONFORMING
    return NONE_FOUND if nonconforming == 0 else NOT_FOUND_NONCONFORMING


def lot_verdict(accepted: bool) -> Verdict:
    """Return the words for a lot under lot-by-lot inspection (GB/T 2828.1).

    >>> lot_verdict(True).code
    'lot_accepted'
    """
    return LOT_ACCEPTED if accepted else LOT_NOT_ACCEPTED
