"""Weights from experts who each share out 100 points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class BudgetAllocation:
    """What :func:`budget_allocation` returns.

    ``mean``, ``sd``, ``lowest``, ``highest``, ``lower``, ``upper`` are points for each code, the last two the bootstrap
    interval of the mean; ``distance`` is for each expert the points that would have to move to agree with the mean.
    """

    experts: tuple[str, ...]
    codes: tuple[str, ...]
    points: Floats
    mean: Floats
    sd: Floats
    lowest: Floats
    highest: Floats
    lower: Floats
    upper: Floats
    distance: Floats
    level: float
    problems: tuple[Problem, ...]

    @property
    def weights(self) -> Mapping[str, float]:
        """Code -> share, ready for ``Weigh(weights=...)``; they sum to 1."""
        return dict(zip(self.codes, (self.mean / self.mean.sum()).tolist(), strict=True))

    @property
    def disagreement(self) -> float:
        """Points of 100 that an expert would have to move on average to agree with the mean."""
        return float(self.distance.mean())

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, weight, mean, sd, lowest, highest, lower, upper (points)."""
        import polars as pl

        names = ("mean", "sd", "lowest", "highest", "lower", "upper")
        table: dict[str, object] = {"code": self.codes, "weight": list(self.weights.values())}
        frame = pl.DataFrame(table | {name: getattr(self, name) for name in names})
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def experts_frame(self) -> pl.DataFrame:
        """Return one line for each expert, the furthest from the mean first: expert, distance."""
        import polars as pl

        return pl.DataFrame({"expert": self.experts, "distance": self.distance}).sort(
            "distance", descending=True, maintain_order=True
        )


def budget_allocation(
    points: ArrayLike | Mapping[str, Mapping[str, float]],
    codes: Sequence[str] | None = None,
    experts: Sequence[str] | None = None,
    *,
    seed: int = 0,
    draws: int = 2000,
    level: float = 0.90,
    total: float = 100.0,
) -> BudgetAllocation:
    r"""Return weights from points that experts shared out.

    The weight is the mean over experts; the interval is the percentile bootstrap over experts (``seed``, ``draws``,
    ``level``); the distance of an expert is :math:`\frac12 \sum_i |b_i - \bar b_i|`. With fewer than 5 experts a problem
    says that the interval means little. Source: OECD/JRC (2008) Handbook, step 6.

    ``points`` are (experts, codes), or expert -> code -> points; each expert shares out ``total``. InputError names each
    expert whose points do not sum to it (to 0.01), who gave a negative number or left one out.

    >>> found = budget_allocation([[50, 30, 20], [40, 40, 20], [60, 20, 20], [50, 30, 20], [50, 30, 20]])
    >>> {code: round(weight, 3) for code, weight in found.weights.items()}, round(found.disagreement, 2)
    ({'c1': 0.5, 'c2': 0.3, 'c3': 0.2}, 4.0)
    """
    table, names, people = _table(points, codes, experts)
    errors = list(_faults(table, names, people, total))
    if errors:
        raise InputError(errors)
    mean = table.mean(axis=0)
    count = len(people)
    rng = np.random.default_rng(seed)
    means = table[rng.integers(0, count, (draws, count))].mean(axis=1)
    lower, upper = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    sd = table.std(axis=0, ddof=1) if count > 1 else np.full(len(names), np.nan)
    distance = np.abs(table - mean).sum(axis=1) / 2
    table.setflags(write=False)
    ends = (table.min(axis=0), table.max(axis=0), lower, upper)
    return BudgetAllocation(people, names, table, mean, sd, *ends, distance, level, tuple(_problems(count)))


def _table(
    points: ArrayLike | Mapping[str, Mapping[str, float]], codes: Sequence[str] | None, experts: Sequence[str] | None
) -> tuple[Floats, tuple[str, ...], tuple[str, ...]]:
    if isinstance(points, Mapping):
        people = tuple(str(expert) for expert in points)
        names = tuple(codes) if codes is not None else tuple(dict.fromkeys(c for row in points.values() for c in row))
        rows = [[row.get(code, np.nan) for code in names] for row in points.values()]
        unknown = sorted({code for row in points.values() for code in row} - set(names))
        if unknown:
            raise InputError([_unknown(code) for code in unknown])
        return np.array(rows, dtype=np.float64).reshape(len(people), len(names)), names, people
    table = np.array(points, dtype=np.float64)
    wide = table.shape[1] if table.ndim == 2 else 0
    names = tuple(codes) if codes is not None else tuple(f"c{i + 1}" for i in range(wide))
    people = tuple(experts) if experts is not None else tuple(f"e{i + 1}" for i in range(len(table)))
    if table.shape != (len(people), len(names)):
        raise InputError([_shape(table.shape, (len(people), len(names)))])
    return table, names, people


def _faults(table: Floats, names: tuple[str, ...], people: tuple[str, ...], total: float) -> Iterator[Problem]:
    if not people or not names:
        yield _shape(table.shape, (1, 1))
    for expert, row in zip(people, table, strict=True):
        bad = [code for code, value in zip(names, row, strict=True) if not (np.isfinite(value) and value >= 0)]
        if bad:
            yield Problem(
                "bad_points",
                msg("The points of %(expert)s for %(codes)s are missing or negative."),
                msg("Give 0 or more for every item."),
                {"expert": expert, "codes": ", ".join(bad)},
                place=f"BUDGET {expert}",
            )
        elif abs(row.sum() - total) > 0.01:
            yield Problem(
                "wrong_total",
                msg("The points of %(expert)s sum to %(sum)g, not %(total)g."),
                msg("Ask the expert to share them out again; they are not scaled in silence."),
                {"expert": expert, "sum": round(float(row.sum()), 6), "total": total},
                place=f"BUDGET {expert}",
            )


def _shape(shape: tuple[int, ...], wanted: tuple[int, ...]) -> Problem:
    return Problem(
        "bad_budget",
        msg("The table of points has the shape %(shape)s where %(wanted)s is expected."),
        msg("Give one row for each expert and one column for each item."),
        {"shape": shape, "wanted": wanted},
        place="BUDGET",
    )


def _unknown(code: str) -> Problem:
    return Problem(
        "unknown_item",
        msg("Points were given for %(code)s, which is not asked for."),
        msg("Use the codes asked for."),
        {"code": code},
        place="BUDGET",
    )


def _problems(count: int) -> Iterator[Problem]:
    if count < 5:
        yield Problem(
            "few_experts",
            msg("With only %(count)s experts the interval of the mean says little."),
            msg("Ask more people, from different departments and towns."),
            {"count": count},
            place="BUDGET",
            severity="warning",
        )
