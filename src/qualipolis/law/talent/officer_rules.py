"""Clocks and limits of chief quality officers and of training. No national law sets them; each says where it is from."""

from __future__ import annotations

import datetime as dt

from qualipolis.law.rules import Rule
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
CITY = msg("Set by the city")
NOTE = msg("A working rule of the room of talent, set by the city, not by law.")
PLAN_2014 = msg("Plan of Dongguan for chief quality officers, 2014 to 2015")
HUBEI = msg("Measures of Hubei for chief quality officers, 2022")
_OLD_PLAN = msg("A target of an older plan; no newer text was seen.")
_ELSEWHERE = msg("A target of another place, kept for comparison only.")


def _city(code: str, clause: str, value: float, unit: str = "working days") -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, CITY, False, NOTE)


OFFICER_RULES: tuple[Rule, ...] = (
    _city("officer.filing", msg("Term to file or return the appointment of a chief quality officer"), 10),
    _city("officer.returned", msg("Term of the firm to hand a returned appointment in again"), 10),
    _city("officer.training", msg("Term for a filed officer to be trained and to pass"), 180, "calendar days"),
    _city("officer.certificate", msg("Term to issue the certificate after the examination was passed"), 10),
    _city("officer.post", msg("Term for the firm to confirm that the officer has taken up the post"), 10),
    _city("officer.refile", msg("Term of the firm to file a successor after an officer has left"), 30, "calendar days"),
    _city("officer.lapse", msg("Time without training after which an officer lapses"), 2, "years"),
    _city("officer.reminder", msg("Days before the lapse on which the officer is reminded"), 90, "calendar days"),
    _city("officer.advice", msg("Term of the firm to answer the advice to remove an officer"), 15),
    Rule("officer.target_large_medium", msg("Share of large and medium firms with a chief quality officer"), 0.5,
         "share", dt.date(2014, 1, 1), None, PLAN_2014, True, _OLD_PLAN),
    Rule("officer.target_above_scale", msg("Share of firms above designated size with a chief quality officer"), 0.8,
         "share", dt.date(2022, 1, 1), None, HUBEI, True, _ELSEWHERE),
)  # fmt: skip
TRAINING_RULES: tuple[Rule, ...] = (
    _city("training.answer", msg("Term to admit or refuse somebody who enrols"), 5),
    _city("training.settle", msg("Term to settle the results after a course has ended"), 10),
    _city("training.attendance", msg("Share of the hours that must be attended"), 0.8, "share"),
    _city("training.certificate", msg("How long a training certificate is valid"), 2, "years"),
    _city("exam.pass", msg("Share of the points needed to pass"), 0.6, "share"),
    _city("exam.attempts", msg("Sittings allowed for one enrolment"), 2, "cases"),
    _city("exam.contest", msg("Term to contest the mark of an examination"), 5),
    _city("exam.contest_answer", msg("Term to answer a contested mark"), 10),
    _city("exam.analysis", msg("Answers below which the figures of a question are not shown"), 10, "cases"),
)
