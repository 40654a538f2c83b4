"""Guards of the one-stop service. Each names the facts it reads; what is not known never lets a step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.flow import every, fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.methods.problems import Problem, msg

STARS = range(1, 6)


def in_scope(thing: Any) -> Problem | None:
    """Fact ``uncovered``: how many lines no certificate of the institution covers on the day; the hard rule.

    >>> in_scope({}).code, in_scope({"uncovered": 1}).code, in_scope({"uncovered": 0}) is None
    ('scope_unknown', 'out_of_scope', True)
    """
    count = fact(thing, "uncovered")
    if count is None:
        return Problem("scope_unknown", msg("It has not been checked whether the institution is qualified."))
    what = msg("%(count)s items are outside the valid scope of the institution on this day.")
    return Problem("out_of_scope", what, "", {"count": count}, "institution") if count else None


def out_of_scope(thing: Any) -> Problem | None:
    """The opposite of :func:`in_scope`: an order is blocked only when the scope fails, and never unchecked."""
    found = in_scope(thing)
    if found is None:
        return Problem("still_qualified", msg("The institution is qualified for every item today."))
    return found if found.code == "scope_unknown" else None


def no_conflict(thing: Any) -> Problem | None:
    """Fact ``conflict``: the institution samples or tests this firm's product under a campaign that is running."""
    known = fact(thing, "conflict")
    if known is False:
        return None
    what = msg(
        "The institution samples this firm's product under a running campaign and may not take paid work for it."
    )
    return Problem("conflict_unknown" if known is None else "conflict", what, place="institution")


qualified = every(in_scope, no_conflict)
needs_named = filled({"need_type": msg("Say what kind of service is needed.")})
lines_named = filled(
    {
        "lines": msg("Name what is to be done: product, item, standard."),
        "need_type": msg("Say what kind of service is needed."),
    }
)
quote_complete = every(
    filled(
        {
            "price": msg("Give the price."),
            "days": msg("Give the days it takes."),
            "valid_until": msg("Say until when the quote stands."),
        }
    ),
    qualified,
)
no_candidates = counts_nothing("candidates", msg("%(count)s institutions could still be asked."))
orders_settled = counts_nothing("open_orders", msg("%(count)s orders are not delivered yet."))
checks_passed = counts_nothing("failed_checks", msg("%(count)s checks of the report have failed."))
report_complete = filled(
    {
        "report_no": msg("Give the number of the report."),
        "tested_on": msg("Give the day of the test."),
        "issued_on": msg("Give the date of the document."),
        "signatory": msg("Name the authorised signatory."),
        "file": msg("Attach the report."),
    }
)  # fmt: skip
gap_named = filled({"gap": msg("Record first what nobody in the city can do.")})


def free_of_charge(thing: Any) -> Problem | None:
    """Fact ``free``: a station answers only what costs nothing; paid work is ordered from an institution."""
    if fact(thing, "free"):
        return None
    return Problem(
        "not_free", msg("Paid work is ordered from an institution; a station never charges."), place="need_type"
    )


def paid_work(thing: Any) -> Problem | None:
    """The opposite of :func:`free_of_charge`: what is free is answered at the station and never ordered."""
    known = fact(thing, "free")
    if known is False:
        return None
    return Problem("free", msg("Query, advice and printing are free and answered at the station."), place="need_type")


matching_allowed = every(paid_work, lines_named, qualified)


def quote_open(thing: Any) -> Problem | None:
    """Facts ``valid_until``, ``today``: a quote binds until its last day."""
    until, today = fact(thing, "valid_until"), fact(thing, "today")
    if not isinstance(until, date) or not isinstance(today, date):
        return Problem("no_day", msg("Say until when the quote stands."), place="valid_until")
    if today <= until:
        return None
    return Problem("quote_over", msg("The quote ended on %(day)s; ask for it again."), "", {"day": until})


def quote_over(thing: Any) -> Problem | None:
    """The opposite of :func:`quote_open`."""
    found = quote_open(thing)
    if found is None:
        return Problem("still_open", msg("The quote is still open."))
    return found if found.code == "no_day" else None


def sample_there(thing: Any) -> Problem | None:
    """Facts ``needs_sample``, ``samples``: work on a sample begins when it was received."""
    wanted = fact(thing, "needs_sample")
    if wanted is False or (wanted and fact(thing, "samples")):
        return None
    return Problem("no_sample", msg("Record the sample first: its mark, quantity and condition."), place="samples")


def rated(thing: Any) -> Problem | None:
    """Fact ``stars``: one to five."""
    if fact(thing, "stars") in STARS:
        return None
    return Problem("no_stars", msg("Give one to five stars."), place="stars")


def begun(thing: Any) -> Problem | None:
    """Fact ``begun``: the work had begun when the order was blocked."""
    if fact(thing, "begun"):
        return None
    return Problem("not_begun", msg("The work goes on where it was stopped."))


def not_begun(thing: Any) -> Problem | None:
    """The opposite of :func:`begun`."""
    if fact(thing, "begun") is False:
        return None
    return Problem("begun", msg("The work goes on where it was stopped."))


choosable = every(quote_open, qualified)
resumed, resumed_early = every(qualified, begun), every(qualified, not_begun)
