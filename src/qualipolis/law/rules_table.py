"""The table of dated rules. ``verified`` is False where the value rests on memory, a form, or the city's own decision."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.hospital.rules import HOSPITAL_RULES
from qualipolis.law.rules import Rule, Value
from qualipolis.law.supervision.rules import SUPERVISION_RULES
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
ORDER_20_FROM, ORDER_20_TO = dt.date(2020, 1, 1), dt.date(2026, 4, 14)
ORDER_121_FROM = dt.date(2026, 4, 15)

_CITY = msg("Set by the city")
_OWN = msg("A value set by the city, not by law; change it by a decision of the city.")
_ORDER_20 = msg("Interim measures for complaints and reports in market regulation (Order 20), repealed")
_ORDER_121 = msg("Measures for complaints and reports in market regulation (Order 121)")
_SEEN_IN_FORMS = msg("Known from the official forms; the full text was not seen.")
_NOT_SEEN = msg("The text of Order 121 was not seen on this point; the earlier term is kept as a default.")
_BANDS: Value = (("A", 90.0), ("B", 80.0), ("C", 60.0), ("D", 0.0))


def _city(code: str, clause: str, value: Value, unit: str, note: str = _OWN) -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, _CITY, False, note)


def _order_20(code: str, clause: str, value: int) -> Rule:
    return Rule(code, clause, value, "working days", ORDER_20_FROM, ORDER_20_TO, _ORDER_20, True)


def _order_121(
    code: str, clause: str, value: int, note: str, *, unit: str = "working days", verified: bool = False
) -> Rule:
    return Rule(code, clause, value, unit, ORDER_121_FROM, None, _ORDER_121, verified, note)


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
    _order_20("complaint.acceptance", msg("Term to accept or refuse a complaint, article 14"), 7),
    _order_121(
        "complaint.acceptance",
        msg("Term to accept or refuse a complaint"),
        7,
        msg("The term stands in article 46 of the Regulation on Consumer Rights; Order 121 itself was not seen."),
    ),
    _order_20("complaint.mediation", msg("Longest mediation, article 21"), 45),
    _order_121(
        "complaint.mediation",
        msg("Longest mediation, article 23 (from acceptance)"),
        60,
        _SEEN_IN_FORMS,
        unit="calendar days",
        verified=True,
    ),
    _order_20("complaint.end_notice", msg("Term to tell the parties that mediation has ended"), 7),
    _order_20("complaint.clue_check", msg("Term to check a clue found in mediation, article 23"), 15),
    _order_20("complaint.jurisdiction", msg("Term to settle a dispute over jurisdiction, article 30"), 7),
    _order_20("report.informed", msg("Term to tell a named informant of the decision, article 31"), 5),
    _order_121("report.informed", msg("Term to tell a named informant of the decision"), 5, _NOT_SEEN),
    _order_20("report.check", msg("Term to check a clue before opening a case"), 15),
    _order_121("report.check", msg("Term to check a clue before opening a case"), 15, _NOT_SEEN),
    *SUPERVISION_RULES,
    *HOSPITAL_RULES,
)
