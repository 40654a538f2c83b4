"""Clocks and limits of complaints, reports, incidents, recalls and signals, with the days on which they hold."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.rules import Rule
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
ORDER_20_FROM, ORDER_20_TO = dt.date(2020, 1, 1), dt.date(2026, 4, 14)
ORDER_121_FROM = dt.date(2026, 4, 15)
ORDER_19_FROM, GUANGDONG_FROM = dt.date(2020, 1, 1), dt.date(2023, 1, 1)

ORDER_20 = msg("Interim measures for complaints and reports in market regulation (Order 20), repealed")
ORDER_121 = msg("Measures for complaints and reports in market regulation (Order 121)")
ORDER_19 = msg("Interim measures for the recall of consumer products (Order 19)")
GUANGDONG = msg("Measures of Guangdong for the recall of defective consumer products")
CITY = msg("Set by the city")
NOTE = msg("A working rule of the room of listening, set by the city, not by law.")
_SEEN_IN_FORMS = msg("Known from the official forms; the full text was not seen.")
_NOT_SEEN = msg("The text of Order 121 was not seen on this point; the earlier term is kept as a default.")
_FROM_MEMORY = msg("From memory; the official text was not seen.")


def _order_20(code: str, clause: str, value: int) -> Rule:
    return Rule(code, clause, value, "working days", ORDER_20_FROM, ORDER_20_TO, ORDER_20, True)


def _order_121(
    code: str, clause: str, value: int, note: str, *, unit: str = "working days", verified: bool = False
) -> Rule:
    return Rule(code, clause, value, unit, ORDER_121_FROM, None, ORDER_121, verified, note)


def _order_19(code: str, clause: str, value: int, unit: str = "working days") -> Rule:
    return Rule(f"recall.{code}", clause, value, unit, ORDER_19_FROM, None, ORDER_19, False, _FROM_MEMORY)


def _city(code: str, clause: str, value: float, unit: str = "working days") -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, CITY, False, NOTE)


_LETTERS = (
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
    _order_121("complaint.end_notice", msg("Term to tell the parties that mediation has ended"), 7, _NOT_SEEN),
    _order_20("complaint.clue_check", msg("Term to check a clue found in mediation, article 23"), 15),
    _order_121("complaint.clue_check", msg("Term to check a clue found in mediation"), 15, _NOT_SEEN),
    _order_20("complaint.jurisdiction", msg("Term to settle a dispute over jurisdiction, article 30"), 7),
    _order_121("complaint.jurisdiction", msg("Term to settle a dispute over jurisdiction"), 7, _NOT_SEEN),
    _city("complaint.identity", msg("Term of the notice to give identity material"), 5),
    _city("complaint.firm_answer", msg("Term for the firm to answer a complaint in mediation"), 5),
    _order_20("report.check", msg("Term to check a clue before opening a case"), 15),
    _order_121("report.check", msg("Term to check a clue before opening a case"), 15, _NOT_SEEN),
    _order_20("report.extension", msg("Longest extension of the check of a clue"), 15),
    _order_121("report.extension", msg("Longest extension of the check of a clue"), 15, _NOT_SEEN),
    _order_20("report.informed", msg("Term to tell a named informant of the decision, article 31"), 5),
    _order_121("report.informed", msg("Term to tell a named informant of the decision"), 5, _NOT_SEEN),
    _city(
        "claimant.frequent", msg("Letters of one sender within a year that draw the flag seen by staff"), 10, "cases"
    ),
    _city("intake.hourly", msg("Letters of one sender within an hour"), 5, "cases"),
)
_SAFETY = (
    Rule(
        "recall.firm_report",
        msg("Term in which a producer or seller reports a danger it has learned of"),
        2,
        "working days",
        GUANGDONG_FROM,
        None,
        GUANGDONG,
        True,
    ),
    _order_19("plan", msg("Term to file the recall plan after the decision"), 10),
    _order_19("announce", msg("Term to announce the recall after the plan was filed"), 3),
    _order_19("summary", msg("Term of the summary after the recall was carried out"), 15),
    _order_19("records", msg("How long the records of a recall are kept"), 5, "years"),
    _city("recall.assessment", msg("Term to find out whether a product is defective"), 30),
    _city("recall.progress", msg("Time between two reports on the progress of a recall"), 30, "calendar days"),
    _city("recall.evaluation", msg("Term to evaluate the effect of a recall"), 20),
    _city("incident.verification", msg("Term to verify a reported injury or damage"), 2),
    _city("incident.upward", msg("Term to report a serious injury to the authority above"), 1),
    _city("safety.corrective_action", msg("Term of a corrective action"), 30),
    _city("safety.authority_answer", msg("Term for another authority to answer a request"), 15),
    _city(
        "warning.shown",
        msg("How long a public warning stays up unless it is taken down or renewed"),
        365,
        "calendar days",
    ),
    _city("signal.look", msg("Term to look at a signal"), 5),
    _city("signal.proposal", msg("Term to answer a proposal that a signal made"), 5),
)
LISTENING_RULES: tuple[Rule, ...] = (*_LETTERS, *_SAFETY)
