"""Control charts: what is plotted, its centre line, its limits, and the signals of its rules."""

from qualipolis.methods.spc.charts.correlated import (
    FirstOrder,
    ForecastChart,
    first_order,
    residual_chart,
    wandering_chart,
)
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
from qualipolis.methods.spc.charts.short_run import (
    PartEstimate,
    ShortRunChart,
    nominal_chart,
    standardised_chart,
    standardised_range_chart,
)
from qualipolis.methods.spc.charts.trend import TrendChart, trend_chart
from qualipolis.methods.spc.charts.variables import Subgroups, deviation_chart, range_chart, within_sigma, xbar_chart
from qualipolis.methods.spc.charts.weighted import CusumChart, cusum_chart, ewma_chart

__all__ = [
    "ControlChart",
    "CusumChart",
    "Dispersion",
    "FirstOrder",
    "ForecastChart",
    "Limits",
    "MultivariateChart",
    "PartEstimate",
    "ShortRunChart",
    "Subgroups",
    "TrendChart",
    "c_chart",
    "cusum_chart",
    "deviation_chart",
    "dispersion",
    "ewma_chart",
    "first_order",
    "g_chart",
    "individual_sigma",
    "individuals_chart",
    "mewma_chart",
    "moving_range_chart",
    "moving_ranges",
    "nominal_chart",
    "np_chart",
    "p_chart",
    "range_chart",
    "residual_chart",
    "standardised_chart",
    "standardised_range_chart",
    "t2_chart",
    "t_chart",
    "trend_chart",
    "u_chart",
    "wandering_chart",
    "within_sigma",
    "xbar_chart",
]
