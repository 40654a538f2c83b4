"""Guards of chief quality officers and training. Each names the facts it reads; what is not known lets no step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.calendar import add_months
from qualipolis.law.flow import fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import Problem, msg

conditions_met = counts_nothing("unmet", msg("%(count)s conditions of the office are not met."))
appointment_attached = filled({"appointment": msg("Attach the paper by which the firm appoints the officer.")})
certificate_held = filled({"certificate": msg("The certificate has to be issued first.")})


def free_elsewhere(thing: Any) -> Problem | None:
    """Fact ``held_elsewhere``: one person serves one firm, or firms on the list of one group.

    >>> free_elsewhere({"held_elsewhere": 0}) is None, free_elsewhere({"held_elsewhere": 1}).code, free_elsewhere({}).code
    (True, 'held_elsewhere', 'uncounted_held_elsewhere')
    """
    words = msg("The person is chief quality officer of %(count)s other firms that are not on the list of one group.")
    return counts_nothing("held_elsewhere", words)(thing)


def post_free(thing: Any) -> Problem | None:
    """Fact ``in_post``: how many officers are active in the firm already."""
    words = msg("The firm already has %(count)s active chief quality officers: record first that the other one left.")
    return counts_nothing("in_post", words)(thing)


def trained(thing: Any) -> Problem | None:
    """Facts ``passed_on``, ``filed_on`` (dates): the course was passed."""
    if isinstance(fact(thing, "passed_on"), date):
        return None
    return Problem("not_passed", msg("The course of the officer has not been passed yet."))


def trained_until(trained_on: date) -> date:
    """Return the last day on which a training of ``trained_on`` still holds.

    >>> trained_until(date(2024, 2, 29))
    datetime.date(2026, 2, 28)
    """
    rule = rule_on("officer.lapse", trained_on)
    if not isinstance(rule.value, int):
        raise TypeError("officer.lapse is not a number of years")
    return add_months(trained_on, 12 * rule.value)


def training_over(thing: Any) -> Problem | None:
    """Facts ``trained_on``, ``today``: two years have passed since the last training.

    >>> training_over({"trained_on": date(2024, 5, 6), "today": date(2026, 5, 6)}).code
    'training_holds'
    >>> training_over({"trained_on": date(2024, 5, 6), "today": date(2026, 5, 7)}) is None
    True
    """
    trained_on, today = fact(thing, "trained_on"), fact(thing, "today")
    if not isinstance(trained_on, date) or not isinstance(today, date):
        return Problem("no_training_day", msg("The day of the last training is not known."))
    until = trained_until(trained_on)
    if today > until:
        return None
    return Problem("training_holds", msg("The training holds until %(day)s."), "", {"day": until})


def training_holds(thing: Any) -> Problem | None:
    """The opposite of :func:`training_over`: the officer was trained within the two years."""
    found = training_over(thing)
    if found is None:
        return Problem("training_over", msg("The last training lies too far back: a new course comes first."))
    return found if found.code == "no_training_day" else None


# --- training --------------------------------------------------------------------------------------------------------
session_complete = filled(
    {
        "course": msg("Choose the course."),
        "days": msg("Give at least one day with its hours."),
        "place": msg("Say where the course takes place."),
        "seats": msg("Say how many seats there are."),
    }
)
attendance_complete = counts_nothing("unmarked", msg("%(count)s people have no attendance yet."))
enrolments_settled = counts_nothing("open_enrolments", msg("%(count)s people have no result yet."))


def session_begun(thing: Any) -> Problem | None:
    """Facts ``starts_on``, ``today``: a course does not begin before its day."""
    starts, today = fact(thing, "starts_on"), fact(thing, "today")
    if isinstance(starts, date) and isinstance(today, date) and today >= starts:
        return None
    return Problem("not_yet", msg("The course begins on %(day)s."), "", {"day": starts or "—"})


def session_over(thing: Any) -> Problem | None:
    """Facts ``ends_on``, ``today``: a course is not ended before its last day."""
    ends, today = fact(thing, "ends_on"), fact(thing, "today")
    if isinstance(ends, date) and isinstance(today, date) and today >= ends:
        return None
    return Problem("not_over", msg("The last day of the course is %(day)s."), "", {"day": ends or "—"})


def seat_left(thing: Any) -> Problem | None:
    """Fact ``seats_left``."""
    left = fact(thing, "seats_left")
    if left is not None and left > 0:
        return None
    return Problem("no_seat", msg("No seat is left: put the person on the waiting list."))


def enough_hours(thing: Any) -> Problem | None:
    """Facts ``hours``, ``hours_needed``: the share of the hours that the rules ask for was attended."""
    hours, needed = fact(thing, "hours"), fact(thing, "hours_needed")
    if hours is not None and needed is not None and hours >= needed:
        return None
    what = msg("%(hours)s of the %(needed)s hours needed were attended.")
    return Problem("too_few_hours", what, "", {"hours": hours or 0, "needed": needed or "—"})


def too_few_hours(thing: Any) -> Problem | None:
    """The opposite of :func:`enough_hours`: who attended enough is not recorded as absent."""
    if fact(thing, "hours") is None or fact(thing, "hours_needed") is None:
        return Problem("hours_unknown", msg("The hours attended are not known."))
    if enough_hours(thing) is not None:
        return None
    return Problem("attended", msg("The hours needed were attended."))


def examined(thing: Any) -> Problem | None:
    """Facts ``examined``, ``exam_passed``: the examination was passed, or the course has none."""
    if fact(thing, "examined") is False or fact(thing, "exam_passed") is True:
        return None
    return Problem("exam_not_passed", msg("The examination has not been passed."))


def exam_failed(thing: Any) -> Problem | None:
    """Fact ``exam_passed``: known, and not passed."""
    if fact(thing, "exam_passed") is False:
        return None
    return Problem("exam_open", msg("No examination was failed."))


def attempt_left(thing: Any) -> Problem | None:
    """Fact ``attempts_left``."""
    left = fact(thing, "attempts_left")
    if left is not None and left > 0:
        return None
    return Problem("no_attempt", msg("No further sitting is allowed: the course has to be taken again."))


def exam_open(thing: Any) -> Problem | None:
    """Facts ``opens_at``, ``closes_at``, ``now``: an examination is begun inside its window."""
    opens, closes, now = (fact(thing, name) for name in ("opens_at", "closes_at", "now"))
    if None in (opens, closes, now):
        return Problem("no_window", msg("The time of the examination has not been set."))
    if now < opens:
        return Problem("too_early", msg("The examination has not begun yet."))
    return None if now <= closes else Problem("closed", msg("The time to begin the examination is over."))


def own_sitting(thing: Any) -> Problem | None:
    """Facts ``actor``, ``candidate``: only the candidate sits the examination."""
    actor = fact(thing, "actor")
    if actor is not None and actor == fact(thing, "candidate"):
        return None
    return Problem(
        "other_candidate", msg("Only the candidate may do this, signed in under the candidate's own account.")
    )


def in_time(thing: Any) -> Problem | None:
    """Facts ``ends_at``, ``now``: an answer counts until the last second."""
    ends, now = fact(thing, "ends_at"), fact(thing, "now")
    if ends is not None and now is not None and now <= ends:
        return None
    return Problem("time_up", msg("The time is up. What was saved before counts."))


def time_up(thing: Any) -> Problem | None:
    """The opposite of :func:`in_time`."""
    ends, now = fact(thing, "ends_at"), fact(thing, "now")
    if ends is not None and now is not None and now > ends:
        return None
    return Problem("time_left", msg("There is still time left."))


def window_over(thing: Any) -> Problem | None:
    """Facts ``closes_at``, ``now``: nobody has missed an examination that can still be begun."""
    closes, now = fact(thing, "closes_at"), fact(thing, "now")
    if closes is not None and now is not None and now > closes:
        return None
    return Problem("window_open", msg("The examination can still be begun."))


def contest_term(thing: Any) -> Problem | None:
    """Facts ``contest_until``, ``today``."""
    until, today = fact(thing, "contest_until"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today <= until:
        return None
    return Problem("contest_over", msg("The term to contest the mark is over."))


def certificate_over(thing: Any) -> Problem | None:
    """Facts ``valid_to``, ``today``: a certificate holds to the end of its last day."""
    until, today = fact(thing, "valid_to"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("certificate_holds", msg("The certificate is still valid."))
