"""Counts as people read them: with thousands marks in every language."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(value: int | None) -> str:
    """Return a whole number with thousands marks; nothing is —.

    >>> thousands(100000), thousands(None)
    ('100,000', '—')
    """
    return "—" if value is None else f"{value:,}"
