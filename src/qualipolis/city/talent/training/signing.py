"""The key of certificates and the texts that are signed with it."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.checkpoints import keys_folder
from qualipolis.city.core.models import City
from qualipolis.city.talent.models import Course, Learner, TrainingCertificate
from qualipolis.methods.exams.certificate import (
    Entry,
    Register,
    canonical,
    digest_of,
    key_id,
    public_of,
    sign,
    text_of,
    write_register,
)

NEXT_REGISTER_DAYS = 7


def private_key() -> bytes:
    """Return the key that signs certificates; it is made on first use, readable by its owner alone."""
    path = keys_folder() / "certificate.key"
    if not path.exists():
        made = os.urandom(32)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made)
        except FileExistsError:
            return private_key()
        with path.with_suffix(".pub").open("a", encoding="utf-8") as file:
            file.write(public_of(made) + "\n")
    return path.read_bytes()


def public_keys() -> list[str]:
    """Return the public keys this installation has signed certificates with, the first one first."""
    private_key()
    told = (keys_folder() / "certificate.pub").read_text("utf-8").split()
    return list(dict.fromkeys([*told, public_of(private_key())]))


def signed(
    number: str, learner: Learner, course: Course, issued_on: date, valid_to: date, **more: str
) -> tuple[str, str, str]:  # fmt: skip
    """Return what is signed, its signature and the public key."""
    secret = private_key()
    key, city = public_of(secret), City.objects.first()
    said: dict[str, Any] = {
        "v": 1, "no": number, "holder": learner.name, "id": learner.id_tail, "course_zh": course.name_zh,
        "course_en": course.name_en, "kind": course.kind, "hours": str(course.hours), "issued_on": issued_on.isoformat(),
        "valid_to": valid_to.isoformat(), "issuer_zh": city.name_zh if city else "", "issuer_en": city.name_en if city else "",
        "synthetic": bool(city and city.synthetic), "key": key_id(key), **more,
    }  # fmt: skip
    payload = canonical(said)
    return payload, sign(payload, secret), key


def line_of(row: TrainingCertificate) -> str:
    """Return the line of text that the QR code holds and anyone checks."""
    return text_of(row.payload, row.signature)


def entry_of(row: TrainingCertificate) -> Entry:
    """Return what the register says of a certificate; one that has merely run out stands as issued."""
    gone = row.status in ("revoked", "replaced")
    on = row.ended_on if gone and row.ended_on else row.issued_on
    return Entry(row.number, digest_of(row.payload), row.status if gone else "issued", on)


def register_text() -> str:
    """Return the signed register of all certificates as of today; it names nobody."""
    today, city = timezone.localdate(), City.objects.first()
    rows = TrainingCertificate.objects.order_by("pk").iterator(chunk_size=2000)
    made = date.fromordinal(today.toordinal() + NEXT_REGISTER_DAYS)
    return write_register([entry_of(row) for row in rows], today, made, private_key(), city.name_zh if city else "")


def register_now(rows: list[TrainingCertificate]) -> Register:
    """Return the register of some certificates as the database has it now, for the check on our own page."""
    today = timezone.localdate()
    found = {row.number: entry_of(row) for row in rows}
    return Register(today, date.fromordinal(today.toordinal() + 1), found)
