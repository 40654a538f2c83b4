"""The tables of the people of quality."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.talent.awards import AWARD_APPLICATION, AWARD_OBJECTION, AWARD_ROUND, SCORE_SHEET
from qualipolis.law.flows.talent.officers import OFFICERS
from qualipolis.law.flows.talent.reviewers import EXCELLENCE_REVIEWER
from qualipolis.law.flows.talent.training import TRAINING

AWARDS = (EXCELLENCE_REVIEWER, AWARD_ROUND, AWARD_APPLICATION, SCORE_SHEET, AWARD_OBJECTION)
TALENT: tuple[Flow, ...] = (
    *OFFICERS,
    *TRAINING,
    *AWARDS,
)

__all__ = ["AWARDS", "TALENT"]
