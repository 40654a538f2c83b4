"""Terms and limits of award rounds and of their reviewers, with the days on which they hold."""

from __future__ import annotations

from datetime import date

from qualipolis.law.rules import Rule, Value
from qualipolis.methods.problems import msg

ALWAYS = date(1949, 10, 1)
AWARD_FROM = date(2025, 1, 1)
CITY = msg("Set by the city")
MEASURES = msg("Measures of Dongguan for the government quality award (2025)")
NOTE = msg("A working rule of the award, set by the city, not by law.")
_SEEN = msg("Known from the published measures of 2025: at most 5 awards and 15 nomination awards in a round, no fee.")


def _city(code: str, clause: str, value: Value, unit: str = "working days") -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, CITY, False, NOTE)


def _measures(code: str, clause: str, value: Value) -> Rule:
    return Rule(code, clause, value, "cases", AWARD_FROM, None, MEASURES, True, _SEEN)


AWARD_RULES: tuple[Rule, ...] = (
    _measures("award.awards", msg("Most awards in a round"), 5),
    _measures("award.nominations", msg("Most nomination awards in a round"), 15),
    _city("award.opinion", msg("Term for a regulator to give an opinion on an applicant"), 10),
    _city("award.sheet", msg("Term for a reviewer to hand in the independent scores"), 15),
    _city("award.consensus", msg("Term of the consensus of the reviewers"), 5),
    _city("award.visit", msg("Term of the site visits"), 30),
    _city("award.public_notice", msg("Public notice of the proposal"), 7),
    _city("award.objection", msg("Term to check an objection to the proposal"), 10),
    _city("award.spread", msg("Spread of the independent scores of an item that needs a consensus"), 20, "points"),
    _city("award.reviewers", msg("Fewest independent reviewers of an applicant"), 3, "people"),
    _city("award.visitors", msg("Fewest people on a site visit"), 2, "people"),
    _city("award.conflict_years", msg("Years after which advice or employment no longer makes a conflict"), 3, "years"),
    _city("award.monitoring", msg("How long an award is monitored"), 3, "years"),
    _city("award.passing", msg("Points of 1000 below which no award is given"), 500, "points"),
    _city("reviewer.hours", msg("Hours of continued training of a reviewer in a year"), 16, "cases"),
    _city("reviewer.trainee_reviews", msg("Reviews taken part in before a trainee becomes a reviewer"), 2, "cases"),
    _city("reviewer.senior_reviews", msg("Reviews before a reviewer becomes a senior reviewer"), 6, "cases"),
    _city("reviewer.lead_reviews", msg("Reviews before a senior reviewer may lead"), 12, "cases"),
    _city("reviewer.rating", msg("Mean rating (1 to 5) that a promotion needs"), 4, "points"),
)
