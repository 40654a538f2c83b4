"""The result of an estimate: every domain with its error, interval, size and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qualipolis.methods.problems import msg
from qualipolis.methods.sampling.estimation.codes import Floats, Ints

if TYPE_CHECKING:
    import polars as pl

REASONS = {
    "no_rows": msg("no row of the sample lies in this domain"),
    "no_df": msg("its clusters are no more than its strata: no degrees of freedom, so no interval"),
    "few_rows": msg("fewer rows than the least number"),
    "few_effective": msg("the effective sample size is below the least number"),
    "few_df": msg("few degrees of freedom"),
    "large_error": msg("the relative standard error is large"),
    "very_large_error": msg("the relative standard error is too large"),
    "wide": msg("the interval is too wide"),
    "none_or_all": msg("none or all have the property: the bound comes from the effective sample size"),
    "no_variation": msg("all values agree, so the standard error is zero and says nothing"),
    "no_interval": msg("no interval could be computed"),
    "not_random": msg("not drawn at random: it describes the units checked, not the population"),
}


@dataclass(frozen=True)
class Thresholds:
    """When an estimate counts as reliable.

    Means, totals, ratios: ``caution`` above ``error``, ``unreliable`` above ``worst_error`` (relative standard error;
    Statistics Canada's usual bands). Proportions: ``unreliable`` with fewer than ``least`` effective cases, an
    interval as wide as ``widest``, or one wider than ``narrow`` that exceeds ``relative`` times the proportion (the
    presentation standards of NCHS, Vital and Health Statistics 2(175), 2017). Everywhere ``caution`` with fewer than
    ``least`` rows or ``least_df`` degrees of freedom.
    """

    error: float = 0.165
    worst_error: float = 0.333
    least: int = 30
    least_df: int = 8
    narrow: float = 0.05
    widest: float = 0.30
    relative: float = 1.30


USUAL = Thresholds()


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of one statistic for every domain.

    Parameters
    ----------
    statistic, variable : what was estimated
    domains : label of each domain; ``("all",)`` without domains
    estimate, se, low, high : (domains,); NaN where there is none
    deff : variance over that of a simple random sample of n without replacement
    n : rows that count; ``missing`` of the domain's rows did not, for want of a value
    df : degrees of freedom of the domain
    effective : effective sample size (proportions; NaN elsewhere)
    population : sum of the weights
    flags : ``reliable``, ``caution``, ``unreliable`` or ``none``
    reasons : keys of :data:`REASONS` for each domain
    level : confidence level; ``method`` of the interval
    purpose : why these rows were sampled, where the design tells
    """

    statistic: str
    variable: str
    domains: tuple[Any, ...]
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    deff: Floats
    n: Ints
    missing: Ints
    df: Ints
    effective: Floats
    population: Floats
    flags: tuple[str, ...]
    reasons: tuple[tuple[str, ...], ...]
    level: float = 0.95
    method: str = "t"
    purpose: str = ""
    thresholds: Thresholds = USUAL

    @property
    def relative_error(self) -> Floats:
        """Standard error over the absolute estimate."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.se / np.abs(self.estimate))

    @property
    def deff_replacement(self) -> Floats:
        """Design effect against a simple random sample with replacement."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.deff * (self.population - self.n) / self.population)

    def __len__(self) -> int:
        return len(self.domains)

    def __getitem__(self, domain: object) -> dict[str, Any]:
        """Return one domain as a row."""
        return self._row(self.domains.index(domain))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._row(i) for i in range(len(self.domains)))

    def _row(self, i: int) -> dict[str, Any]:
        numbers = {k: float(getattr(self, k)[i]) for k in ("estimate", "se", "low", "high", "deff", "effective")}
        counts = {k: int(getattr(self, k)[i]) for k in ("n", "missing", "df")}
        return {"domain": self.domains[i], **numbers, **counts, "flag": self.flags[i], "reasons": self.reasons[i]}

    def to_frame(self) -> pl.DataFrame:
        """Return statistic, variable, domain, estimate, se, low, high, deff, effective, n, missing, df, flag, reasons."""
        import polars as pl

        rows = [{**row, "domain": str(row["domain"]), "reasons": "; ".join(row["reasons"])} for row in self]
        head = [pl.lit(self.statistic).alias("statistic"), pl.lit(self.variable).alias("variable")]
        frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.selectors.float().fill_nan(None))
        return frame.select(*head, pl.all())

    def __repr__(self) -> str:
        lines = [f"{self.statistic} {self.variable} ({self.level:.0%} interval, {self.method})".replace("  ", " ")]
        for row in list(self)[:30]:
            text = (
                f"  {row['domain']}: {row['estimate']:.6g} (se {row['se']:.4g}) [{row['low']:.6g}, {row['high']:.6g}]"
            )
            lines.append(f"{text} n {row['n']}, df {row['df']}, {row['flag']}")
        return "\n".join(lines)
