"""The words of a method as data: message ids with their values, put into a language by whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from qualipolis.methods.problems import msg

Translate = Callable[[str], str]
LISTED = 12
AND_MORE = msg("%(first)s … and %(count)s more")
TWO = msg("%(first)s, %(second)s")
BRACKETS = msg("(%(inside)s)")


@dataclass(frozen=True)
class Name:
    """What something is called: said in the language of the reader, by its code where it has no name.

    >>> spoken(Name("QDI", "Quality"), str), spoken(Name("QDI"), str), plainly(Name("QDI", "Quality"))
    ('Quality', 'QDI', 'QDI')
    """

    code: str
    en: str = ""
    zh: str = ""

    def said(self, translate: Translate) -> str:
        """Return the name in the language of ``translate``."""
        first, second = (self.zh, self.en) if translate(LANGUAGE) != LANGUAGE else (self.en, self.zh)
        return first or second or self.code


@dataclass(frozen=True)
class Sentence:
    """One sentence: a message id and the values of its places. A value may be a sentence or a list itself.

    >>> Sentence("%(codes)s count for %(share)s.", {"codes": ("a", "b"), "share": 0.5}).said(str)
    'a, b count for 0.5.'
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Translate = msg) -> str:
        """Return the sentence in the language of ``translate``."""
        return translate(self.text) % {name: spoken(value, translate) for name, value in self.params.items()}

    def to_dict(self) -> dict[str, object]:
        """Return the sentence as plain values."""
        return {"text": self.text, "params": {name: plainly(value) for name, value in self.params.items()}}


@dataclass(frozen=True)
class Section:
    """What is said of one part of a method.

    ``step`` is the registered kind (empty for a part that is no step), ``name`` its id in the pipeline, ``formula`` the
    lines of the formula in signs that need no translation, ``source`` where the method comes from.
    """

    step: str
    name: str
    heading: str
    sentences: tuple[Sentence, ...]
    formula: tuple[str, ...] = ()
    source: str = ""

    def paragraph(self, translate: Translate = msg) -> str:
        """Return all sentences in the language of ``translate``, joined as that language joins them."""
        between = translate(BETWEEN).removeprefix("|").removesuffix("|")
        return between.join(sentence.said(translate) for sentence in self.sentences)

    def to_dict(self) -> dict[str, object]:
        """Return the section as plain values."""
        said = {"step": self.step, "name": self.name, "heading": self.heading, "source": self.source}
        return {**said, "formula": list(self.formula), "sentences": [one.to_dict() for one in self.sentences]}


BETWEEN = msg("| |")
LANGUAGE = msg("|en|")
YES = {True: msg("yes"), False: msg("no")}


def spoken(value: object, translate: Translate) -> str:
    """Return a value in words: a sentence translated, a list joined, a number without needless digits.

    >>> spoken(Sentence("yes"), str), spoken(("a", "b"), str), spoken(0.25, str), spoken(1e6, str), spoken(3, str)
    ('yes', 'a, b', '0.25', '1000000', '3')
    """
    if isinstance(value, Sentence | Name):
        return value.said(translate)
    if isinstance(value, bool):
        return translate(YES[value])
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return spoken([f"{key} = {spoken(value[key], translate)}" for key in sorted(value)], translate)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed([in_list(one, translate) for one in value], translate)
    return str(value)


def in_list(value: object, translate: Translate) -> str:
    """Return a value that stands in a list; one with parts of its own is held together by brackets."""
    said = spoken(value, translate)
    parts = isinstance(value, Mapping | Sequence) and not isinstance(value, str) and len(value) > 1
    return translate(BRACKETS) % {"inside": said} if parts else said


def listed(parts: Sequence[str], translate: Translate) -> str:
    """Return parts as a list in words; a long one ends with how many more there are."""
    if not parts:
        return "—"
    shown = parts if len(parts) <= LISTED + 1 else parts[:LISTED]
    text = reduce(lambda first, second: translate(TWO) % {"first": first, "second": second}, shown)
    more = len(parts) - len(shown)
    return translate(AND_MORE) % {"first": text, "count": more} if more else text


def plainly(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, Sentence):
        return value.to_dict()
    if isinstance(value, Name):
        return value.code
    if isinstance(value, Mapping):
        return {str(key): plainly(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plainly(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
