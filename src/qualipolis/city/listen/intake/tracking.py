"""Tracking by number and code: what the sender of a letter may read of it, and who is slowed down after failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.intake import floods, secrecy
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.reports.models import Document, Report
from qualipolis.methods.problems import InputError, Problem, msg

READ_BY_SENDER = ("identity", "acceptance", "refusal", "mediation", "ending", "agreement", "transfer", "report_result")
NOT_FOUND = msg("No letter has this number with this code.")


@dataclass(frozen=True)
class Tracked:
    """A letter as its sender sees it."""

    letter: Letter
    complaint: Complaint | None
    report: Report | None
    documents: tuple[Document, ...]


def number_typed(text: str) -> str:
    """Return a number as it is kept, however it was typed.

    >>> number_typed(" 2026-l17-k7q4m "), number_typed("2026—L17－K7Q4M")
    ('2026-L17-K7Q4M', '2026-L17-K7Q4M')
    """
    for dash in "—–－ー_":
        text = text.replace(dash, "-")
    return "".join(text.upper().split())[:24]


def find(number: str, code: str, address: str = "") -> Letter:
    """Return the letter of a number and its code: the last four digits of the sender's telephone, or the code it got.

    Raises
    ------
    InputError
        They do not match, or did not match too often from this address; another address is never kept out.
    """
    said = number_typed(number)
    if problem := floods.cooling(said, address):
        raise InputError([problem])
    letter = Letter.objects.filter(number=said).first()
    if secrecy.tracks(said, code, letter.phone_key if letter else "") and letter is not None:
        return letter
    with transaction.atomic():
        floods.missed(said, address)
    remedy = msg("Check both: the number stands on your receipt, the code is the end of your telephone number.")
    raise InputError([Problem("not_found", NOT_FOUND, remedy, place="number")])


def tracked(letter: Letter) -> Tracked:
    """Return what the sender of a letter may read."""
    complaint: Any = getattr(letter, "complaint", None)
    report: Any = getattr(letter, "report", None)
    rows = Document.objects.none()
    if complaint is not None:
        rows = rows | Document.objects.filter(complaint=complaint)
    if report is not None and report.named:
        rows = rows | Document.objects.filter(report=report)
    documents = rows.filter(code__in=READ_BY_SENDER).order_by("issued_on", "pk").distinct()
    return Tracked(letter, complaint, report, tuple(documents))
