"""How much an agreement weighs: m and u of each level, kept with the program, and what two rows come to by them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from qualipolis.lake.entities.words import COMPARISONS, Comparison, Kind, level

EXPECTED = 0.2
"""How many others of the same a row has on average, before anything is compared."""
BELIEVED = 1_000
"""How many rows the usual chance of a value counts for beside those of the table."""


@dataclass(frozen=True)
class Weights:
    """m and u of every level of every comparison of one kind of rows.

    Parameters
    ----------
    kind : what the rows are
    chances : for each column and level ``(m, u)``: how often rows that are the same agree so, and rows that are not
    origin : what they were estimated from
    scale, shift : ``scale · bits + shift`` are the bits whose probability came true on labelled pairs (Platt, 1999)
    """

    kind: Kind
    chances: Mapping[str, Mapping[str, tuple[float, float]]]
    origin: str = ""
    scale: float = 1.0
    shift: float = 0.0

    def of(self, column: str, agreed: str) -> tuple[float, float]:
        """Return m and u of a level."""
        return self.chances[column][agreed]

    def to_json(self) -> dict:
        """Return the weights as plain data."""
        chances = {c: dict(levels) for c, levels in self.chances.items()}
        return {"origin": self.origin, "scale": self.scale, "shift": self.shift, "chances": chances}

    def probability(self, bits: float) -> float:
        """Return the probability that a sum of weights stands for, as it came true on labelled pairs."""
        return probability(self.scale * bits + self.shift)

    def bits(self, chance: float) -> float:
        """Return the sum of weights from which a probability is reached; the inverse of :meth:`probability`."""
        return (math.log2(chance / (1 - chance)) - self.shift) / self.scale


@cache
def shipped(kind: Kind) -> Weights:
    """Return the weights that come with the program."""
    said = json.loads(resources.files("qualipolis.lake.entities").joinpath("weights.json").read_text("utf-8"))[kind]
    chances = {c: {name: (mu[0], mu[1]) for name, mu in levels.items()} for c, levels in said["chances"].items()}
    return Weights(kind, chances, said["origin"], said["scale"], said["shift"])


def levels_of(comparison: Comparison) -> tuple[str, ...]:
    """Return the levels of a comparison that weigh something, ``else`` among them."""
    return (*comparison.levels, "else")


def prior(count: int) -> float:
    """Return the probability that two rows among ``count`` are the same before they are compared.

    Each row is expected to have :data:`EXPECTED` others, so it falls as rows grow in number.

    >>> prior(101), prior(2)
    (0.002, 0.2)
    """
    return EXPECTED / max(count - 1, 1)


def share(count: int, total: int, usual: float) -> float:
    """Return the chance that a row which is another has the value that ``count`` of ``total`` rows have.

    The row itself is not counted, and as many rows as :data:`BELIEVED` with the ``usual`` chance are added, so that a
    short table does not make every name a common one.

    >>> round(share(2, 5, 0.0001), 6), round(share(500, 100_000, 0.0001), 5)
    (0.001096, 0.00494)
    """
    return (count - 1 + BELIEVED * usual) / (total - 1 + BELIEVED)


@dataclass(frozen=True)
class Reason:
    """Why a pair came out as it did: a column, how it agreed, and the bits it weighs (more than 0 speaks for the same)."""

    field: str
    agreed: str
    bits: float


def scored(
    left: Mapping[str, str],
    right: Mapping[str, str],
    weights: Weights,
    before: float,
    frequency: Mapping[str, Mapping[str, float]],
) -> tuple[float, tuple[Reason, ...]]:
    r"""Return the probability that two rows are the same, and the reasons, the weightiest first.

    Fellegi and Sunter (1969): :math:`\log_2\frac{p}{1-p} = \log_2\frac{\lambda}{1-\lambda} + \sum_i \log_2\frac{m_i}{u_i}`;
    where two rare values agree, their :func:`share` stands for u (term-frequency adjustment), as in splink.
    """
    bits = math.log2(before / (1 - before))
    reasons = []
    for comparison in COMPARISONS[weights.kind]:
        agreed = level(comparison, left[comparison.column], right[comparison.column])
        if agreed == "null":
            continue
        m, u = weights.of(comparison.column, agreed)
        if comparison.rare and agreed == "exact":
            u = frequency[comparison.column].get(left[comparison.column], u)
        reasons.append(Reason(comparison.column, agreed, round(math.log2(m / u), 3)))
        bits += math.log2(m / u)
    reasons.sort(key=lambda reason: -abs(reason.bits))
    return weights.probability(bits), tuple(reasons)


def probability(bits: float) -> float:
    """Return the probability that a weight in bits stands for.

    >>> probability(0.0), round(probability(10.0), 4)
    (0.5, 0.999)
    """
    return 1 / (1 + 2 ** -max(min(bits, 60.0), -60.0))


def fitted(
    kind: Kind,
    same: Sequence[tuple[Mapping[str, str], Mapping[str, str]]],
    others: Sequence[tuple[Mapping[str, str], Mapping[str, str]]],
    origin: str,
) -> Weights:
    """Return weights counted on labelled pairs: ``same`` gives m, ``others`` (drawn at random from all pairs) gives u.

    Half a pair is added to each level, so that none is impossible; a looser level never weighs more than a closer one.
    """
    chances = {}
    for comparison in COMPARISONS[kind]:
        names = levels_of(comparison)
        m, u = _shares(comparison, same, names), _shares(comparison, others, names)
        chances[comparison.column] = _falling({name: (m[name], u[name]) for name in names})
    return Weights(kind, chances, origin)


def _falling(chances: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return the levels with u raised where chance made a looser one weigh more than the one before."""
    ratio = math.inf
    found = {}
    for name, (m, u) in chances.items():
        ratio = min(ratio, m / u)
        found[name] = (m, round(m / ratio, 12))
    return found


def calibrated(weights: Weights, bits: Sequence[float], same: Sequence[bool]) -> Weights:
    """Return the weights with scale and shift of the logistic curve of ``same`` on ``bits`` (maximum likelihood)."""
    import numpy as np
    from scipy.optimize import minimize

    x, y = np.asarray(bits, float) * math.log(2), np.asarray(same, float)

    def loss(line: np.ndarray) -> float:
        z = line[0] * x + line[1] * math.log(2)
        return float(np.mean(np.logaddexp(0, z) - y * z) + 1e-6 * line @ line)

    found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.1, 3.0), (-30.0, 30.0)]).x
    return replace(weights, scale=round(float(found[0]), 4), shift=round(float(found[1]), 4))


def _shares(
    comparison: Comparison, pairs: Sequence[tuple[Mapping[str, str], Mapping[str, str]]], names: Sequence[str]
) -> dict[str, float]:
    counts = dict.fromkeys(names, 0.5)
    for left, right in pairs:
        agreed = level(comparison, left[comparison.column], right[comparison.column])
        if agreed != "null":
            counts[agreed] += 1
    total = sum(counts.values())
    return {name: round(count / total, 9) for name, count in counts.items()}
