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
    fields_ok = isinstance(data, dict) and all(isinstance(v, str | list | bool) for v in data.values())
    if not fields_ok or not KEY.fullmatch(key) or len(json.dumps(data)) > LARGEST:
        raise DraftRefused(key)
    now = timezone.now()
    Draft.objects.update_or_create(person=person, key=key, defaults={"data": data, "saved_at": now})
    surplus = Draft.objects.filter(person=person).order_by("-saved_at").values_list("pk", flat=True)[MOST:]
    Draft.objects.filter(pk__in=list(surplus)).delete()
    return now.isoformat()


def discard(person: Any, key: str) -> None:
    """Forget the draft: it was submitted or given up. Call it in the verb's view after success."""
    Draft.objects.filter(person=person, key=key).delete()
