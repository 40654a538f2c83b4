"""Words that several pages of assessment need: fields in the language of the page, why a value is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.measure.models import Observation
from qualipolis.city.measure.queries import suppressed


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def told(thing: Any, field: str) -> str:
    """Return ``field_zh`` or ``field_en``, whichever the page wants and there is."""
    zh, en = getattr(thing, f"{field}_zh", ""), getattr(thing, f"{field}_en", "")
    return (zh or en) if chinese() else (en or zh)


def missing_word(reason: str) -> str:
    """Return why a value is missing, in words."""
    return _("missing: %(why)s") % {"why": Observation.Missing(reason).label} if reason in Observation.Missing else ""


def kept_back(indicator: Any, value: float | None, cases: float | None) -> bool:
    """Whether the public does not see a figure because fewer than three cases stand behind it."""
    return bool(indicator.is_proportion and value is not None and suppressed(value, cases) is None)
