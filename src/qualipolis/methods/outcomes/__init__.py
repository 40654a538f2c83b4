"""What came of a treatment: matched comparisons, waiting times that have not ended, and how evenly work is spread."""

from qualipolis.methods.outcomes.gini import gini
from qualipolis.methods.outcomes.matching import Balance, Matched, matched_difference
from qualipolis.methods.outcomes.suppression import Suppressed, suppress
from qualipolis.methods.outcomes.waiting import Wait, median_wait

__all__ = ["Balance", "Matched", "Suppressed", "Wait", "gini", "matched_difference", "median_wait", "suppress"]
