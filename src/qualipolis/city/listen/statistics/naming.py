"""The words of the codes in which letters are classified: class of product and kind of problem, in both languages."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

PRODUCT, PROBLEM = "complaint-product-zh", "complaint-problem-zh"


@cache
def names(model: str) -> dict[str, dict[str, str]]:
    """Return code -> {"zh", "en"} as the card of the shipped classifier says."""
    from qualipolis.lake.models import card

    return dict(card(model)["names"])


def name_of(model: str, code: str, language: str = "") -> str:
    """Return a code in words; a word of the city's own, which no classifier knows, is its own name."""
    tongue = "zh" if (language or get_language() or "zh").startswith("zh") else "en"
    return names(model).get(code, {}).get(tongue, code)


def class_words(field: str, code: str) -> str:
    """Return a class of product (``product_class``) or a kind of danger (``hazard``) in words; nothing is an empty word."""
    return name_of(PRODUCT if field == "product_class" else PROBLEM, code) if code else ""
