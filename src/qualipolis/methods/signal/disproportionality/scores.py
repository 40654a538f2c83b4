"""All measures of disproportionality of all pairs in one table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.disproportionality.information import bcpnn, information_component
from qualipolis.methods.signal.disproportionality.mixture import Posterior
from qualipolis.methods.signal.disproportionality.ratios import (
    Ratio,
    chi_square,
    exact_tail,
    odds_ratio,
    poisson_tail,
    pooled_chi_square,
    pooled_odds_ratio,
    pooled_reporting_ratio,
    reporting_ratio,
)
from qualipolis.methods.signal.disproportionality.tables import Floats, Tables
from qualipolis.methods.signal.disproportionality.theta import Theta, fit_theta, tells_a_prior

if TYPE_CHECKING:
    import polars as pl

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Scores:
    """One row a pair. Names as the field writes them; ``_low``/``_high`` end intervals (95 %, IC 95 % credible).

    ``E`` expected count, ``RR = n/E``; ``chi2`` Pearson, ``chi2_yates`` with Yates' correction; ``IC_bcpnn`` with its
    variance and lower limit; ``IC``, ``IC025``, ``IC975`` by shrinkage; ``Qn`` weight of the first component; ``EBGM``
    with its 5 % and 95 % points. NaN: not defined for this pair (or no prior could be learnt); never 0 instead.
    With ``stratified`` the ratios are those of Mantel and Haenszel, chi² that of Cochran, Mantel and Haenszel, E the sum
    over strata; IC_bcpnn has no stratified form and is NaN.
    """

    tables: Tables
    theta: Theta | None
    stratified: bool
    n: Floats
    E: Floats
    RR: Floats
    PRR: Floats
    PRR_low: Floats
    PRR_high: Floats
    ROR: Floats
    ROR_low: Floats
    ROR_high: Floats
    chi2: Floats
    chi2_yates: Floats
    IC_bcpnn: Floats
    IC_bcpnn_var: Floats
    IC_bcpnn_low: Floats
    IC: Floats
    IC025: Floats
    IC975: Floats
    Qn: Floats
    EBGM: Floats
    EB05: Floats
    EB95: Floats
    null: Floats
    """The posterior probability that the pair is reported no more often than by chance (λ ≤ 1)."""

    def __len__(self) -> int:
        return len(self.n)

    @property
    def prr_flag(self) -> Flags:
        """n ≥ 3, PRR ≥ 2 and χ² (Yates) ≥ 4 (Evans, Waller and Davis, 2001)."""
        return (self.n >= 3) & (self.PRR >= 2) & (self.chi2_yates >= 4)

    @property
    def ic_flag(self) -> Flags:
        """The lower end of the interval of the IC lies above 0."""
        return self.IC025 > 0

    @property
    def eb05_flag(self) -> Flags:
        """EB05 is at least 2."""
        return self.EB05 >= 2

    def to_frame(self) -> pl.DataFrame:
        """Return one row a pair: left, right and every column."""
        import polars as pl

        names = {"left": list(self.tables.left), "right": list(self.tables.right)} if self.tables.left else {}
        columns = {one.name: getattr(self, one.name) for one in fields(self)[3:]}
        flags = {name: getattr(self, name) for name in ("prr_flag", "ic_flag", "eb05_flag")}
        return pl.DataFrame(names | columns | flags, strict=False)

    def __repr__(self) -> str:
        kind = "stratified, " if self.stratified else ""
        counts = (int(flag.sum()) for flag in (self.prr_flag, self.ic_flag, self.eb05_flag))
        return "Scores({:,} pairs, {}flagged: PRR {:,}, IC {:,}, EB05 {:,})".format(len(self), kind, *counts)


def disproportionality(
    tables: Tables,
    strata: Mapping[Hashable, Tables] | Sequence[Tables] | None = None,
    theta: Theta | Sequence[float] | None = None,
) -> Scores:
    """Return every measure of every pair (see :class:`Scores`; each formula stands with its own function).

    Parameters
    ----------
    tables : the pairs
    strata : the same pairs within each stratum; None takes those of ``tables``, empty means not stratified
    theta : the prior (or α₁, β₁, α₂, β₂, P); None learns it from these pairs, where at least ten were reported:
        and one more than once: otherwise Qn, EBGM, EB05, EB95 and null are NaN

    Raises
    ------
    InputError
        strata with other pairs than the whole, a prior out of range

    >>> scores = disproportionality(Tables([8, 0], [2, 5], [10, 9], [180, 186]), theta=(3.25, 0.4, 2.03, 1.91, 0.065))
    >>> scores.PRR.round(2).tolist(), scores.EB05.round(3).tolist(), scores.eb05_flag.tolist()
    ([15.2, 0.0], [3.502, 0.174], [True, False])
    """
    layers = list(_layers(tables, strata))
    expected = np.sum([one.expected for one in layers], axis=0) if layers else tables.expected
    if theta is None:
        theta = fit_theta(tables.a, expected) if tells_a_prior(tables.a) else None
    elif not isinstance(theta, Theta):
        theta = _given(theta)
    if layers:
        prr, ror = pooled_reporting_ratio(layers), pooled_odds_ratio(layers)
        chi2, yates = pooled_chi_square(layers), pooled_chi_square(layers, corrected=True)
        net = (np.full(len(tables), np.nan),) * 3
    else:
        prr, ror = reporting_ratio(tables), odds_ratio(tables)
        chi2, yates = chi_square(tables), chi_square(tables, corrected=True)
        net = bcpnn(tables)
    ic = information_component(tables.a, expected)
    with np.errstate(all="ignore"):
        rate = tables.a / expected
    known = (tables.a, expected, rate, *_columns(prr), *_columns(ror), chi2, yates, *net, *_columns(ic))
    return Scores(tables, theta, bool(layers), *known, *_shrunk(tables.a, expected, theta))


def per_stratum(tables: Tables, theta: Theta | Sequence[float] | None = None) -> dict[Hashable, Scores]:
    """Return the scores of the pairs within each stratum, by stratum: does the signal stand in all of them?

    >>> counted = Tables([4, 1], [1, 2], [2, 3], [9, 8])
    >>> split = Tables(counted.a, counted.b, counted.c, counted.d, strata={"shop": counted})
    >>> per_stratum(split)["shop"].n.tolist()
    [4.0, 1.0]
    """
    return {key: disproportionality(one, theta=theta) for key, one in tables.strata.items()}


def p_values(scores: Scores, method: Literal["poisson", "exact", "posterior"] | None = None) -> Floats:
    """Return how probable so many reports of each pair are by chance, for the control of false discoveries.

    ``exact`` is Fisher's one-sided p given the margins (the default without strata), ``poisson`` is ``P(X ≥ n)`` for a
    Poisson count with mean E (the default with strata; with margins that are small beside N nearly the same),
    ``posterior`` is P(λ ≤ 1) under the prior, a Bayesian local null probability rather than a p-value. Pairs nobody
    reported have p = 1; count them among the hypotheses when the control shall hold over all possible pairs.

    >>> scores = disproportionality(Tables([8, 0], [2, 5], [10, 9], [180, 186]))
    >>> p_values(scores).round(9).tolist(), p_values(scores, "poisson").round(6).tolist()
    ([3.2e-08, 1.0], [5e-06, 1.0])
    """
    chosen = method or ("poisson" if scores.stratified else "exact")
    if chosen == "exact" and not scores.stratified:
        return exact_tail(scores.tables)
    if chosen == "poisson":
        return poisson_tail(scores.n, scores.E)
    if chosen == "posterior":
        return scores.null
    what = msg("There is no p-value called %(method)s for these scores.")
    remedy = msg("Choose poisson or posterior, or exact without strata.")
    refuse([Problem("unknown_method", what, remedy, {"method": chosen}, "method")])
    raise AssertionError


def _layers(tables: Tables, strata: Mapping[Hashable, Tables] | Sequence[Tables] | None) -> Sequence[Tables]:
    given = tables.strata if strata is None else strata
    layers = list(given.values()) if isinstance(given, Mapping) else list(given)
    Tables(tables.a, tables.b, tables.c, tables.d, strata=dict(enumerate(layers)))
    return layers


def _given(theta: Sequence[float]) -> Theta:
    if len(theta) != 5:
        what = msg("The prior needs four numbers above 0 and a share between 0 and 1.")
        refuse([Problem("bad_prior", what, msg("Give alpha1, beta1, alpha2, beta2, p in this order."), place="theta")])
    alpha1, beta1, alpha2, beta2, p = (float(x) for x in theta)
    return Theta(alpha1, beta1, alpha2, beta2, p)


def _columns(ratio: Ratio) -> tuple[Floats, Floats, Floats]:
    return ratio.estimate, ratio.low, ratio.high


def _shrunk(n: Floats, expected: Floats, theta: Theta | None) -> tuple[Floats, ...]:
    """Return Qn, EBGM, EB05, EB95 and the null probability."""
    if theta is None:
        return (np.full(len(n), np.nan),) * 5
    posterior = Posterior(n, expected, theta)
    ends = (posterior.quantile(0.05), posterior.quantile(0.95))
    return posterior.weight, posterior.geometric_mean(), *ends, posterior.below(1.0)
