"""The table of dated rules. ``verified`` is False where the value rests on memory, a form, or the city's own decision."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.federation.rules import FEDERATION_RULES
from qualipolis.law.hospital.rules import HOSPITAL_RULES
from qualipolis.law.listening.rules import LISTENING_RULES
from qualipolis.law.nqi.rules import NQI_RULES
from qualipolis.law.rules import Rule, Value
from qualipolis.law.supervision.rules import SUPERVISION_RULES
from qualipolis.law.talent.rules import TALENT_RULES
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)

_CITY = msg("Set by the city")
_OWN = msg("A value set by the city, not by law; change it by a decision of the city.")
_BANDS: Value = (("A", 90.0), ("B", 80.0), ("C", 60.0), ("D", 0.0))


def _city(code: str, clause: str, value: Value, unit: str, note: str = _OWN) -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, _CITY, False, note)


RULES: tuple[Rule, ...] = (
    _city("observation.return", msg("Term to answer a returned value"), 5, "working days"),
    _city("observation.dispute", msg("Term for objections after the preview"), 7, "working days"),
    _city("consultation.comments", msg("Term for comments on an indicator set"), 10, "working days"),
    _city("self_evaluation.hand_in", msg("Term to hand in the self-evaluation"), 15, "working days"),
    _city("self_evaluation.return", msg("Term to answer a returned self-evaluation"), 5, "working days"),
    _city("site_check.objection", msg("Term to answer an objection to a check on site"), 5, "working days"),
    _city("site_check.checkers", msg("Fewest people who check on site"), 2, "cases"),
    _city("site_check.gap", msg("Points between own and computed score that draw a check"), 15, "points"),
    _city("notice.acknowledge", msg("Term to acknowledge the notice of results"), 3, "working days"),
    _city("rectification.finish", msg("Term to finish a rectification"), 60, "working days"),
    _city("rectification.return", msg("Term to answer a returned rectification"), 10, "working days"),
    Rule(
        "grade.bands",
        msg("Grades of the yearly assessment, article 5"),
        _BANDS,
        "bands",
        ALWAYS,
        None,
        msg("National measures for the quality work assessment of provincial governments"),
        True,
        msg("The source leaves 89.01 to 89.99 open; the city reads the bands as half-open on the unrounded score."),
    ),
    _city("bonus.cap", msg("Most bonus points in a year"), 5, "points"),
    _city("proportion.min_n", msg("Cases needed to rank a proportion"), 30, "cases"),
    _city(
        "suppression.min_count",
        msg("Respondents below which a cell is not shown"),
        3,
        "cases",
        msg("The Statistics Law (article 28) protects respondents; the number is the city's own."),
    ),
    _city("score.level_share", msg("Share of the level against the improvement"), 0.7, "share"),
    *SUPERVISION_RULES,
    *HOSPITAL_RULES,
    *LISTENING_RULES,
    *NQI_RULES,
    *TALENT_RULES,
    *FEDERATION_RULES,
)
