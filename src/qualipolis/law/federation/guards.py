"""Guards of the federation. Each names the facts it reads; what is not known never lets a step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.federation.voting import Outcome
from qualipolis.law.flow import Guard, fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg

open_penalties = msg("%(count)s penalties of this member are not settled yet.")
no_open_penalties = counts_nothing("open_penalties", open_penalties)
statutes_accepted = filled({"statutes": msg("Accept the statutes of the federation.")})
pledge_complete = filled(
    {"content": msg("Write what the firm pledges."), "valid_to": msg("Say until when the pledge holds.")}
)
pact_complete = filled(
    {
        "title": msg("Give the pact a title."),
        "text": msg("Write the text of the pact."),
        "committee": msg("Say which committee looks after the pact."),
    }
)
statement_given = filled({"statement": msg("Write the statement of the member.")})
risk_given = filled({"risk": msg("Say how great the risk is.")})
firm_known = filled({"enterprise": msg("Find the firm in the register first: the hospital treats known firms.")})
answer_written = filled({"answer": msg("Write the answer.")})
agenda_set = filled({"agenda": msg("Write the agenda."), "meets_on": msg("Give the day of the meeting.")})
meeting_open = filled({"meeting_held": msg("A vote is opened in a meeting that has its quorum.")})
task_complete = filled(
    {
        "lead": msg("Name the member that leads."),
        "goal": msg("Write what the task is to reach."),
        "until": msg("Say until when."),
    }
)


def no_agency(thing: Any) -> Problem | None:
    """Fact ``agency``: whether the applicant is an agency or a body under one; not known is not no.

    >>> no_agency({"agency": False}) is None, no_agency({"agency": True}).code, no_agency({}).code
    (True, 'agency', 'agency_unknown')
    """
    known = fact(thing, "agency")
    if known is False:
        return None
    what = msg("Agencies and bodies under them are no members: the federation is independent of them.")
    return Problem("agency" if known else "agency_unknown", what)


def not_concerned(thing: Any) -> Problem | None:
    """Fact ``concerned``: whether who acts belongs to the member (or the chair's member) that the matter is about."""
    known = fact(thing, "concerned")
    if known is False:
        return None
    what = msg("The matter concerns your own member or committee: somebody else takes this step.")
    return Problem("concerned" if known else "concern_unknown", what)


def decided_by_vote(thing: Any) -> Problem | None:
    """Fact ``resolution_carried``: the members have voted for it."""
    if fact(thing, "resolution_carried") is True:
        return None
    return Problem(
        "no_vote", msg("The members decide on this by vote: name a resolution that was carried."), place="resolution"
    )


def heard_or_silent(thing: Any) -> Problem | None:
    """Facts ``statement``, ``due_on``, ``today``: the firm was heard, or let its term pass."""
    until, today = fact(thing, "due_on"), fact(thing, "today")
    if fact(thing, "statement") or (until is not None and today is not None and today > until):
        return None
    return Problem("not_heard", msg("Hear the firm first, or wait until its term is over."))


def term_over(thing: Any) -> Problem | None:
    """Facts ``due_on``, ``today``: the term for the statement is over."""
    until, today = fact(thing, "due_on"), fact(thing, "today")
    if until is not None and today is not None and today > until:
        return None
    return Problem("term_running", msg("The term for the statement is still running."))


def pledge_ahead(thing: Any) -> Problem | None:
    """Facts ``valid_to``, ``today``: a pledge is published while it holds."""
    until, today = fact(thing, "valid_to"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today <= until:
        return None
    return Problem("pledge_past", msg("The pledge has run out before it is published."), place="valid_to")


def pledge_over(thing: Any) -> Problem | None:
    """The day after the last one on which the pledge holds has come."""
    until, today = fact(thing, "valid_to"), fact(thing, "today")
    if isinstance(until, date) and isinstance(today, date) and today > until:
        return None
    return Problem("pledge_running", msg("The pledge still holds."))


def no_endorsement(thing: Any) -> Problem | None:
    """Fact ``endorsement``: words that read as a recommendation or a ranking, None when nobody has looked."""
    found = fact(thing, "endorsement")
    if found is None:
        return Problem("not_read", msg("Nobody has looked yet for words that recommend or rank."))
    if not found:
        return None
    what = msg("The words “%(words)s” read as a recommendation; the federation publishes none.")
    return Problem("endorsement", what, msg("Return the pledge and ask for plain words."), {"words": "、".join(found)})


def competition_checked(thing: Any) -> Problem | None:
    """Facts ``checkers`` (the people who answered, without the author), ``doubts`` (open doubts), ``author``.

    >>> competition_checked({"author": 1, "checkers": (2, 3), "doubts": 0}) is None
    True
    >>> [competition_checked({"author": 1, "checkers": c, "doubts": 0}).code for c in ((2,), (2, 2), (1, 2))]
    ['few_checkers', 'few_checkers', 'few_checkers']
    """
    author, people = fact(thing, "author"), set(fact(thing, "checkers") or ())
    needed, named = rule_number("federation.pact.checkers"), len(people - {author})
    if author is None or named < needed:
        what = msg("%(needed)s people other than the author check a pact; %(named)s have.")
        return Problem("few_checkers", what, "", {"needed": needed, "named": named})
    return _no_doubt(thing)


_no_doubt = counts_nothing("doubts", msg("%(count)s points may restrict competition; change the pact or stop it."))


def unchanged_since_check(thing: Any) -> Problem | None:
    """Facts ``digest``, ``checked_digest``: what is published is word for word what was checked."""
    now, then = fact(thing, "digest"), fact(thing, "checked_digest")
    if now is not None and now == then:
        return None
    return Problem("changed", msg("The text was changed after the check: it goes through the check again."))


def enough_signatures(thing: Any) -> Problem | None:
    """Fact ``signatures``: how many members have signed."""
    count, needed = fact(thing, "signatures") or 0, rule_number("federation.pact.signatures")
    if count >= needed:
        return None
    what = msg("%(needed)s members sign before a pact is monitored; %(count)s have.")
    return Problem("few_signatures", what, "", {"needed": needed, "count": count})


def association_free(thing: Any) -> Problem | None:
    """Facts ``association``, ``association_concerned``: it is named and is not what the clue is about."""
    if not fact(thing, "association"):
        return Problem("no_association", msg("Name the association."), place="association")
    if fact(thing, "association_concerned") is False:
        return None
    what = msg("The clue concerns this association or its chair: it goes elsewhere.")
    return Problem("association_concerned", what, place="association")


def notice_kept(thing: Any) -> Problem | None:
    """Facts ``meets_on``, ``earliest``: the invitation goes out early enough."""
    meets, earliest = fact(thing, "meets_on"), fact(thing, "earliest")
    if meets is not None and earliest is not None and meets >= earliest:
        return None
    what = msg("Members are invited in time: the meeting can be on %(day)s at the earliest.")
    return Problem("short_notice", what, "", {"day": earliest or "—"}, "meets_on")


def day_has_come(thing: Any) -> Problem | None:
    """Facts ``meets_on``, ``today``."""
    meets, today = fact(thing, "meets_on"), fact(thing, "today")
    if meets is not None and today is not None and today >= meets:
        return None
    return Problem("too_early", msg("The day of the meeting has not come."))


def _quorum(wanted: bool) -> Guard:
    def guard(thing: Any) -> Problem | None:
        quorum = fact(thing, "quorum")
        if quorum is wanted:
            return None
        if quorum is None:
            return Problem("not_counted", msg("It has not been counted who is present."))
        if wanted:
            return Problem(
                "no_quorum", msg("There is no quorum: more than half of the votes, of two kinds of members.")
            )
        return Problem("quorum", msg("There is a quorum: the meeting can be opened."))

    return guard


quorum_present, quorum_absent = _quorum(True), _quorum(False)


def in_the_chair(thing: Any) -> Problem | None:
    """Fact ``in_the_chair``: who acts speaks for the member that chaired the meeting."""
    if fact(thing, "in_the_chair") is True:
        return None
    return Problem("not_in_the_chair", msg("The member that chaired the meeting does this."))


def notes_of_other(thing: Any) -> Problem | None:
    """Facts ``actor``, ``minuted_by``: who confirms the notes did not write them."""
    writer = fact(thing, "minuted_by")
    if writer is not None and writer != fact(thing, "actor"):
        return None
    return Problem("own_notes", msg("Notes are confirmed by somebody else than who wrote them."))


def _outcome(thing: Any) -> Outcome | None:
    found = fact(thing, "outcome")
    return found if isinstance(found, Outcome) else None


def vote_carried(thing: Any) -> Problem | None:
    """Fact ``outcome``: the count says yes."""
    found = _outcome(thing)
    if found is not None and found.carried:
        return None
    what = found.why if found else msg("The votes have not been counted.")
    return Problem("not_carried", what)


def vote_lost(thing: Any) -> Problem | None:
    """Fact ``outcome``: the count says no, and nobody entitled can still change it or the vote is over."""
    found = _outcome(thing)
    if found is None:
        return Problem("not_counted", msg("The votes have not been counted."))
    if found.carried:
        return Problem("carried", msg("The count says that the resolution is carried."))
    if found.waiting and not fact(thing, "vote_over"):
        return Problem("vote_open", msg("%(count)s members have not voted yet."), "", {"count": found.waiting})
    return None


def concern_found_late(thing: Any) -> Problem | None:
    """Fact ``late_concerns``: how many votes were dropped because their member is concerned."""
    if fact(thing, "late_concerns"):
        return None
    return Problem("no_concern", msg("No vote was dropped; a vote is not repeated because of its result."))
