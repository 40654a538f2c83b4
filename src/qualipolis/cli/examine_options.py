"""What ``qualipolis examine`` is asked: limits and phases from the words of the command line."""

from __future__ import annotations

from collections.abc import Sequence

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability import Specification


def specifications_of(texts: Sequence[str]) -> dict[str, Specification]:
    """Return limits by name of the characteristic, ``""`` for all.

    >>> specifications_of(["9.9:10.1", "wall=2:"])["wall"].lower
    2.0
    """
    found: dict[str, Specification] = {}
    wrong = []
    for text in texts:
        name, equals, limits = text.rpartition("=")
        parts = (limits if equals else text).replace("：", ":").split(":")
        try:
            numbers = [float(part) if part.strip() else None for part in parts]
        except ValueError:
            numbers = []
        if len(numbers) not in (2, 3):
            what = msg('"%(text)s" is no pair of limits.')
            remedy = msg("Write LOWER:UPPER, for example 9.9:10.1, or 58: where only the lower one counts.")
            wrong.append(Problem("bad_spec", what, remedy, {"text": text[:60]}, "--spec"))
            continue
        try:
            found[name if equals else ""] = Specification(*numbers)
        except InputError as error:
            wrong += error.problems
    if wrong:
        raise InputError(wrong)
    return found


def phases_of(texts: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return (first point from 0, name) of each phase; the command line counts points from 1.

    >>> phases_of(["21:new oil"])
    ((20, 'new oil'),)
    """
    found, wrong = [], []
    for text in texts:
        start, _, name = text.replace("：", ":").partition(":")
        if start.strip().isdigit() and int(start) >= 1:
            found.append((int(start) - 1, name.strip()))
        else:
            what, remedy = (
                msg('"%(text)s" is no phase.'),
                msg("Write the first point and a name, for example 21:new oil."),
            )
            wrong.append(Problem("bad_phase", what, remedy, {"text": text[:60]}, "--phase"))
    if wrong:
        raise InputError(wrong)
    return tuple(found)
