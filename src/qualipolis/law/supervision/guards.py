"""Guards of supervision sampling. Each names the facts it reads; a day that is not known never lets a step pass."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import Guard, fact
from qualipolis.law.guards import counts_nothing
from qualipolis.methods.problems import Problem, msg

SAMPLERS = 2
NOT_SAMPLED = {
    "stock_low": msg("stock below the rule"),
    "export_only": msg("proved not for sale, or for export under other terms"),
    "trial_mark": msg("marked as trial, for handling or sample"),
    "stopped_production": msg("production stopped or changed"),
    "address_void": msg("nobody at the address"),
    "deregistered": msg("the firm is deregistered"),
    "recent_check_6m": msg("the same product was sampled within six months"),
}
OBJECTION_KINDS = {
    "process": msg("process or authenticity of the sample"),
    "conclusion": msg("conclusion of the test"),
}
FOOD_NO_RECHECK = {
    "microbiology": msg("microbiological items"),
    "backup_expired": msg("the backup sample is past its date"),
    "late": msg("the application came too late"),
    "other": msg("another ground of the rules"),
}


def _holds(name: str, what: str) -> Guard:
    """Return the guard that holds when the fact ``name`` is true."""

    def guard(thing: Any) -> Problem | None:
        return None if fact(thing, name) else Problem(f"not_{name}", what)

    return guard


def _known(name: str, reasons: dict[str, str], what: str) -> Guard:
    """Return the guard that holds when the fact ``name`` is one of ``reasons``."""

    def guard(thing: Any) -> Problem | None:
        return None if fact(thing, name) in reasons else Problem(f"unknown_{name}", what)

    return guard


def _reached(name: str, what: str) -> Guard:
    """Return the guard that holds from the day in the fact ``name``; an unknown day is not reached."""

    def guard(thing: Any) -> Problem | None:
        day, today = fact(thing, name), fact(thing, "today")
        if day is not None and today is not None and today >= day:
            return None
        return Problem(f"before_{name}", what, "", {"day": "—" if day is None else day})

    return guard


def _not_after(name: str, what: str, unknown: str) -> Guard:
    """Return the guard that holds until the day in the fact ``name``; an unknown day lets nothing pass."""

    def guard(thing: Any) -> Problem | None:
        day, today = fact(thing, name), fact(thing, "today")
        if day is None or today is None:
            return Problem(f"no_{name}", unknown)
        return None if today <= day else Problem(f"after_{name}", what, "", {"day": day})

    return guard


def _past(name: str, what: str) -> Guard:
    """Return the guard that holds only after the day in the fact ``name``."""

    def guard(thing: Any) -> Problem | None:
        day, today = fact(thing, name), fact(thing, "today")
        if day is not None and today is not None and today > day:
            return None
        return Problem(f"within_{name}", what, "", {"day": "—" if day is None else day})

    return guard


def sampling_and_testing_apart(thing: Any) -> Problem | None:
    """Facts ``sampling_body``, ``testing_body``, ``on_site_test``: who samples does not test, except on site.

    >>> sampling_and_testing_apart({"sampling_body": "A", "testing_body": "A"}).code
    'same_body'
    """
    sampler, tester = fact(thing, "sampling_body"), fact(thing, "testing_body")
    if sampler is None or tester is None:
        return Problem("no_body", msg("Name the sampling body and the testing body."))
    if sampler != tester or fact(thing, "on_site_test"):
        return None
    return Problem("same_body", msg("The body that takes the samples may not test them."))


def rules_public_before(thing: Any) -> Problem | None:
    """Facts ``rules_public_on``, ``today``: scheme and detailed rules are public on an earlier day than sampling."""
    public, today = fact(thing, "rules_public_on"), fact(thing, "today")
    if public is not None and today is not None and public < today:
        return None
    return Problem("rules_not_public", msg("The scheme and the detailed rules must be public before sampling."))


def random_after_commitment(thing: Any) -> Problem | None:
    """Facts ``committed_at``, ``random_at``: the source of randomness did not exist when the rule was committed."""
    committed, drawn = fact(thing, "committed_at"), fact(thing, "random_at")
    if committed is not None and drawn is not None and committed < drawn:
        return None
    return Problem("random_too_early", msg("The randomness must come after the commitment."))


def enough_samplers(thing: Any) -> Problem | None:
    """Fact ``samplers``: at least two people take the sample.

    >>> enough_samplers({"samplers": 1}).code, enough_samplers({"samplers": 2}) is None
    ('few_samplers', True)
    """
    named = fact(thing, "samplers") or 0
    if named >= SAMPLERS:
        return None
    what = msg("Sampling needs %(needed)s people, %(named)s are named.")
    return Problem("few_samplers", what, "", {"needed": SAMPLERS, "named": named})


def no_recent_check(thing: Any) -> Problem | None:
    """Fact ``blocked_until``: None, or the day until which the same product may not be sampled again."""
    until = fact(thing, "blocked_until")
    if until is None:
        return None
    return Problem("recent_check", msg("The same product may not be sampled again until %(day)s."), "", {"day": until})


def recheck_laboratory_differs(thing: Any) -> Problem | None:
    """Facts ``first_laboratory``, ``recheck_laboratory``, ``only_laboratory`` (the one qualified in the province).

    >>> recheck_laboratory_differs({"first_laboratory": 1, "recheck_laboratory": 1}).code
    'same_laboratory'
    """
    first, second = fact(thing, "first_laboratory"), fact(thing, "recheck_laboratory")
    if second is None:
        return Problem("no_laboratory", msg("Name the recheck laboratory."))
    if first is None or (first == second and not fact(thing, "only_laboratory")):
        return Problem("same_laboratory", msg("The recheck must be made by another laboratory than the first test."))
    return None


def food_laboratory_differs(thing: Any) -> Problem | None:
    """Facts ``first_laboratory``, ``recheck_laboratory``: for food there is no exception."""
    return recheck_laboratory_differs({name: fact(thing, name) for name in ("first_laboratory", "recheck_laboratory")})


def second_review_open(thing: Any) -> Problem | None:
    """Facts ``second_review_from``, ``today``: not before its first day. A late one is the authority's breach, not a bar."""
    first, today = fact(thing, "second_review_from"), fact(thing, "today")
    if first is not None and today is not None and first <= today:
        return None
    what = msg("The second review may not begin before %(day)s.")
    return Problem("too_early", what, "", {"day": "—" if first is None else first})


def public_penalty(thing: Any) -> Problem | None:
    """Fact ``kind`` ("warning_only", "light", "ordinary"): a mere warning is not published, nor one of unknown kind."""
    if fact(thing, "kind") in ("light", "ordinary"):
        return None
    return Problem("warning_only", msg("A mere warning is not published; say which kind of penalty it is."))


def only_a_warning(thing: Any) -> Problem | None:
    """Fact ``kind``: nothing but a warning stays unpublished."""
    if fact(thing, "kind") == "warning_only":
        return None
    return Problem("not_only_warning", msg("Only a mere warning stays unpublished."))


not_sampled_reason = _known("not_sampled_reason", NOT_SAMPLED, msg("Choose one of the reasons for not sampling."))
food_ground = _known("no_recheck_ground", FOOD_NO_RECHECK, msg("Choose one of the grounds that rule out a recheck."))
objection_kind = _known(
    "objection_kind", OBJECTION_KINDS, msg("Say whether the process or the conclusion is objected to.")
)
no_higher_repeat = counts_nothing(
    "higher_level_repeats", msg("%(count)s products are already sampled by a higher level; they may not be repeated.")
)
form_complete = counts_nothing("open_form_fields", msg("%(count)s fields of the sampling form are still empty."))
no_recheck_yet = counts_nothing("rechecks_concluded", msg("A recheck was already concluded; its conclusion is final."))
unserved = counts_nothing("unserved_parties", msg("%(count)s parties have not been served with proof yet."))
no_open_objections = counts_nothing("open_objections", msg("%(count)s objections are still open."))
no_open_results = counts_nothing("open_results_left", msg("%(count)s results are not final yet."))
no_open_tasks = counts_nothing("open_tasks", msg("%(count)s tasks are still open."))
items_reported = counts_nothing("open_items_left", msg("%(count)s test items have no result yet."))
scope_valid = counts_nothing(
    "items_out_of_scope", msg("%(count)s items are outside the laboratory's scope on the test date.")
)
seal_intact = _holds("seal_intact", msg("The seal is broken or does not match the form: refuse the sample in writing."))
licence_seen = _holds("licence_checked", msg("Check the production licence or compulsory certificate before the test."))
report_issued = _holds("report_issued", msg("The test report has not been issued yet."))
reply_is_process = _holds(
    "process_flaw", msg("Only a flaw of process, a sample that is not theirs or a lost backup voids.")
)
conclusion_objected = _holds("conclusion_objected", msg("A recheck answers an objection to the conclusion only."))
backup_usable = _holds("backup_usable", msg("There is no usable backup sample to test again."))
order_was_served = _holds("order_proved", msg("The order has not been served with proof yet."))
evidence_given = _holds("evidence", msg("Attach at least one file that shows what was done."))
failed_result = _holds("failed", msg("Only a failed result is handled."))
published_as_final = _holds("result_final", msg("Only final results are published."))
drawn_at_random = _holds("laboratory_drawn", msg("The recheck body is drawn at random from the published list."))
reversal_known = _holds("reversed", msg("Only a reversed or voided result cancels the handling."))
windows_over = _reached("final_from", msg("The windows of all parties are not over yet (first day: %(day)s)."))
objection_late = _past("window_until", msg("The objection is in time: the window ends on %(day)s."))
objection_in_time = _not_after(
    "window_until",
    msg("The window for objections ended on %(day)s."),
    msg("The result has not been served with proof yet."),
)
formalities_in_time = _not_after(
    "formalities_until",
    msg("The term for the formalities ended on %(day)s."),
    msg("The recheck notice has not been served with proof yet."),
)
formalities_missed = _past("formalities_until", msg("The term for the formalities still runs, until %(day)s."))
correction_missed = _past("correct_by", msg("The term to correct still runs, until %(day)s."))
shown_long_enough = _reached("take_down_day", msg("It is shown until the day before %(day)s."))
