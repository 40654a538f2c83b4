"""Guards of award rounds and reviewers. Each names the facts it reads; what is not known never lets a step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.flow import Guard, fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.talent.excellence import ITEMS, STEP, TOTAL
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg

# --- the round ------------------------------------------------------------------------------------------------------
round_complete = filled(
    {
        "name": msg("Write the name of the round."),
        "apply_until": msg("Say until when firms may apply."),
        "conditions": msg("Write who may apply."),
    }
)
applications_settled = counts_nothing("undecided", msg("%(count)s applications are not decided at this step yet."))
objections_settled = counts_nothing("open_objections", msg("%(count)s objections are not settled yet."))
scores_as_proposed = counts_nothing(
    "changed_scores", msg("The scores of %(count)s proposed applicants changed after the proposal: deliberate again.")
)
nobody_held = counts_nothing("held", msg("%(count)s applications are on hold."))


def scheme_sums(thing: Any) -> Problem | None:
    """Fact ``scheme_total``: the points of the scheme sum to 1000."""
    total = fact(thing, "scheme_total")
    if total == TOTAL:
        return None
    return Problem("scheme_total", msg("The points of the scheme sum to %(total)s, not to 1000."), "", {"total": total})


def applying_over(thing: Any) -> Problem | None:
    """Facts ``apply_until``, ``today``: nobody is shut out before the day that was announced."""
    until, today = fact(thing, "apply_until"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("applying", msg("Firms may still apply until %(day)s."), "", {"day": until})


def has_applicants(thing: Any) -> Problem | None:
    """Fact ``going_on``: how many applicants go on to the next step."""
    return None if fact(thing, "going_on") else Problem("nobody", msg("No applicant goes on to the next step."))


def within_limits(thing: Any) -> Problem | None:
    """Facts ``awards``, ``nominations`` and their limits: the measures allow 5 and 15.

    >>> within_limits({"awards": 6, "nominations": 0, "most_awards": 5, "most_nominations": 15}).text()
    '6 awards are proposed, at most 5 may be given.'
    """
    for kind, what in (
        ("awards", msg("%(n)s awards are proposed, at most %(most)s may be given.")),
        ("nominations", msg("%(n)s nomination awards are proposed, at most %(most)s may be given.")),
    ):
        n, most = fact(thing, kind), fact(thing, f"most_{kind}")
        if n is None or most is None:
            return Problem("uncounted", msg("The proposed awards have not been counted."))
        if n > most:
            return Problem(f"too_many_{kind}", what, "", {"n": n, "most": most})
    return None


def notice_over(thing: Any) -> Problem | None:
    """Facts ``notice_until``, ``today``: the public notice lasts its working days, the last one included."""
    until, today = fact(thing, "notice_until"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("notice_running", msg("The public notice runs until %(day)s."), "", {"day": until})


# --- an application -------------------------------------------------------------------------------------------------
application_complete = filled(
    {
        "self_evaluation": msg("Attach the report of the self-evaluation."),
        "contact": msg("Say whom we may ask."),
    }
)
opinions_given = counts_nothing("open_opinions", msg("%(count)s regulators have not given their opinion yet."))


def nothing_against(thing: Any) -> Problem | None:
    """Facts ``against``, ``override``: an applicant a regulator objects to is not taken without written reasons."""
    if fact(thing, "against") == 0 or fact(thing, "override"):
        return None
    return Problem("opinion_against", msg("A regulator objects: write why the applicant is taken all the same."))


def team_complete(thing: Any) -> Problem | None:
    """Facts ``team``, ``leads``, ``conflicted``: three reviewers at least, one of them leads, none has a conflict."""
    fewest = rule_number("award.reviewers")
    if (fact(thing, "team") or 0) < fewest:
        return Problem("small_team", msg("An applicant needs at least %(n)s reviewers."), "", {"n": fewest})
    if fact(thing, "leads") != 1:
        return Problem("no_lead", msg("Name one reviewer who leads the team."))
    if fact(thing, "conflicted") != 0:
        return Problem("conflicted", msg("A reviewer of the team has a conflict of interest."))
    return None


def enough_sheets(thing: Any) -> Problem | None:
    """Fact ``sheets_in``: at least three independent sheets that count."""
    fewest = rule_number("award.reviewers")
    if (fact(thing, "sheets_in") or 0) >= fewest:
        return None
    what = msg("Fewer than %(n)s independent sheets count: name further reviewers.")
    return Problem("few_sheets", what, "", {"n": fewest})


sheets_closed = counts_nothing("open_sheets", msg("%(count)s reviewers have not handed in their sheets yet."))
consensus_found = counts_nothing("open_items", msg("%(count)s items still need a consensus."))


def visited_by_enough(thing: Any) -> Problem | None:
    """Facts ``visitors``, ``visited_on``, ``report``: two people at least, a day, a report."""
    fewest = rule_number("award.visitors")
    if (fact(thing, "visitors") or 0) < fewest:
        return Problem("few_visitors", msg("A site visit needs at least %(n)s people."), "", {"n": fewest})
    return visit_written(thing)


visit_written = filled({"visited_on": msg("Give the day of the visit."), "report": msg("Write what was done.")})


def tier_chosen(thing: Any) -> Problem | None:
    """Fact ``tier``: award or nomination award."""
    if fact(thing, "tier") in ("award", "nomination"):
        return None
    return Problem("no_tier", msg("Choose award or nomination award."), place="tier")


def held_from(state: str) -> Guard:
    """Return the guard that holds when the hold began in ``state`` (fact ``held_from``)."""

    def guard(thing: Any) -> Problem | None:
        if fact(thing, "held_from") == state:
            return None
        return Problem("other_state", msg("The application goes on where it was held."))

    return guard


def hold_over(thing: Any) -> Problem | None:
    """Fact ``held_because`` and what it waits for: enough sheets after reviewers dropped out."""
    if fact(thing, "held_because") == "few_reviewers" and not fact(thing, "could_score"):
        return enough_sheets({"sheets_in": fact(thing, "sheets_in")})
    return None


# --- a score sheet --------------------------------------------------------------------------------------------------
def sheet_complete(thing: Any) -> Problem | None:
    """Fact ``scores`` (item code to per cent) and ``words`` (item code to text): every item, in steps of 5, with words.

    >>> sheet_complete({"scores": {}, "words": {}}).code
    'open_items'
    """
    given, words = fact(thing, "scores") or {}, fact(thing, "words") or {}
    left = [item.code for item in ITEMS if given.get(item.code) is None]
    if left:
        params = {"count": len(left), "items": ", ".join(left[:5])}
        return Problem("open_items", msg("%(count)s items have no score yet: %(items)s."), "", params)
    bad = [code for code, score in given.items() if not 0 <= score <= 100 or score % STEP]
    if bad:
        return Problem("bad_score", msg("Scores are steps of 5 per cent between 0 and 100."), place=bad[0])
    silent = [item.code for item in ITEMS if not str(words.get(item.code) or "").strip()]
    if silent:
        params = {"count": len(silent), "items": ", ".join(silent[:5])}
        return Problem("no_words", msg("%(count)s items have no words on strengths and gaps: %(items)s."), "", params)
    return None


def no_conflict(thing: Any) -> Problem | None:
    """Fact ``conflict``: None is not asked, an empty text is none, else what it is."""
    known = fact(thing, "conflict")
    if known == "":
        return None
    if known is None:
        return Problem("conflict_unknown", msg("Declare first whether you have a conflict of interest."))
    return Problem("conflict", msg("The reviewer has a conflict of interest with this applicant."))


# --- reviewers ------------------------------------------------------------------------------------------------------
reviewer_complete = filled(
    {
        "fields": msg("Name the fields."),
        "organisation": msg("Name the employer."),
        "consent": msg("Agree to the duties."),
    }
)


def exam_passed(thing: Any) -> Problem | None:
    """Facts ``exam_score``, ``exam_passing``."""
    score, passing = fact(thing, "exam_score"), fact(thing, "exam_passing")
    if score is not None and passing is not None and score >= passing:
        return None
    return Problem("exam_not_passed", msg("The examination was not passed."))


def hours_kept(thing: Any) -> Problem | None:
    """Fact ``hours``: hours of continued training in the last twelve months."""
    fewest = rule_number("reviewer.hours")
    if (fact(thing, "hours") or 0) >= fewest:
        return None
    what = msg("%(n)s hours of training in twelve months are needed, %(hours)s are recorded.")
    return Problem("few_hours", what, "", {"n": fewest, "hours": fact(thing, "hours") or 0})


def experienced(code: str, *, rated: bool = True) -> Guard:
    """Return the guard of a promotion: facts ``reviews`` and ``rating`` against the rules."""

    def guard(thing: Any) -> Problem | None:
        fewest, reviews = rule_number(code), fact(thing, "reviews") or 0
        if reviews < fewest:
            params = {"n": fewest, "reviews": reviews}
            return Problem("few_reviews", msg("%(n)s reviews are needed, %(reviews)s are recorded."), "", params)
        rating, wanted = fact(thing, "rating"), rule_number("reviewer.rating")
        if rated and (rating is None or rating < wanted):
            return Problem("low_rating", msg("The mean rating is below %(n)s, or there is none."), "", {"n": wanted})
        return None

    return guard
