"""Terms and limits of the people of quality, with the days on which they hold."""

from __future__ import annotations

from qualipolis.law.rules import Rule
from qualipolis.law.talent.award_rules import AWARD_RULES
from qualipolis.law.talent.officer_rules import OFFICER_RULES, TRAINING_RULES

TALENT_RULES: tuple[Rule, ...] = (
    *OFFICER_RULES,
    *TRAINING_RULES,
    *AWARD_RULES,
)
