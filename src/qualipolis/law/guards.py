"""Guards that several flows share. Each names the facts it reads."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from qualipolis.law.flow import Guard, fact
from qualipolis.methods.problems import Problem, msg

CHECKERS = 2


def has_value_or_reason(thing: Any) -> Problem | None:
    """Facts ``value``, ``missing``: a missing value needs its reason; it is never sent as nothing.

    >>> has_value_or_reason({"value": 0.0}) is None, has_value_or_reason({"value": None}).code
    (True, 'no_value')
    """
    if fact(thing, "value") is not None or fact(thing, "missing"):
        return None
    return Problem("no_value", msg("There is neither a value nor a reason why it is missing."))


def has_evidence(thing: Any) -> Problem | None:
    """Facts ``evidence_required``, ``evidence`` (how many files, or the files)."""
    if not fact(thing, "evidence_required") or fact(thing, "evidence"):
        return None
    return Problem("no_evidence", msg("The indicator asks for evidence and none is attached."))


def not_own_work(thing: Any) -> Problem | None:
    """Facts ``actor``, ``submitted_by``: who checks is not who sent."""
    actor = fact(thing, "actor")
    if actor is None or actor != fact(thing, "submitted_by"):
        return None
    return Problem("own_work", msg("Who submitted a value may not verify it."))


def two_people(thing: Any) -> Problem | None:
    """Facts ``actor``, ``second_person``: the second is somebody else."""
    actor, second = fact(thing, "actor"), fact(thing, "second_person")
    if second is None or second != actor:
        return None
    return Problem("one_person", msg("The second person must be somebody else."))


def within_dispute_window(thing: Any) -> Problem | None:
    """Facts ``dispute_until``, ``today`` (dates): a term that has not been set has not begun, and is not endless.

    >>> within_dispute_window({}).code
    'no_preview'
    """
    until, today = fact(thing, "dispute_until"), fact(thing, "today")
    if until is None or today is None:
        return Problem("no_preview", msg("The preview has not been sent to the town yet."))
    if today <= until:
        return None
    return Problem("window_closed", msg("The term for objections ended on %(day)s."), "", {"day": until})


def nothing_open(thing: Any) -> Problem | None:
    """Fact ``open_items``: how many values are still neither verified nor corrected."""
    count = fact(thing, "open_items") or 0
    if count == 0:
        return None
    return Problem("open_items", msg("%(count)s items are still open."), "", {"count": count})


def no_open_disputes(thing: Any) -> Problem | None:
    """Fact ``open_disputes``."""
    count = fact(thing, "open_disputes") or 0
    if count == 0:
        return None
    return Problem("open_disputes", msg("%(count)s objections have no reply yet."), "", {"count": count})


def weights_complete(thing: Any) -> Problem | None:
    """Fact ``set_problems``: how many errors the check of the indicator tree found."""
    count = fact(thing, "set_problems") or 0
    if count == 0:
        return None
    return Problem(
        "set_problems", msg("The indicator set has %(count)s errors; mend them first."), "", {"count": count}
    )


def not_own_run(thing: Any) -> Problem | None:
    """Facts ``actor``, ``run_by``: who decides on an assessment is not who computed it."""
    actor = fact(thing, "actor")
    if actor is None or actor != fact(thing, "run_by"):
        return None
    return Problem("own_run", msg("Who computed an assessment may not decide on it: that takes two people."))


def not_own_report(thing: Any) -> Problem | None:
    """Facts ``actor``, ``reported_by``: who accepts a report is not who wrote it."""
    actor = fact(thing, "actor")
    if actor is None or actor != fact(thing, "reported_by"):
        return None
    return Problem("own_report", msg("Who handed a report in may not accept it."))


def enough_checkers(thing: Any) -> Problem | None:
    """Fact ``checkers``: a check on site is made by two people at least.

    >>> enough_checkers({"checkers": 1}).code, enough_checkers({"checkers": 2}) is None
    ('few_checkers', True)
    """
    named = fact(thing, "checkers") or 0
    if named >= CHECKERS:
        return None
    what = msg("A check on site needs %(needed)s people, %(named)s are named.")
    return Problem("few_checkers", what, "", {"needed": CHECKERS, "named": named})


def none_left(name: str, what: str) -> Guard:
    """Return the guard that holds when the fact ``name`` counts nothing; ``what`` says how many there are.

    >>> none_left("leaks", "%(count)s leaks.")({"leaks": 2}).text()
    '2 leaks.'
    """

    def guard(thing: Any) -> Problem | None:
        count = fact(thing, name) or 0
        return Problem(name, what, "", {"count": count}) if count else None

    return guard


def counts_nothing(name: str, what: str) -> Guard:
    """Return the guard that holds when the fact ``name`` counts nothing; not having counted is not nothing."""

    def guard(thing: Any) -> Problem | None:
        count = fact(thing, name)
        if count is None:
            return Problem(f"uncounted_{name}", msg("It has not been counted what is still open."))
        return Problem(name, what, "", {"count": count}) if count else None

    return guard


def filled(names: dict[str, str]) -> Guard:
    """Return the guard that holds when none of the facts ``names`` is empty; the words say what to do."""

    def guard(thing: Any) -> Problem | None:
        for name, what in names.items():
            said = fact(thing, name)
            if said is None or said is False or (isinstance(said, Sized) and len(said) == 0):
                return Problem(f"no_{name}", what, place=name)
        return None

    return guard


comments_answered = none_left("unanswered_comments", msg("%(count)s comments have no answer yet."))
windows_closed = none_left(
    "open_windows", msg("The term for objections is still running for %(count)s units, or the preview was not served.")
)
items_complete = none_left("open_parts", msg("%(count)s items have no score or no words yet."))
summary_complete = none_left("open_summary", msg("%(count)s parts of the summary are still empty."))
findings_complete = none_left("open_findings", msg("%(count)s values have no finding yet."))
findings_settled = none_left("unsettled_findings", msg("%(count)s findings have not been acted on yet."))
results_given = none_left("open_results", msg("%(count)s items have no result yet."))
items_fulfilled = none_left("unfulfilled", msg("%(count)s items are not yet found to be fulfilled."))
