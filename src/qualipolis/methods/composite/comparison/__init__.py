"""Comparison and explanation of results: versions, removals, exact parts, what would move a score, peers, outside links."""

from qualipolis.methods.composite.comparison.adjust import add_indicators, drop_indicators
from qualipolis.methods.composite.comparison.comparable import peers
from qualipolis.methods.composite.comparison.decomposition import change, contributions, difference
from qualipolis.methods.composite.comparison.external import Link, link_to_external
from qualipolis.methods.composite.comparison.gains import Gain, Gains, Lever, marginal_gains
from qualipolis.methods.composite.comparison.parts import Decomposition, Part
from qualipolis.methods.composite.comparison.removal import Removal, remove_elements
from qualipolis.methods.composite.comparison.results import results_table
from qualipolis.methods.composite.comparison.trial import what_if
from qualipolis.methods.composite.comparison.versions import compare, compare_correlation, compare_many

__all__ = [
    "Decomposition",
    "Gain",
    "Gains",
    "Lever",
    "Link",
    "Part",
    "Removal",
    "add_indicators",
    "change",
    "compare",
    "compare_correlation",
    "compare_many",
    "contributions",
    "difference",
    "drop_indicators",
    "link_to_external",
    "marginal_gains",
    "peers",
    "remove_elements",
    "results_table",
    "what_if",
]
