"""Control charts: what is plotted, its centre line, its limits, and the signals of its rules."""

from qualipolis.methods.spc.charts.counts import Dispersion, c_chart, dispersion, np_chart, p_chart, u_chart
from qualipolis.methods.spc.charts.individuals import (
    individual_sigma,
    individuals_chart,
    moving_range_chart,
    moving_ranges,
)
from qualipolis.methods.spc.charts.multivariate import MultivariateChart, mewma_chart, t2_chart
from qualipolis.methods.spc.charts.rare import g_chart, t_chart
from qualipolis.methods.spc.charts.result import ControlChart, Limits
from qualipolis.methods.spc.charts.variables import Subgroups, deviation_chart, range_chart, within_sigma, xbar_chart
from qualipolis.methods.spc.charts.weighted import CusumChart, cusum_chart, ewma_chart

__all__ = [
    "ControlChart",
    "CusumChart",
    "Dispersion",
    "Limits",
    "MultivariateChart",
    "Subgroups",
    "c_chart",
    "cusum_chart",
    "deviation_chart",
    "dispersion",
    "ewma_chart",
    "g_chart",
    "individual_sigma",
    "individuals_chart",
    "mewma_chart",
    "moving_range_chart",
    "moving_ranges",
    "np_chart",
    "p_chart",
    "range_chart",
    "t2_chart",
    "t_chart",
    "u_chart",
    "within_sigma",
    "xbar_chart",
]
