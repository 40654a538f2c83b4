"""What is wrong with an input, where, and what to do about it.

A :class:`Problem` speaks to the person who can mend it. Its words are message ids (English); a face translates
them with the ``django`` catalogue, so the same problem reads well in Chinese and English. Code marks its words with
:func:`msg` so that the message extractor finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


def msg(text: str) -> str:
    """Mark ``text`` as a message id; returns it unchanged."""
    return text


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold.

    Parameters
    ----------
    code : stable name for programs, for example ``"missing_parent"``
    what : message id of what is wrong, with ``%(name)s`` places
    remedy : message id of what to do
    params : values for the places in ``what`` and ``remedy``
    place : where it is: sheet, row, column, cell, field or file; empty when the whole input is meant; a ``str``
        subclass with ``text(translate)`` is asked for its words
    severity : ``"error"`` stops the work, ``"warning"`` is shown and kept with the result

    >>> p = Problem("zero_weights", "The weights under %(node)s are all zero.", "Give one child a weight above 0.",
    ...             {"node": "QDL"}, place="META row 4")
    >>> print(p)
    META row 4: The weights under QDL are all zero. Give one child a weight above 0.
    """

    code: str
    what: str
    remedy: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    severity: str = "error"

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the whole sentence in the language of ``translate``."""
        params = {name: _spoken(value, translate) for name, value in self.params.items()}
        words = " ".join(translate(part) % params for part in (self.what, self.remedy) if part)
        place = _spoken(self.place, translate)
        return f"{place}: {words}" if place else words

    def __str__(self) -> str:
        return self.text()


def _spoken(value: object, translate: Callable[[str], str]) -> object:
    """A place that knows its parts speaks the language of the reader; anything else stays as it is."""
    text = getattr(value, "text", None)
    return text(translate) if callable(text) else value


class InputError(ValueError):
    """Bad input, with every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def refuse(problems: Iterable[Problem | None]) -> None:
    """Raise :class:`InputError` with every problem among ``problems``; do nothing when there is none.

    >>> refuse([None])
    >>> refuse([None, Problem("no_day", "Give the day.")])
    Traceback (most recent call last):
    ...
    qualipolis.methods.problems.InputError: Give the day.
    """
    if found := [one for one in problems if one is not None]:
        raise InputError(found)
