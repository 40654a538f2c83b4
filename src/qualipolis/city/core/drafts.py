"""What someone was typing, kept on the server until it is submitted."""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils import timezone

from qualipolis.city.core.models import Draft

KEY = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,119}")
LARGEST = 64 * 1024
MOST = 200


class DraftRefused(ValueError):
    """The draft is not a flat form, or larger than one."""


def read(person: Any, key: str) -> dict[str, Any] | None:
    """Return what was typed, or None."""
    row = Draft.objects.filter(person=person, key=key).first()
    return None if row is None else {"data": row.data, "saved_at": row.saved_at.isoformat()}


def save(person: Any, key: str, data: Any) -> str:
    """Keep ``data`` (names of fields to their text) and return when; the oldest beyond 200 drafts go."""
    if not _is_flat(data) or not KEY.fullmatch(key) or len(json.dumps(data)) > LARGEST:
        raise DraftRefused(key)
    now = timezone.now()
    Draft.objects.update_or_create(person=person, key=key, defaults={"data": data, "saved_at": now})
    surplus = Draft.objects.filter(person=person).order_by("-saved_at").values_list("pk", flat=True)[MOST:]
    Draft.objects.filter(pk__in=list(surplus)).delete()
    return now.isoformat()


def _is_flat(data: Any) -> bool:
    """Whether ``data`` is names of fields to text, ticks or lists of text that every database can hold."""
    if not isinstance(data, dict):
        return False
    texts: list[Any] = list(data)
    for value in data.values():
        texts += value if isinstance(value, list) else [value]
    return all(isinstance(text, bool) or (isinstance(text, str) and _is_storable(text)) for text in texts)


def _is_storable(text: str) -> bool:
    """Whether ``text`` holds neither the character 0 nor half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def discard(person: Any, key: str) -> None:
    """Forget the draft: it was submitted or given up. Call it in the verb's view after success."""
    Draft.objects.filter(person=person, key=key).delete()
