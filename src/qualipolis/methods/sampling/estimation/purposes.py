"""Why rows were sampled: random and targeted ones answer different questions and are never pooled."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

RANDOM = ("random", "随机")


def chosen(purposes: ArrayLike, purpose: str) -> NDArray[np.bool_]:
    """Return the rows of ``purpose``; refuse several purposes unless one is named.

    >>> chosen(["random", "targeted"], "random").tolist()
    [True, False]
    """
    given = np.asarray(purposes).astype(str)
    counts = Counter(given.tolist())
    told = ", ".join(f"{name or '?'} {count}" for name, count in sorted(counts.items()))
    if "" in counts or "None" in counts or "nan" in counts:
        what = msg("Some rows do not say why they were sampled: %(counts)s.")
        raise InputError([Problem("no_purpose", what, msg("Give each row its purpose."), {"counts": told}, "purpose")])
    if not purpose and len(counts) > 1:
        what = msg("The sample mixes purposes: %(counts)s.")
        remedy = msg("Random and targeted samples answer different questions: name the one to estimate from.")
        raise InputError([Problem("mixed_purposes", what, remedy, {"counts": told}, "purpose")])
    if purpose and purpose not in counts:
        what = msg("No row has the purpose “%(purpose)s”; there are: %(counts)s.")
        params = {"purpose": purpose, "counts": told}
        raise InputError([Problem("unknown_purpose", what, msg("Name one of these."), params, "purpose")])
    return np.asarray(given == (purpose or next(iter(counts))))


def told(purposes: ArrayLike | None, purpose: str) -> str:
    """Return the purpose of the rows kept, empty where nothing is known."""
    if purpose or purposes is None:
        return purpose
    first: NDArray[Any] = np.asarray(purposes)
    return str(first[0])


def is_random(purpose: str) -> bool:
    """Whether estimates from these rows speak of the population."""
    return not purpose or purpose in RANDOM
