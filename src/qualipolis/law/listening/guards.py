"""Guards of the room of listening. Each names the facts it reads; what is not known never lets a step pass."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.law.flow import Guard, fact
from qualipolis.law.guards import counts_nothing, filled
from qualipolis.law.listening.grounds import ENDINGS, NOT_FILED, REFUSALS, Ground
from qualipolis.law.listening.rules import ORDER_121_FROM
from qualipolis.methods.problems import Problem, msg


def _ground(known: dict[str, Ground]) -> Guard:
    """Return the guard that holds when ``reason_code`` is a ground under the order of ``received_on``."""

    def guard(thing: Any) -> Problem | None:
        code, received = fact(thing, "reason_code"), fact(thing, "received_on")
        if not isinstance(received, date):
            return Problem("no_day_of_receipt", msg("The day of receipt is not known."))
        found = known.get(str(code))
        if found is None:
            return Problem("unknown_ground", msg("Choose one of the grounds."), place="reason_code")
        if not found.holds_on(received):
            what = msg("The order in force on %(day)s does not know this ground.")
            return Problem("ground_of_later_order", what, "", {"day": received}, "reason_code")
        return None

    return guard


refusal_ground, ending_ground, no_case_ground = _ground(REFUSALS), _ground(ENDINGS), _ground(NOT_FILED)


def identity_given(thing: Any) -> Problem | None:
    """Facts ``received_on``, ``identity``: Order 121 asks for true identity material, Order 20 for name, phone, address.

    >>> identity_given({"received_on": date(2026, 4, 14), "contact": "x"}) is None
    True
    >>> identity_given({"received_on": date(2026, 4, 15), "contact": "x"}).code
    'no_identity'
    """
    received = fact(thing, "received_on")
    if not isinstance(received, date):
        return Problem("no_day_of_receipt", msg("The day of receipt is not known."))
    if not fact(thing, "contact"):
        return Problem("no_contact", msg("Name and telephone of the complainant are missing."), place="contact")
    if received >= ORDER_121_FROM and not fact(thing, "identity"):
        what = msg("Proof of identity is missing: ask for it before the complaint is accepted.")
        return Problem("no_identity", what, place="identity")
    return None


def identity_missing(thing: Any) -> Problem | None:
    """The opposite of :func:`identity_given`: who has given everything is not asked again."""
    found = identity_given(thing)
    if found is None:
        return Problem("identity_complete", msg("Name, telephone and proof of identity are there already."))
    return found if found.code == "no_day_of_receipt" else None


def identity_term_over(thing: Any) -> Problem | None:
    """Facts ``due_on``, ``today``, ``reason_code``: refusing for missing identity waits for the end of its term."""
    until, today = fact(thing, "due_on"), fact(thing, "today")
    if fact(thing, "status") != "identity_requested" or (until is not None and today is not None and today > until):
        return None
    return Problem("term_running", msg("The term to give proof of identity is still running."))


def competent(thing: Any) -> Problem | None:
    """Fact ``competent``: the respondent has its place of business or domicile here."""
    known = fact(thing, "competent")
    if known:
        return None
    what = msg("Say where the respondent does business: only the authority of that place is competent.")
    return Problem("competence_unknown" if known is None else "not_competent", what, place="competent")


def test_agreed(thing: Any) -> Problem | None:
    """Facts ``complainant_agrees``, ``respondent_agrees``: only a test that both want stops the clock."""
    if fact(thing, "complainant_agrees") and fact(thing, "respondent_agrees"):
        return None
    return Problem("no_agreement_to_test", msg("The clock stops only for a test that both parties agreed to."))


def paused_from(state: str) -> Guard:
    """Return the guard that holds when the pause began in ``state`` (fact ``paused_from``)."""

    def guard(thing: Any) -> Problem | None:
        if fact(thing, "paused_from") == state:
            return None
        return Problem("other_state", msg("The mediation goes on where it was stopped."))

    return guard


def agreement_concluded(thing: Any) -> Problem | None:
    """Facts ``terms``, ``complainant_signed``, ``respondent_signed``, ``no_paper``: signed by both, or none is needed.

    No paper is needed when it was performed at once or when both parties want none.
    """
    if not fact(thing, "terms"):
        return Problem("no_terms", msg("Write what the parties agreed."), place="terms")
    if fact(thing, "no_paper") or (fact(thing, "complainant_signed") and fact(thing, "respondent_signed")):
        return None
    return Problem("not_signed", msg("The agreement takes effect when both parties have signed."))


parties_told = counts_nothing("untold_parties", msg("%(count)s parties have not been told yet."))
mediator_named = filled({"mediator": msg("Choose who is entrusted with the mediation.")})
complaint_complete = filled(
    {
        "respondent": msg("Say about whom you complain."),
        "facts": msg("Say what happened."),
        "claim": msg("Say what you ask for."),
    }
)
report_complete = filled({"respondent": msg("Say whom you report."), "facts": msg("Say what happened.")})


def informant_named(thing: Any) -> Problem | None:
    """Fact ``named``: only an informant who gave a name is told of the decision."""
    return None if fact(thing, "named") else Problem("anonymous", msg("An anonymous informant cannot be told."))


def told_or_anonymous(thing: Any) -> Problem | None:
    """Facts ``named``: a named informant is told before the report is closed."""
    if fact(thing, "named") is False:
        return None
    return Problem("not_told", msg("Tell the informant of the decision first."))


# --- investigations, incidents, recalls, warnings, signals --------------------------------------------------------
actions_settled = counts_nothing("open_actions", msg("%(count)s corrective actions are still open."))
assessed = filled({"assessments": msg("Assess the risk first, or say in the summary why it cannot be assessed.")})
proof_given = filled({"proof": msg("Attach what shows that the action was carried out.")})
plan_complete = filled(
    {
        "measure": msg("Say what is done with the products: repair, replace, take back, warn."),
        "units": msg("Say how many products are affected."),
        "told_how": msg("Say how owners are told."),
        "until": msg("Say until when the recall runs."),
    }
)
progress_complete = filled({"corrected": msg("Say how many products were corrected."), "on": msg("Give the day.")})
effect_measured = filled(
    {"corrected": msg("Say how many products were corrected."), "finding": msg("Write what was found.")}
)
warning_complete = filled(
    {
        "title": msg("Write the title of the warning."),
        "hazard": msg("Say what the danger is."),
        "advice": msg("Say what consumers should do."),
        "products": msg("Name the products."),
    }
)


def serious_reported(thing: Any) -> Problem | None:
    """Fact ``serious``: a death or serious injury is reported to the authority above before the incident is closed."""
    known = fact(thing, "serious")
    if known is False:
        return None
    what = msg("A death or serious injury is reported to the authority above first.")
    return Problem("severity_unknown" if known is None else "not_reported_up", what)


def serious(thing: Any) -> Problem | None:
    """The opposite of :func:`serious_reported`."""
    return (
        None
        if fact(thing, "serious")
        else Problem("not_serious", msg("Only deaths and serious injuries are reported up."))
    )


def written_by_other(thing: Any) -> Problem | None:
    """Facts ``actor``, ``written_by``: who publishes a warning is not who wrote it."""
    writer = fact(thing, "written_by")
    if writer is not None and writer != fact(thing, "actor"):
        return None
    return Problem("own_warning", msg("A warning is published by somebody else than its author."))
