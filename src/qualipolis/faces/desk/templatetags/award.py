"""What the templates of the award write: scores of the team beside whose they are, per cents without idle digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def pairs(scores: Sequence[Any], sheets: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return every score with the sheet it stands on."""
    return list(zip(scores, sheets, strict=True))


@register.filter
def per_cent(value: Any) -> str:
    """Return a score: a whole number where it is one, else one digit; a dash where there is none."""
    return "—" if value is None else f"{float(value):.1f}".removesuffix(".0")
