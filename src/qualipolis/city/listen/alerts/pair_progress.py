"""How far the comparing of records has come: kept beside the data, so that each tick looks at what is new alone."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from qualipolis.city.listen.alerts.models import Alert
from qualipolis.city.listen.investigations.models import SafetyProduct
from qualipolis.city.registry.models import Enterprise


def _place() -> Path:
    return Path(settings.HOME) / "listen" / "pairs.json"


def read() -> dict[str, Any]:
    """Return how far it came; nothing where it never ran."""
    with suppress(OSError, ValueError):
        found = json.loads(_place().read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def write(progress: dict[str, Any]) -> None:
    """Keep how far it came."""
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(progress), "utf-8")
    fresh.replace(place)


def now() -> dict[str, Any]:
    """Return the last rows there are; a register that changed in number is looked at as a whole again."""
    firms = Enterprise.objects.aggregate(last=Max("pk"), count=Count("pk"))
    mark = f"{firms['last']}/{firms['count']}" if firms["count"] else ""
    return {
        "alert": Alert.objects.aggregate(last=Max("pk"))["last"] or 0,
        "product": SafetyProduct.objects.aggregate(last=Max("pk"))["last"] or 0,
        "firms": hashlib.sha256(mark.encode()).hexdigest()[:16] if mark else "",
    }
