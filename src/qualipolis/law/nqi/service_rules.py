"""Terms of the one-stop service, from the demand of a firm to its evaluation."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.rules import Rule
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
CITY = msg("Set by the city")
NOTE = msg("A working rule of the one-stop service, set by the city, not by law.")


def _city(code: str, clause: str, value: int, unit: str = "working days") -> Rule:
    return Rule(f"nqi.{code}", clause, value, unit, ALWAYS, None, CITY, False, NOTE)


SERVICE_RULES: tuple[Rule, ...] = (
    _city("acceptance", msg("Term to accept a demand for service"), 1),
    _city("triage", msg("Term to say what kind of service is needed"), 1),
    _city("matching", msg("Term to find institutions, or to answer at the station"), 2),
    _city("escalation", msg("Term to pass an unmatched demand to the general platform"), 1),
    _city("escalated", msg("Term of the general platform for a demand passed up to it"), 5),
    _city("quote", msg("Term of an invited institution to quote"), 3),
    _city("choice", msg("Term of the firm to choose among the quotes"), 10),
    _city("quote_open", msg("How long a quote stays open at least"), 30, "calendar days"),
    _city("confirmation", msg("Term of the institution to confirm an order"), 2),
    _city("sample", msg("Term to bring the sample after the order was confirmed"), 10),
    _city("blocked", msg("Term to place a blocked order elsewhere"), 5),
    _city("delivery", msg("Term to check and deliver a report that was handed in"), 2),
    _city("evaluation", msg("Term to evaluate a service"), 15, "calendar days"),
    _city("complaint_acceptance", msg("Term to take up a complaint about a service"), 2),
    _city("complaint_answer", msg("Term of the institution to answer a complaint about its service"), 5),
    _city("complaint_decision", msg("Term to decide on a complaint about a service"), 10),
)
