"""Charts as server-drawn SVG: they print, need no script, obey the strict CSP and stand beside a real table.

Every function returns safe markup and takes the spoken sentence as ``label``; see the components page for each of them.
"""

from qualipolis.faces.desk.charts.bars import Bar, contributions, merged, signed, waterfall
from qualipolis.faces.desk.charts.clouds import Dot, distribution, quadrant
from qualipolis.faces.desk.charts.compare import Influence, Slope, importance, slopes
from qualipolis.faces.desk.charts.files import standalone
from qualipolis.faces.desk.charts.funnel import Limits, Spot, funnel
from qualipolis.faces.desk.charts.heat import HeatRow, acceptability, correlation_map, heat_map
from qualipolis.faces.desk.charts.intervals import forest, interval_axis, interval_mark, interval_row
from qualipolis.faces.desk.charts.keys import diverging_key, marker_key, sequential_key
from qualipolis.faces.desk.charts.lines import Series, lines, sparkline, trend
from qualipolis.faces.desk.charts.multiples import Panel, Run, convergence, small_multiples
from qualipolis.faces.desk.charts.pareto import Heap, cumulative, pareto
from qualipolis.faces.desk.charts.rates import YearRate, rate_series
from qualipolis.faces.desk.charts.scatter import Point, scatter
from qualipolis.faces.desk.charts.sunburst import SunNode, sunburst
from qualipolis.faces.desk.charts.tiers import Cell, cartogram, step_swatch

__all__ = [
    "Bar",
    "Cell",
    "Dot",
    "Heap",
    "HeatRow",
    "Influence",
    "Limits",
    "Panel",
    "Point",
    "Run",
    "Series",
    "Slope",
    "Spot",
    "SunNode",
    "YearRate",
    "acceptability",
    "cartogram",
    "contributions",
    "convergence",
    "correlation_map",
    "cumulative",
    "distribution",
    "diverging_key",
    "forest",
    "funnel",
    "heat_map",
    "importance",
    "interval_axis",
    "interval_mark",
    "interval_row",
    "lines",
    "marker_key",
    "merged",
    "pareto",
    "quadrant",
    "rate_series",
    "scatter",
    "sequential_key",
    "signed",
    "slopes",
    "small_multiples",
    "sparkline",
    "standalone",
    "step_swatch",
    "sunburst",
    "trend",
    "waterfall",
]  # fmt: skip
