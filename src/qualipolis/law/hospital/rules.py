"""Every clock and limit of the product hospital. No law sets them: they are working rules that a city may change."""

from __future__ import annotations

from datetime import date

from qualipolis.law.rules import Rule
from qualipolis.methods.problems import msg

ALWAYS = date(1949, 10, 1)
CITY = msg("Set by the city")
NOTE = msg("A working rule of the product hospital, set by the city, not by law.")


def _rule(code: str, clause: str, value: int, unit: str = "working days") -> Rule:
    return Rule(f"hospital.{code}", clause, value, unit, ALWAYS, None, CITY, False, NOTE)


HOSPITAL_RULES: tuple[Rule, ...] = (
    _rule("first_response", msg("Term for the first response to a registered case"), 1),
    _rule("assignment", msg("Term to propose an expert for a triaged case"), 1),
    _rule("answer_of_expert", msg("Term for an expert to accept or decline"), 2),
    _rule("diagnosis", msg("Term from acceptance by the expert to the diagnosis"), 10),
    _rule("panel", msg("Term of a consultation"), 5),
    _rule("prescription", msg("Term from the diagnosis to the prescription"), 5),
    _rule("answer_of_firm", msg("Term for the firm to answer a prescription"), 5),
    _rule("verification", msg("Term to judge the evidence of a treatment"), 5),
    _rule("waiting", msg("Silence of the firm after which a case is suspended"), 15),
    _rule("suspension", msg("Silence of the firm after which a suspended case is closed"), 30),
    _rule("follow_up_1", msg("First follow-up after the cure"), 30, "calendar days"),
    _rule("follow_up_2", msg("Second follow-up after the cure"), 90, "calendar days"),
    _rule("follow_up_3", msg("Third follow-up after the cure"), 180, "calendar days"),
    _rule("recurrence", msg("Days after the cure in which a recurrence reopens the case"), 180, "calendar days"),
    _rule("treatment_loops", msg("Treatments without effect after which a panel must meet"), 2, "cases"),
    _rule("panel_severity", msg("Severity from which a panel must meet before the diagnosis"), 3, "cases"),
    _rule("duty_report", msg("Term in which a producer reports a serious danger on the market"), 2),
    _rule("group_cases", msg("Like cases that make a group disease"), 3, "cases"),
    _rule("group_days", msg("Days within which like cases make a group disease"), 60, "calendar days"),
)
