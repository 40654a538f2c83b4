"""Terms and limits of the co-governance federation, with the days on which they hold."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.rules import Rule
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
CITY = msg("Set by the city")
NOTE = msg("A working rule of the federation, set by its statutes and the city, not by law.")


def _city(code: str, clause: str, value: float, unit: str = "working days") -> Rule:
    return Rule(f"federation.{code}", clause, value, unit, ALWAYS, None, CITY, False, NOTE)


FEDERATION_RULES: tuple[Rule, ...] = (
    _city("member.decision", msg("Term to decide on an application for membership"), 20),
    _city("member.suspension", msg("Term after which a suspension of membership is looked at again"), 60),
    _city("clue.answer", msg("Term to answer a clue that was given to the federation"), 15),
    _city("clue.daily", msg("Clues of one telephone number within a day"), 5, "cases"),
    _city("clue.frequent", msg("Clues of one sender within a year that draw the flag seen by the secretariat"), 5, "cases"),
    _city("pact.check", msg("Term to check a pact for fair competition"), 10),
    _city("pact.checkers", msg("People who check a pact for fair competition"), 2, "people"),
    _city("pact.signatures", msg("Signatures after which a pact is monitored"), 2, "cases"),
    _city("breach.examination", msg("Term to examine a breach of a pact"), 15),
    _city("breach.statement", msg("Term for the member to be heard about a breach"), 5),
    _city("breach.coaching", msg("Term to mend a breach with coaching"), 30),
    _city("breach.acceptance", msg("Term to look at what a member mended"), 10),
    _city("meeting.notice", msg("Least time between the invitation and a meeting"), 5),
    _city("meeting.minutes", msg("Term to write the notes of a meeting"), 5),
    _city("meeting.publication", msg("Term to publish the notes of a meeting"), 10),
    _city("vote.quorum", msg("Share of the votes that must be present"), 0.5, "share"),
    _city("vote.special", msg("Share of yes votes that a special resolution needs"), 2 / 3, "share"),
    _city("vote.kinds", msg("Kinds of members that must take part and agree"), 2, "cases"),
    _city("vote.open", msg("Longest vote on a resolution"), 10),
    _city("task.acceptance", msg("Term to look at the result of a joint task"), 10),
    _city("pledge.check", msg("Term to read a pledge before it is published"), 5),
    _city("pledge.doubt", msg("Term for the firm to answer a doubt about its pledge"), 10),
)  # fmt: skip
