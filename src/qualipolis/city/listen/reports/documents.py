"""The ten official documents: issued with words that never change afterwards, served on each party with proof.

No document holds the name, telephone or address of who wrote a letter: it is addressed by the number of the letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import City
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, roles_of, verb, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.reports.models import Document, DocumentService, Report
from qualipolis.law.listening.documents import BY_CODE, OTHER_WAYS, SERVICE, number_of
from qualipolis.law.listening.grounds import order_on
from qualipolis.methods.problems import Problem, msg, refuse

LONGEST = 8000
OF_COMPLAINT, OF_REPORT = ("complainant",), ("informant",)
CONFIRMED = msg("receipt confirmed in this system by the party itself")
PARTIES = {
    "complainant": msg("complainant"),
    "respondent": msg("firm complained about"),
    "informant": msg("informant"),
    "authority": msg("competent authority"),
    "file": msg("file"),
}


def authority() -> str:
    """Return the character that stands for this city in the numbers of its documents."""
    named = getattr(settings, "AUTHORITY_SHORT", "")
    here = City.objects.first()
    return named or (here.name_zh[:1] if here else "") or "本"


def issue(
    actor: Any,
    code: str,
    *,
    complaint: Complaint | None = None,
    report: Report | None = None,
    text: str = "",
    text_en: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Document:
    """Issue one of the ten documents inside the verb of the caller, who tells the ledger its number.

    Parameters
    ----------
    complaint, report : exactly one of the two, whose document it is
    text : the official words, in Chinese; ``text_en`` a reading aid
    facts : numbers, codes and days that the paper shows beside the words; never who wrote the letter
    """
    row = complaint or report
    if row is None or (complaint and report):
        raise ValueError("a document belongs to a complaint or to a report")
    refuse(_wrong(code, text, text_en))
    today = timezone.localdate()
    serial = int(next_number(f"D-{code}", today.year).rpartition(f"D-{code}")[2])
    content = {
        "of": str(row),
        "order": order_on(row.received_on),
        "received_on": row.received_on.isoformat(),
        "text": text.strip(),
        "text_en": text_en.strip(),
        "facts": {name: _plain(value) for name, value in (facts or {}).items()},
        "other_ways": list(OTHER_WAYS) if BY_CODE[code].remedies else [],
    }
    return Document.objects.create(
        number=number_of(code, authority(), today.year, serial), code=code, complaint=complaint, report=report,
        issued_on=today, issued_by=person_of(actor), content=content,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _wrong(code: str, text: str, text_en: str) -> list[Problem]:
    if code not in BY_CODE:
        return [Problem("unknown_document", msg("There is no such document."), place="code")]
    found = []
    if not text.strip():
        found.append(Problem("no_text", msg("Write what the document says."), place="text"))
    for place, words in (("text", text), ("text_en", text_en)):
        if len(words) > LONGEST:
            found.append(Problem("too_long", msg("At most %(most)s characters."), "", {"most": LONGEST}, place))
    return found


def receivers(document: Document) -> tuple[str, ...]:
    """Return on whom a document is served: a complaint has no informant, an anonymous informant gets nothing."""
    absent = OF_REPORT if document.complaint_id else OF_COMPLAINT
    if document.report is not None and not document.report.named:
        absent = (*absent, "informant")
    return tuple(one for one in BY_CODE[document.code].to if one != "file" and one not in absent)


def unserved(document: Document) -> tuple[str, ...]:
    """Return the parties that have not received it yet."""
    served = set(document.services.values_list("party", flat=True))
    return tuple(one for one in receivers(document) if one not in served)


def handlers_of(thing: Document) -> list[int | None]:
    """The organisations that may serve a document: those that may act on its complaint or report."""
    from qualipolis.city.listen.complaints.scope import bodies_of

    return bodies_of(thing.complaint or thing.report)


@verb("listen.serve_document", roles=("complaint_desk", "mediator", "inspector"), scope=handlers_of)
def serve(
    actor: Any, thing: Document, party: str, method: str, served_on: date | None = None, proof: str = ""
) -> DocumentService:
    """Record that a party received a document, how, on which day and what proves it; the first service stands."""
    row, day = _kept(actor, thing), served_on or timezone.localdate()
    wrong = not_ahead(day, "served_on", row.issued_on)
    if party not in receivers(row):
        wrong.append(Problem("not_a_party", msg("This document is not served on that party."), place="party"))
    if method not in SERVICE:
        wrong.append(Problem("bad_method", msg("Choose how it was served."), place="method"))
    if not proof.strip() or len(proof.strip()) > 200:
        wrong.append(Problem("no_proof", msg("Say what proves the service, in at most 200 characters."), place="proof"))
    return _serve(actor, row, party, method, day, proof.strip(), wrong, "listen.serve_document")


@verb("listen.confirm_document", roles=("enterprise",), scope=lambda thing: _own(thing))
def confirm(actor: Any, thing: Document, party: str = "respondent") -> DocumentService:
    """Confirm today, as the party itself, that the document was received: the firm here, the sender by its tracking."""
    row = _kept(actor, thing)
    today = timezone.localdate()
    allowed = ("respondent",) if SYSTEM not in roles_of(actor) else receivers(row)
    wrong = []
    if party not in allowed or party not in receivers(row):
        wrong.append(Problem("not_a_party", msg("This document is not served on that party."), place="party"))
    return _serve(actor, row, party, "electronic", today, CONFIRMED, wrong, "listen.confirm_document")


def _own(thing: Document) -> list[int | None]:
    from qualipolis.city.listen.complaints.scope import firm_of

    return firm_of(thing.complaint)


def _kept(actor: Any, thing: Document) -> Document:
    """Return the document kept for this transaction; who may not read it is refused."""
    if SYSTEM not in roles_of(actor) and not visible(actor, Document.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who handle this matter may do this."))
    return Document.objects.select_for_update(of=("self",)).select_related("complaint", "report").get(pk=thing.pk)


def _serve(
    actor: Any, row: Document, party: str, method: str, day: date, proof: str, wrong: list[Problem], name: str
) -> DocumentService:
    if row.services.filter(party=party).exists():
        wrong.append(Problem("served", msg("This party has received the document already."), place="party"))
    refuse(wrong)
    made = DocumentService.objects.create(
        document=row, party=party, method=method, served_on=day, proof=proof, recorded_by=person_of(actor)
    )
    told = {"document": row.number, "party": party, "method": method, "served_on": day}
    record(actor, name, row.complaint or row.report, told)
    return made
