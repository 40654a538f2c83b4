"""Numbers of plans and draws as the pages write them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.supervise.draws.frames import SIZE_WORDS
from qualipolis.faces.desk import shares

register = template.Library()


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    """A share in per cent; nothing is —, and what is not quite all is not rounded up to 100."""
    return shares.percent(value, "bounded", digits)


@register.filter
def share(value: float | None) -> str:
    """An inclusion probability: three digits that count."""
    return "—" if value is None else f"{value:.3g}" if value < 0.0995 else f"{value:.3f}"


@register.filter
def interval_words(found: Any) -> str:
    """The interval that a number of batches leads one to expect."""
    if found.low is None:
        return "—"
    dash = "—" if (get_language() or "zh").startswith("zh") else "–"
    return f"{100 * found.low:.1f}{dash}{100 * found.high:.1f}"


@register.filter
def stratum_words(code: str, towns: dict[str, str]) -> str:
    """A stratum in words: the town, the size of the firm, or the cluster; one without a name is the whole."""
    if not code:
        return _("the whole frame")
    town, _dash, letter = code.rpartition("-")
    if town in towns and letter in SIZE_WORDS:
        return f"{towns[town]} · {_(SIZE_WORDS[letter])}"
    if code in SIZE_WORDS:
        return _(SIZE_WORDS[code])
    return towns.get(code, code)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """One value of a mapping."""
    return mapping.get(key)
