"""Benefit of the doubt: every unit with the weights that suit it best (data envelopment analysis).

Without bounds on the shares a unit may stand on one column alone, so give some. One linear program for each unit (HiGHS),
in which another unit is a limit only once it is needed. A unit with a missing cell has no score and limits nobody else.

Sources: Melyn and Moesen (1991); Cherchye, Moesen, Rogge and Van Puyenbroeck (2007), Social Indicators Research 82.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.analysis.selection import Columns, Source, columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import unknown_code
from qualipolis.methods.composite.ranks import rank_descending, ranks_as_floats
from qualipolis.methods.composite.weighting.programs import solve_units
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

Bounds = float | Mapping[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class BenefitOfTheDoubt:
    """What :func:`benefit_of_the_doubt` returns.

    ``scores`` (units,) from 0 to 1; ``multipliers`` (units, codes) weights on the values; ``shares`` (units, codes) the
    part of each code in the score, summing to 1 (NaN at a score of 0); ``peers`` unit -> the units that stop it from
    scoring higher, with their intensities. NaN for a unit with a missing cell.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    scores: Floats
    multipliers: Floats
    shares: Floats
    peers: Mapping[str, Mapping[str, float]]
    problems: tuple[Problem, ...]

    @property
    def ranks(self) -> Floats:
        """Ranks, best first; units that reach 1 are tied."""
        return ranks_as_floats(rank_descending(np.round(self.scores, 8)))

    @property
    def efficient(self) -> tuple[str, ...]:
        """Units that score 1 with their own best weights."""
        return tuple(unit for unit, score in zip(self.units, self.scores, strict=True) if score > 1 - 1e-8)

    @property
    def weights(self) -> Mapping[str, float]:
        """Code -> mean share over the units: what the data alone would stress. They sum to 1."""
        known = self.shares[~np.isnan(self.shares).any(axis=1)]
        mean = known.mean(axis=0) if len(known) else np.full(len(self.codes), np.nan)
        return dict(zip(self.codes, mean.tolist(), strict=True))

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each unit: unit, score, rank, the share of each code, and its peers."""
        import polars as pl

        table: dict[str, object] = {"unit": self.units, "score": self.scores, "rank": self.ranks}
        table |= {f"share_{code}": self.shares[:, i] for i, code in enumerate(self.codes)}
        table["peers"] = [", ".join(self.peers.get(unit, {})) for unit in self.units]
        return pl.DataFrame(table).with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        return f"BenefitOfTheDoubt({len(self.units)} units, {len(self.codes)} codes, {len(self.efficient)} at 1)"


def benefit_of_the_doubt(
    source: Source,
    lower: Bounds = 0.0,
    upper: Bounds = 1.0,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
) -> BenefitOfTheDoubt:
    r"""Return for each unit c the highest score that weights of its own choice can give it.

    .. math:: \max_w \sum_i w_i x_{ci} \quad \text{with} \quad \sum_i w_i x_{ji} \le 1 \;\forall j, \quad w_i \ge 0, \quad
              L_i \sum_k w_k x_{ck} \le w_i x_{ci} \le U_i \sum_k w_k x_{ck}

    The last line bounds the share of each column in the unit's own score; see the module for advice and sources.

    Parameters
    ----------
    source, stage, level, under : normalised columns, better when more, not negative; see :func:`.columns`
    lower, upper : bounds on the shares, one for all or by code (then 0 and 1 for the others)

    InputError for a negative value, an unknown code, and bounds that are not 0 <= lower <= upper <= 1 or that no shares
    can meet.

    >>> found = benefit_of_the_doubt([[1.0, 0.2], [0.2, 1.0], [0.5, 0.5]])
    >>> found.scores.round(6).tolist(), found.efficient, sorted(found.peers["u3"])
    ([1.0, 1.0, 0.833333], ('u1', 'u2'), ['u1', 'u2'])
    """
    found = columns(source, stage, level, under)
    return _envelope(found, *_bounds(found, lower, upper))


def _envelope(found: Columns, low: Floats, high: Floats) -> BenefitOfTheDoubt:
    complete = ~np.isnan(found.values).any(axis=1)
    problems = [_gap(unit) for unit, whole in zip(found.units, complete, strict=True) if not whole]
    count = len(found.units), len(found.codes)
    scores, multipliers = np.full(count[0], np.nan), np.full(count, np.nan)
    peers: dict[str, Mapping[str, float]] = {}
    rows = np.flatnonzero(complete)
    scale = np.maximum(found.values[rows].max(axis=0, initial=0.0), 1e-300)
    for at, score, weight, limits in solve_units(found.values[rows] / scale, low, high):
        row = rows[at]
        scores[row], multipliers[row] = score, weight / scale
        names = {found.units[rows[j]]: value for j, value in limits.items()}
        peers[found.units[row]] = dict(sorted(names.items(), key=lambda item: -item[1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = multipliers * found.values / scores[:, None]
    shares[~(scores > 0)] = np.nan
    return BenefitOfTheDoubt(found.units, found.codes, scores, multipliers, shares, peers, tuple(problems))


def _bounds(found: Columns, lower: Bounds, upper: Bounds) -> tuple[Floats, Floats]:
    errors: list[Problem] = []
    ends: list[NDArray[np.float64]] = []
    for bound, default in ((lower, 0.0), (upper, 1.0)):
        if isinstance(bound, Mapping):
            errors += [unknown_code(code) for code in bound if code not in found.codes]
            ends.append(np.array([float(bound.get(code, default)) for code in found.codes]))
        else:
            ends.append(np.full(len(found.codes), float(bound)))
    low, high = ends
    errors += _bound_faults(found, low, high)
    errors += [_negative(found.units[i], found.codes[j]) for i, j in np.argwhere(found.values < 0)[:20]]
    if errors:
        raise InputError(errors)
    return low, high


def _bound_faults(found: Columns, low: Floats, high: Floats) -> Iterator[Problem]:
    inside = bool(np.all((low >= 0) & (low <= high) & (high <= 1)))
    if not inside or low.sum() > 1 + 1e-12 or high.sum() < 1 - 1e-12:
        yield Problem(
            "bad_share_bounds",
            msg(
                "No shares of %(count)s columns can lie within these bounds: the lower sum to %(low)g, the upper to %(high)g."
            ),
            msg("Give lower bounds that sum to at most 1 and upper bounds that sum to at least 1, each from 0 to 1."),
            {"count": len(found.codes), "low": float(low.sum()), "high": float(high.sum())},
        )


def _gap(unit: str) -> Problem:
    return Problem(
        "unit_with_gaps",
        msg("%(unit)s has missing cells: it gets no score here and limits nobody else."),
        msg("Fill the gaps first if it should be compared."),
        {"unit": unit},
        place=f"DATA {unit}",
        severity="warning",
    )


def _negative(unit: str, code: str) -> Problem:
    return Problem(
        "negative_value",
        msg("The value is negative; benefit of the doubt needs values of 0 or more."),
        msg("Use normalised values on a scale that starts at 0."),
        place=f"DATA {unit}, {code}",
    )
