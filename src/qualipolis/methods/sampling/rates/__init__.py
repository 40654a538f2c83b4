"""Pass rates of supervision sampling: the market's estimate by domain, change between years, funnel limits, power."""

from __future__ import annotations

from qualipolis.methods.sampling.rates.change import Change, Trend, change, trend
from qualipolis.methods.sampling.rates.domains import Rates, rate_by_domain
from qualipolis.methods.sampling.rates.funnel import funnel_limits
from qualipolis.methods.sampling.rates.power import Power, power_of_line

__all__ = ["Change", "Power", "Rates", "Trend", "change", "funnel_limits", "power_of_line", "rate_by_domain", "trend"]
