"""Small areas: estimates that borrow strength, beta-binomial for shares and Fay-Herriot for means."""

from __future__ import annotations

from qualipolis.methods.sampling.small_areas.beta_binomial import BetaBinomial, Hierarchy, beta_binomial, hierarchy
from qualipolis.methods.sampling.small_areas.fay_herriot import FayHerriot, fay_herriot

__all__ = ["BetaBinomial", "FayHerriot", "Hierarchy", "beta_binomial", "fay_herriot", "hierarchy"]
