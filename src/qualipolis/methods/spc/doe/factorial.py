"""Two-level designs, full and fractional, their aliases, and effects judged without replicates.

A fraction of k factors in 2^(k−p) runs sets p factors to products of others (generators). Lenth's pseudo standard error:
s₀ = 1.5 median |effect|, PSE = 1.5 median of those below 2.5 s₀; margin of error t(0.975, m/3) PSE, and the simultaneous
one with probability (1 + 0.95^{1/m})/2.

Source: G. E. P. Box, W. G. Hunter and J. S. Hunter (2005), *Statistics for Experimenters*, 2nd ed., Wiley; R. V. Lenth
(1989), "Quick and easy analysis of unreplicated factorials", Technometrics 31, 469-473.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import confidence_problems


def two_level_design(
    factors: Sequence[str], generators: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Floats]:
    """Return the runs of a two-level design in standard order, −1 and 1.

    Parameters
    ----------
    factors : names; those without a generator make the full design
    generators : for each further factor, the factors whose product it is

    >>> design = two_level_design(["A", "B", "C"], {"C": ["A", "B"]})
    >>> design["C"].tolist()
    [1.0, -1.0, -1.0, 1.0]
    """
    made = dict(generators or {})
    basic = [name for name in factors if name not in made]
    wrong = len(set(factors)) < len(factors) or not 1 <= len(basic) <= 16 or not set(made) <= set(factors)
    if wrong or any(len(word) < 2 or not set(word) <= set(basic) for word in made.values()):
        what = msg(
            "Factors have names of their own, at most 16 without a generator; a generator names two of those or more."
        )
        refuse([Problem("bad_design", what, place="generators")])
    runs = 2 ** len(basic)
    columns = {name: np.where(np.arange(runs) // 2**i % 2, 1.0, -1.0) for i, name in enumerate(basic)}
    for name, word in made.items():
        columns[name] = np.prod([columns[w] for w in word], axis=0)
    return {name: columns[name] for name in factors}


def model_columns(factors: Mapping[str, Floats], order: int = 2) -> dict[str, Floats]:
    """Return factors and their products up to ``order``, named ``"A:B"``.

    >>> list(model_columns(two_level_design(["A", "B", "C"]), 2))
    ['A', 'B', 'C', 'A:B', 'A:C', 'B:C']
    """
    found = {}
    for size in range(1, order + 1):
        for names in combinations(factors, size):
            found[":".join(names)] = np.asarray(
                np.prod([np.asarray(factors[n], dtype=np.float64) for n in names], axis=0)
            )
    return found


def aliases(factors: Mapping[str, Floats], order: int = 2) -> dict[str, tuple[str, ...]]:
    """Return the terms up to ``order`` that cannot be told from each other; a term that stands alone is absent.

    >>> aliases(two_level_design(["A", "B", "C"], {"C": ["A", "B"]}))
    {'A': ('B:C',), 'B': ('A:C',), 'C': ('A:B',)}
    """
    seen: dict[bytes, list[str]] = {}
    for name, column in model_columns(factors, order).items():
        sign = 1.0 if column[0] > 0 else -1.0
        seen.setdefault((np.round(sign * column).astype(np.int8)).tobytes(), []).append(name)
    return {names[0]: tuple(names[1:]) for names in seen.values() if len(names) > 1}


@dataclass(frozen=True)
class Lenth:
    """Pseudo standard error, margin of error and simultaneous margin, and the effects beyond each."""

    s0: float
    pse: float
    margin: float
    simultaneous: float
    active: tuple[str, ...]
    surely_active: tuple[str, ...]


def lenth(effects: Mapping[str, float], *, confidence: float = 0.95) -> Lenth:
    """Return which effects of an unreplicated design stand out.

    >>> lenth({"A": 9.0, "B": 0.4, "AB": -0.3, "C": 0.2, "AC": 0.5, "BC": -0.1, "ABC": 0.2}).active
    ('A',)
    """
    from scipy.special import stdtrit

    size = np.abs(np.array(list(effects.values()), dtype=np.float64))
    wrong = confidence_problems(confidence)
    if len(size) < 3 or not np.isfinite(size).all() or np.median(size) == 0:
        wrong.append(
            Problem("few_effects", msg("At least three effects are needed, and not most of them 0."), place="effects")
        )
    refuse(wrong)
    s0 = 1.5 * float(np.median(size))
    pse = 1.5 * float(np.median(size[size < 2.5 * s0]))
    m = len(size)
    margin = float(stdtrit(m / 3, (1 + confidence) / 2)) * pse
    most = float(stdtrit(m / 3, (1 + confidence ** (1 / m)) / 2)) * pse
    names = list(effects)
    beyond = [tuple(n for n, s in zip(names, size, strict=True) if s > limit) for limit in (margin, most)]
    return Lenth(s0, pse, margin, most, beyond[0], beyond[1])
