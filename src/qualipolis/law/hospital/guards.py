"""Guards of the product hospital. Each names the facts it reads; what is not known never lets a step pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qualipolis.law.flow import Guard, fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg

REJECTIONS = {
    "out_of_scope": msg("outside what the hospital treats"),
    "enforcement": msg("a matter for enforcement, not for treatment"),
    "duplicate": msg("the same case is registered already"),
}
PROVEN, WORSE = "proven", "worse"


registration_complete = filled(
    {
        "product_name": msg("Name the product."),
        "problem_text": msg("Say in your own words what is wrong."),
        "informed": msg("Confirm that you have read who sees this case and who does not."),
    }
)
triage_complete = filled(
    {
        "department": msg("Choose the department."),
        "severity": msg("Say how severe the problem is."),
        "urgency": msg("Say how urgent it is."),
    }
)
diagnosis_complete = filled(
    {
        "root_cause": msg("Name the category of the root cause."),
        "statement": msg("Write the diagnosis."),
        "evidence": msg("Name the evidence for the root cause."),
        "escape_point": msg("Say where the problem should have been caught and was not."),
    }
)
nothing_examined = counts_nothing("open_examinations", msg("%(count)s examinations are still open."))
treatment_handed_in = counts_nothing("open_items", msg("%(count)s items of the prescription are not done yet."))
items_accepted = counts_nothing("unaccepted_items", msg("%(count)s items of the prescription are not accepted yet."))
follow_ups_done = counts_nothing("open_follow_ups", msg("%(count)s follow-ups are still to come."))
expert_free = filled({"expert": msg("Choose an expert.")})


def no_conflict(thing: Any) -> Problem | None:
    """Fact ``conflict``: why this expert may not treat this firm; empty when it was looked up and none was found.

    >>> no_conflict({"conflict": ""}) is None, no_conflict({}).code
    (True, 'conflict_unknown')
    """
    found = fact(thing, "conflict")
    if found is None:
        return Problem(
            "conflict_unknown", msg("It has not been looked up whether the expert has a conflict of interest.")
        )
    return Problem("conflict", msg("Conflict of interest: %(why)s."), "expert", {"why": found}) if found else None


def contained(thing: Any) -> Problem | None:
    """Facts ``on_market``, ``containments``: what is on the market is contained before the cause is named (D3 before D4)."""
    on_market = fact(thing, "on_market")
    if on_market is None:
        return Problem("market_unknown", msg("Say whether the product is on the market."), place="on_market")
    if on_market and not fact(thing, "containments"):
        return Problem("not_contained", msg("The product is on the market: contain it before the diagnosis (D3)."))
    return None


def panel_if_needed(thing: Any) -> Problem | None:
    """Facts ``severity``, ``loops``, ``panels``: a severe case, or two treatments without effect, need a panel first.

    >>> panel_if_needed({"severity": 3, "loops": 0, "panels": 0}).code
    'needs_panel'
    """
    severity, loops = fact(thing, "severity"), fact(thing, "loops")
    if severity is None or loops is None:
        return Problem("not_graded", msg("The case has no severity yet."))
    needed = severity >= rule_number("hospital.panel_severity") or loops >= rule_number("hospital.treatment_loops")
    if needed and not fact(thing, "panels"):
        return Problem(
            "needs_panel", msg("A panel must meet first: the case is severe, or two treatments had no effect.")
        )
    return None


def prescription_complete(thing: Any) -> Problem | None:
    """Facts ``items``, ``incomplete_items``, ``measurable_items``: each item has an owner, a day and a criterion."""
    if not fact(thing, "items"):
        return Problem("no_items", msg("Write at least one item."))
    unclear = fact(thing, "incomplete_items")
    if unclear is None or unclear:
        what = msg("Every item needs an owner, a day and a criterion by which it is accepted.")
        return Problem("incomplete_items", what)
    if not fact(thing, "measurable_items"):
        return Problem("nothing_measured", msg("At least one item needs a criterion that is measured."))
    return None


def may_try_again(thing: Any) -> Problem | None:
    """Fact ``loops``: after two treatments without effect a panel decides how to go on."""
    loops = fact(thing, "loops")
    if loops is None or loops >= rule_number("hospital.treatment_loops"):
        return Problem("loops", msg("Two treatments had no effect: a panel decides how to go on."))
    return None


def panel_due(thing: Any) -> Problem | None:
    """The opposite of :func:`may_try_again`."""
    return (
        None if may_try_again(thing) else Problem("no_panel", msg("The treatment may be tried again without a panel."))
    )


def effect_after_actions(thing: Any) -> Problem | None:
    """Facts ``effect_on``, ``last_action_on``: the effect is measured after the last action was done (D8)."""
    effect, action = fact(thing, "effect_on"), fact(thing, "last_action_on")
    if effect is None or action is None:
        return Problem("no_effect", msg("Give the day on which the effect was measured."))
    if effect > action:
        return None
    what = msg("The effect must be measured after the last action was done on %(day)s.")
    return Problem("effect_too_early", what, "", {"day": action})


def proven(thing: Any) -> Problem | None:
    """Fact ``verdict``: the word of the comparison before and after. Only ``proven`` cures."""
    if fact(thing, "verdict") == PROVEN:
        return None
    return Problem(
        "not_proven",
        msg("The numbers do not prove the cure: give more evidence, or judge it improved or without effect."),
    )


def measured(thing: Any) -> Problem | None:
    """Fact ``verdict``: some comparison before and after was made, and it does not say that things got worse.

    >>> measured({"verdict": "not_proven"}) is None, measured({"verdict": "worse"}).code
    (True, 'got_worse')
    """
    verdict = fact(thing, "verdict")
    if not verdict:
        return Problem("not_measured", msg("Compare before and after first."))
    if verdict == WORSE:
        return Problem("got_worse", msg("The numbers say that it got worse: that is no improvement."))
    return None


def was_cured(thing: Any) -> Problem | None:
    """Fact ``cured_on``: only a case whose cure was proven is closed; one that is improved waits for more evidence."""
    if fact(thing, "cured_on") is None:
        return Problem("not_cured", msg("Only a case whose cure is proven is closed."))
    return None


def recurs_in_time(thing: Any) -> Problem | None:
    """Facts ``cured_on``, ``today``: a recurrence reopens the case for so many days after the cure.

    >>> from datetime import date
    >>> recurs_in_time({"cured_on": date(2026, 1, 1), "today": date(2026, 7, 1)}).code
    'recurs_late'
    """
    cured, today = fact(thing, "cured_on"), fact(thing, "today")
    if cured is not None and today is not None and today <= cured + timedelta(days=rule_number("hospital.recurrence")):
        return None
    return Problem("recurs_late", msg("The term for reopening is over: register a new case and link it to this one."))


def silence_over(thing: Any) -> Problem | None:
    """Facts ``due_on``, ``today``: the term of the firm's silence has passed."""
    due_on, today = fact(thing, "due_on"), fact(thing, "today")
    if due_on is not None and today is not None and today > due_on:
        return None
    return Problem("still_waiting", msg("The firm may still answer until %(day)s."), "", {"day": due_on or "—"})


def paused_from(state: str) -> Guard:
    """Return the guard that holds when the case was in ``state`` before it waited (fact ``paused_from``)."""

    def guard(thing: Any) -> Problem | None:
        if fact(thing, "paused_from") == state:
            return None
        return Problem("other_state", msg("The case goes on from the state in which it was paused."))

    return guard
