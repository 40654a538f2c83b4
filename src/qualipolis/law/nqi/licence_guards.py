"""Guards of certificates, instruments and declared standards. What is not known never lets a step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.flow import fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.nqi.validity import longest_suspension, renewal_until
from qualipolis.methods.problems import Problem, msg


def renewal_in_time(thing: Any) -> Problem | None:
    """Facts ``valid_to``, ``today``: renewal is applied for at least three months before the end.

    >>> facts = {"valid_to": date(2026, 12, 31), "today": date(2026, 9, 30)}
    >>> renewal_in_time(facts) is None, renewal_in_time(facts | {"today": date(2026, 10, 1)}).code
    (True, 'renewal_too_late')
    """
    until, today = fact(thing, "valid_to"), fact(thing, "today")
    if not isinstance(until, date) or not isinstance(today, date):
        return Problem("no_end", msg("The last day of the certificate is not known."))
    last = renewal_until(until)
    if today <= last:
        return None
    what = msg("Renewal had to be applied for by %(day)s. Apply for a new certificate: there may be a gap.")
    return Problem("renewal_too_late", what, "", {"day": last})


def document_review_allowed(thing: Any) -> Problem | None:
    """Facts ``document_only``, ``blemishes``: a review on paper only is for a clean record."""
    if not fact(thing, "document_only"):
        return None
    count = fact(thing, "blemishes")
    if count == 0:
        return None
    what = msg("A review on paper alone asks for a clean record: there were %(count)s late filings or suspensions.")
    return Problem("record_not_clean", what, "", {"count": "?" if count is None else count}, "document_only")


def renewal_applied(thing: Any) -> Problem | None:
    """Fact ``applied_on``: only what was applied for is renewed, also after the end."""
    if fact(thing, "applied_on"):
        return None
    return Problem("not_applied", msg("Nobody has applied for a renewal in time."))


def new_period(thing: Any) -> Problem | None:
    """Facts ``new_from``, ``new_to``: the new certificate has a first and a later last day."""
    first, last = fact(thing, "new_from"), fact(thing, "new_to")
    if isinstance(first, date) and isinstance(last, date) and first < last:
        return None
    return Problem("no_period", msg("Give the first and the last day of the new certificate."), place="new_from")


def is_over(thing: Any) -> Problem | None:
    """Facts ``valid_to``, ``today``: a certificate expires after its last day, not on it."""
    until, today = fact(thing, "valid_to"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("still_valid", msg("The certificate is not over yet."))


def suspension_within_limit(thing: Any) -> Problem | None:
    """Facts ``today``, ``until``: a suspension lasts six months at most.

    >>> facts = {"today": date(2026, 1, 15), "until": date(2026, 7, 16)}
    >>> suspension_within_limit(facts).code, suspension_within_limit(facts | {"until": date(2026, 7, 15)}) is None
    ('suspension_too_long', True)
    """
    today, until = fact(thing, "today"), fact(thing, "until")
    if not isinstance(today, date) or not isinstance(until, date) or until < today:
        return Problem("no_until", msg("Say until when the certificate is suspended."), place="until")
    last = longest_suspension(today)
    if until <= last:
        return None
    what = msg("A suspension lasts six months at most: until %(day)s.")
    return Problem("suspension_too_long", what, "", {"day": last}, "until")


def suspension_not_over(thing: Any) -> Problem | None:
    """Facts ``suspended_on``, ``today``: after six months a certificate is withdrawn, not restored."""
    since, today = fact(thing, "suspended_on"), fact(thing, "today")
    if not isinstance(since, date) or not isinstance(today, date):
        return Problem("no_suspension", msg("It is not known since when the certificate is suspended."))
    last = longest_suspension(since)
    if today <= last:
        return None
    what = msg("The suspension could last until %(day)s. It is withdrawn now, not restored.")
    return Problem("suspension_over", what, "", {"day": last})


def filing_late(thing: Any) -> Problem | None:
    """Facts ``due_on``, ``today``: an order to correct follows the end of the term."""
    until, today = fact(thing, "due_on"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("term_running", msg("The term to file the change is still running."))


filing_complete = filled(
    {
        "kind": msg("Choose which of the five kinds of change it is."),
        "changed_on": msg("Give the day of the change."),
        "said": msg("Say what has changed."),
    }
)
fault_mended = filled({"finding": msg("Write how it was found that the fault is mended.")})
parts_decided = counts_nothing("open_lines", msg("%(count)s lines of the scope are still to be replaced."))


def body_authorised(thing: Any) -> Problem | None:
    """Fact ``authorised``: the verifying body holds a metrology authorisation on the day."""
    known = fact(thing, "authorised")
    if known:
        return None
    what = msg("The body holds no metrology authorisation valid on that day.")
    return Problem("authority_unknown" if known is None else "not_authorised", what, place="institution")


def verification_dated(thing: Any) -> Problem | None:
    """Facts ``verified_on``, ``today``, ``next_due``: a verification lies in the past, the next one after it."""
    on, today, after = (fact(thing, name) for name in ("verified_on", "today", "next_due"))
    if not isinstance(on, date) or not isinstance(today, date) or on > today:
        return Problem("bad_day", msg("Give the day of the verification; it cannot lie ahead."), place="verified_on")
    if fact(thing, "result") == "fail" or (isinstance(after, date) and after > on):
        return None
    return Problem("no_next", msg("Give the day on which the next verification is due."), place="next_due")


def standard_in_force(thing: Any) -> Problem | None:
    """Facts ``standard_ended_on``, ``standard_known``, ``today``: nobody declares a standard that is over."""
    if not fact(thing, "standard_known"):
        return Problem("unknown_standard", msg("The catalogue does not know this standard."), place="standard")
    over, today = fact(thing, "standard_ended_on"), fact(thing, "today")
    if not isinstance(today, date) or (over is not None and over <= today):
        what = msg("The standard is no longer in force since %(day)s. Declare the edition that is.")
        return Problem("standard_over", what, "", {"day": over}, "standard")
    return None


def not_below_floor(thing: Any) -> Problem | None:
    """Fact ``below``: how many indicators are below a mandatory national standard; not compared is not passed."""
    count = fact(thing, "below")
    if count == 0:
        return None
    if count is None:
        return Problem("not_compared", msg("It was not compared with the mandatory national standards."))
    what = msg("%(count)s indicators are below a mandatory national standard (Standardisation Law, article 21).")
    return Problem("below_floor", what, "", {"count": count}, "indicators")


def indicators_given(thing: Any) -> Problem | None:
    """Facts ``level``, ``indicators``: an enterprise's own standard declares its functions and performance."""
    if fact(thing, "level") != "enterprise" or (fact(thing, "indicators") or 0) > 0:
        return None
    what = msg(
        "An enterprise standard declares its function and performance indicators (Standardisation Law, article 27)."
    )
    return Problem("no_indicators", what, place="indicators")


def newer_declared(thing: Any) -> Problem | None:
    """Fact ``newer``: a declaration is replaced by another that stands."""
    if fact(thing, "newer"):
        return None
    return Problem("no_newer", msg("Declare the new standard first."))
