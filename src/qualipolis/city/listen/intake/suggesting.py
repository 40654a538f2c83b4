"""What the words of a letter suggest: class of product and kind of problem, with how sure; a person says what is true."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from qualipolis.city.listen.intake.models import Letter

MODELS = {"product_class": "complaint-product-zh", "hazard": "complaint-problem-zh"}
TOP, LONGEST = 3, 2000


@dataclass(frozen=True)
class Suggested:
    """One suggestion: its code, its words, how sure the model is, and whether that is too little to go by."""

    code: str
    name: str
    probability: float
    uncertain: bool


@lru_cache(maxsize=4)
def _model(name: str) -> Any:
    from qualipolis.lake.models import load

    return load(name)


@lru_cache(maxsize=4)
def _names(name: str) -> dict[str, dict[str, str]]:
    from qualipolis.lake.models import card

    return dict(card(name).get("names", {}))


def choices(field: str) -> list[tuple[str, str]]:
    """Return the classes of a field (``product_class`` or ``hazard``) in the language of the page."""
    return [(code, name_of(field, code)) for code in _names(MODELS[field])]


def name_of(field: str, code: str) -> str:
    """Return the words of a class; what is no code of the model is its own name."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return _names(MODELS[field]).get(code, {}).get(language, code)


def suggestions(letter: Letter) -> dict[str, list[Suggested]]:
    """Return the likeliest classes of a letter for both fields; nothing where the model knows too few of the words."""
    text = f"{letter.product_name} {letter.facts}"[:LONGEST]
    return {field: _of(field, model, text) for field, model in MODELS.items()}


def _of(field: str, model: str, text: str) -> list[Suggested]:
    found = _model(model).predict([text], top=TOP)[0]
    if found.unknown:
        return []
    pairs = zip(found.labels, found.probabilities, strict=True)
    return [Suggested(code, name_of(field, code), share, found.uncertain) for code, share in pairs]
