"""Suggested words of the documents of a complaint, in Chinese (official) and English; a person reads and may change them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.terms import mediation_rule, mediation_term
from qualipolis.city.listen.intake.secrecy import redact
from qualipolis.law.listening.grounds import ENDINGS, REFUSALS, order_on
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import msg

OPENING = gettext_noop("Your complaint about %(firm)s (letter %(letter)s) was received on %(received)s.")
TO_BOTH = gettext_noop("On the complaint about %(firm)s (letter %(letter)s, received on %(received)s):")
WORDS: dict[str, tuple[str, ...]] = {
    "complaint_register": (
        gettext_noop("Letter %(letter)s, received on %(received)s, about %(firm)s."),
        gettext_noop("Asked for: %(claim)s"),
        gettext_noop("Handled under: %(order)s."),
    ),
    "identity": (
        OPENING,
        gettext_noop("What is missing: %(reason)s"),
        gettext_noop(
            "Please give it by %(until)s, on the page of your letter (its number and the last four digits of your"
            " telephone open it) or at our office."
        ),
        gettext_noop("If it is not given in time or proves false, the complaint is refused under: %(order)s."),
    ),
    "acceptance": (
        OPENING,
        gettext_noop("We accept it on %(today)s."),
        gettext_noop(
            "Mediation lasts %(days)s %(unit)s at most, that is until %(until)s. Time for a test that both parties"
            " agree to is not counted."
        ),
        gettext_noop("Basis: %(order)s."),
    ),
    "refusal": (
        OPENING,
        gettext_noop("We do not accept it. Ground: %(ground)s (%(order)s)."),
        "%(reason)s",
        gettext_noop("The other ways that stay open to you are named below."),
    ),
    "transfer": (
        OPENING,
        gettext_noop("The competent authority is: %(authority)s. Why: %(reason)s"),
        gettext_noop("We have passed your complaint on to it; please ask there from now on."),
    ),
    "mediation": (
        TO_BOTH,
        gettext_noop("Both parties are called to mediation on %(meets_on)s. Where or how: %(how)s."),
        gettext_noop("Mediator: %(mediator)s."),
        gettext_noop(
            "Either party may ask the mediator to step aside, with a reason, before the meeting begins. Mediation is"
            " free of charge and of free will."
        ),
    ),
    "ending": (
        TO_BOTH,
        gettext_noop("Mediation ends on %(today)s. Ground: %(ground)s (%(order)s)."),
        "%(reason)s",
        gettext_noop("The other ways that stay open are named below."),
    ),
    "agreement": (
        TO_BOTH,
        gettext_noop("The parties agree: %(terms)s"),
        gettext_noop("Amount: %(amount)s yuan. To be performed by %(perform_by)s."),
        gettext_noop("The agreement takes effect when both parties have signed; three copies are made."),
    ),
}
UNITS = {"working days": msg("working days"), "calendar days": msg("calendar days")}
NOT_GIVEN = gettext_noop("not set")


def suggested(code: str, row: Complaint, **given: Any) -> tuple[str, str]:
    """Return the suggested words of a document as (Chinese, English); ``given`` are what the step itself says.

    >>> sorted(WORDS) == sorted(set(WORDS))
    True
    """
    return written(code, row, "zh-hans", given), written(code, row, "en", given)


def written(code: str, row: Complaint, language: str, given: dict[str, Any]) -> str:
    """Return the suggested words in one language; a line whose only part is empty is left out."""
    with override(language):
        known = _facts(code, row, given)
        lines = (_(line) % known for line in WORDS[code])
        return "\n".join(line for line in lines if line.strip())


def _facts(code: str, row: Complaint, given: dict[str, Any]) -> dict[str, str]:
    today = timezone.localdate()
    rule = mediation_rule(row.received_on)
    firm = row.enterprise.name if row.enterprise else row.letter.respondent_name
    facts = {
        "letter": str(row.letter), "firm": firm, "received": row.received_on, "today": today,
        "order": _(order_on(row.received_on)), "days": rule.value, "unit": _(UNITS[rule.unit]),
        "claim": redact(row.letter.claim), "until": _until(code, row, today), "reason": row.reason, "authority": row.authority,
        "terms": row.terms, "amount": row.amount, "perform_by": row.perform_by, "ground": "", "meets_on": None,
        "how": "", "mediator": _mediator(row),
    }  # fmt: skip
    facts |= {name: value for name, value in given.items() if value not in (None, "")}
    if ground := (REFUSALS if code == "refusal" else ENDINGS).get(str(given.get("reason_code", ""))):
        facts["ground"] = _(ground.words)
    always = {"reason", "claim"}
    return {name: _shown(value) or ("" if name in always else _(NOT_GIVEN)) for name, value in facts.items()}


def _until(code: str, row: Complaint, today: date) -> date:
    if code == "identity":
        return deadline("complaint.identity", today).due
    return mediation_term(row.accepted_on or today, row.received_on).due


def _mediator(row: Complaint) -> str:
    return str(row.mediator.name) if row.mediator and row.status in ("entrusted", "paused") else str(row.officer or "")


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return "" if value is None else str(value)
