"""Which pairs of product and hazard are reported more often together than by chance.

From reports to tables (:func:`count_pairs`), from tables to every measure of the field at once
(:func:`disproportionality`): PRR, ROR, chi², information component (shrinkage and BCPNN), EBGM with EB05 and EB95.
"""

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
from qualipolis.methods.signal.disproportionality.scores import Scores, disproportionality, p_values, per_stratum
from qualipolis.methods.signal.disproportionality.tables import Tables, all_cells, count_pairs, tables_of_counts
from qualipolis.methods.signal.disproportionality.theta import Theta, fit_theta, negative_log_likelihood, squash

__all__ = [
    "Posterior",
    "Ratio",
    "Scores",
    "Tables",
    "Theta",
    "all_cells",
    "bcpnn",
    "chi_square",
    "count_pairs",
    "disproportionality",
    "exact_tail",
    "fit_theta",
    "information_component",
    "negative_log_likelihood",
    "odds_ratio",
    "p_values",
    "per_stratum",
    "poisson_tail",
    "pooled_chi_square",
    "pooled_odds_ratio",
    "pooled_reporting_ratio",
    "reporting_ratio",
    "squash",
    "tables_of_counts",
]
