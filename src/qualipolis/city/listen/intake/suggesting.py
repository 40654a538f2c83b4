"""What the words of a letter suggest: class of product, kind of problem, whether it is urgent; a person says what is true.

The classifiers that ship know nothing of the city. What an officer confirms teaches a copy of them that belongs to the
city and lies with its data; nothing else changes it, and what it tells stays a suggestion.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.statistics import naming
from qualipolis.methods.problems import InputError
from qualipolis.methods.text.classify import Classifier

logger = logging.getLogger(__name__)
MODELS = {"product_class": naming.PRODUCT, "hazard": naming.PROBLEM}
URGENT = frozenset(("fire_explosion", "electric_shock", "injury", "poisoning_allergy"))
URGENT_FROM, TOP, WORDS, LONGEST = 0.4, 3, 5, 2000
KEPT_OF_CARD = ("name", "about", "language", "licence", "names")
_READ: dict[str, tuple[tuple[str, int], Classifier]] = {}


@dataclass(frozen=True)
class Suggested:
    """One suggestion: its code, its words, how sure the model is, whether that is too little to go by, and which words
    of the letter spoke for it."""

    code: str
    name: str
    probability: float
    uncertain: bool
    why: tuple[str, ...] = ()


def choices(field: str) -> list[tuple[str, str]]:
    """Return the classes of a field (``product_class`` or ``hazard``) in the language of the page."""
    return [(code, name_of(field, code)) for code in naming.names(MODELS[field])]


def name_of(field: str, code: str) -> str:
    """Return the words of a class; what is no code of the model is its own name."""
    return naming.name_of(MODELS[field], code)


def _own(name: str) -> Path:
    return Path(settings.HOME) / "models" / f"{name}.npz"


def model_of(name: str) -> Classifier:
    """Return the classifier as the city has taught it, or as it ships; read once for each version."""
    from qualipolis.lake.models import load

    own = _own(name)
    version = (str(own), own.stat().st_mtime_ns) if own.is_file() else (name, 0)
    if name not in _READ or _READ[name][0] != version:
        try:
            _READ[name] = version, load(own if version[1] else name)
        except InputError:
            logger.warning("The city's model %s cannot be read; the one that ships is used.", name)
            _READ[name] = version, load(name)
    return _READ[name][1]


def text_of(letter: Letter) -> str:
    """Return the words of a letter that tell what it is about, without its sender."""
    return "。".join(part for part in (letter.product_name, without_sender(letter)) if part)[:LONGEST]


def suggest(text: str) -> dict[str, Any]:
    """Return what is kept beside a letter: for each field the three likeliest codes; nothing for words nobody knows."""
    found: dict[str, Any] = {}
    for field, name in MODELS.items():
        told = model_of(name).predict([text], TOP)[0]
        if not told.unknown:
            shares = [[code, round(share, 3)] for code, share in zip(told.labels, told.probabilities, strict=True)]
            found[field] = {"labels": shares, "uncertain": told.uncertain}
    problems = dict(found.get("hazard", {}).get("labels", ()))
    if sum(problems.get(code, 0.0) for code in URGENT) >= URGENT_FROM:
        found["urgent"] = True
    return found


def suggestions(letter: Letter) -> dict[str, list[Suggested]]:
    """Return the likeliest classes of a letter for both fields, with reasons; of a letter without kept ones, as of now."""
    text = text_of(letter)
    kept = letter.suggested or suggest(text)
    return {field: _of(field, kept.get(field), text) for field in MODELS}


def _of(field: str, kept: Any, text: str) -> list[Suggested]:
    if not isinstance(kept, dict):
        return []
    model = model_of(MODELS[field])
    known = [(code, share) for code, share in kept["labels"] if code in model.labels]
    return [
        Suggested(code, name_of(field, code), share, bool(kept["uncertain"]), _words(model, text, code))
        for code, share in known
    ]


def _words(model: Classifier, text: str, code: str) -> tuple[str, ...]:
    told = model.explain(text, code).words
    return tuple(one.word for one in told if one.weight > 0 and len(one.word) > 1)[:WORDS]


@subscriber("listen.letter_received")
def _received(actor: Any, letter: Letter) -> None:
    """Keep what the words suggest; a letter is taken in whatever the classifiers do."""
    try:
        letter.suggested = suggest(text_of(letter))
    except (InputError, OSError) as error:
        logger.warning("Nothing is suggested for a letter: %s", type(error).__name__)
        return
    letter.save(update_fields=["suggested"])


@subscriber("listen.letter_classified")
def _classified(actor: Any, letter: Letter) -> None:
    """Learn from what a person confirmed, once it is in the database."""
    text, labels = text_of(letter), {name: str(getattr(letter, field)) for field, name in MODELS.items()}
    transaction.on_commit(lambda: [learn(name, text, label) for name, label in labels.items() if label])


def learn(name: str, text: str, label: str) -> bool:
    """Teach the city's classifier one confirmed case; return whether it knew the label. One writer at a time."""
    from qualipolis.lake.models import card, save

    with _alone():
        model = model_of(name)
        if label not in model.labels:
            return False
        own = _own(name)
        fresh = own.with_name(f"{name}.new.npz")
        about = {key: value for key, value in card(name).items() if key in KEPT_OF_CARD}
        save(model.learn(text, label), fresh, about | {"source": "taught by the city"})
        fresh.with_suffix(".json").replace(own.with_suffix(".json"))
        fresh.replace(own)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    folder = Path(settings.HOME) / "models"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
