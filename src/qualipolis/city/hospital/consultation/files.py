"""Who reads the files of a consultation: who takes part in the case; the laboratory its own report; nobody who oversees."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.consultation.parties import is_firm
from qualipolis.city.hospital.models import Case, Examination, Message


@reader("hospital.message", closed=True)
def _message_files(actor: Any, pk: str) -> bool:
    rows = Message.objects.filter(pk=whole(pk))
    rows = rows.filter(doctors_only=False) if is_firm(actor) else rows
    return visible(actor, Case.objects.filter(pk__in=rows.values("case"))).exists()


@reader("hospital.examination", closed=True)
def _reports(actor: Any, pk: str) -> bool:
    return visible(actor, Examination.objects.filter(pk=whole(pk))).exists()
