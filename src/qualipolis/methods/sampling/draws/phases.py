"""Two phases: enterprises first, then a product or batch of each, with the probability of the whole way stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.draw import Drawn
from qualipolis.methods.sampling.draws.tickets import secret, uniform

if TYPE_CHECKING:
    import polars as pl

PRODUCT = "product"


@dataclass(frozen=True)
class Picked:
    """A product or batch of a drawn enterprise; ``pi`` is ``pi_first * pi_second``."""

    enterprise: str
    product: str
    pi_first: float
    pi_second: float
    order: int

    @property
    def pi(self) -> float:
        return self.pi_first * self.pi_second


@dataclass(frozen=True, eq=False)
class TwoPhase:
    """What was picked, and enterprises with nothing to pick from (they keep their reason, and are replaced)."""

    picked: tuple[Picked, ...]
    empty: tuple[str, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return the picks as a table."""
        import polars as pl

        return pl.DataFrame([{**vars(p), "pi": p.pi} for p in self.picked])

    def __repr__(self) -> str:
        return f"TwoPhase(picked={len(self.picked)}, empty={len(self.empty)})"


def second_phase(first: Drawn, products: Mapping[str, Sequence[str]], seed: str, each: int = 1) -> TwoPhase:
    """Pick products of the enterprises drawn, by ticket, with equal probability ``min(each, M) / M``.

    The tickets hash (seed, enterprise, product key) with the purpose "product": what is on the shelf of one enterprise
    does not change the pick in another, and a product that turns out to be missing is replaced by the next ticket.
    The seed may be a later one than that of the first phase: fresh randomness after the shelf was listed.

    Parameters
    ----------
    first : draw of the enterprises
    products : keys of the products or batches found, by enterprise
    each : how many of each enterprise

    Raises
    ------
    InputError
        a product listed twice in one enterprise

    >>> from qualipolis.methods.sampling.draws.draw import Rule, draw
    >>> from qualipolis.methods.sampling.draws.frame import frame_of
    >>> first = draw(frame_of(["a", "b", "c"]), Rule("srs", {"": 2}), "2026")
    >>> second = second_phase(first, {key: ["x1", "x2", "x3", "x4"] for key in "abc"}, "2026")
    >>> len(second.picked), round(second.picked[0].pi, 4)
    (2, 0.1667)
    """
    twice = [e for e, keys in products.items() if len(set(keys)) != len(keys)]
    if twice:
        what, remedy = msg("A product stands twice under %(keys)s."), msg("List each product or batch once.")
        raise InputError([Problem("product_twice", what, remedy, {"keys": ", ".join(twice[:5])}, place="products")])
    picked, empty = [], []
    for enterprise, pi in zip(first.ids(), first.pi[~first.reserve].tolist(), strict=True):
        order = product_order(products.get(enterprise, ()), enterprise, seed)
        if not order:
            empty.append(enterprise)
        share = min(each, len(order)) / max(len(order), 1)
        picked += [Picked(enterprise, key, pi, share, i + 1) for i, key in enumerate(order[:each])]
    return TwoPhase(tuple(picked), tuple(empty))


def product_order(keys: Sequence[str], enterprise: str, seed: str) -> list[str]:
    """Return the products of one enterprise in the order of their tickets.

    >>> sorted(product_order(["x", "y"], "a", "2026"))
    ['x', 'y']
    """
    from hashlib import sha256

    head = secret(seed, enterprise, PRODUCT)
    return sorted(keys, key=lambda key: sha256(head + key.encode()).digest())


def start_of(seed: str, label: str) -> float:
    """Return a public start point in (0, 1) for a campaign, for permanent random numbers.

    >>> 0 < start_of("2026", "toys") < 1
    True
    """
    return float(np.float64(uniform(secret(seed, label, "campaign"))))
