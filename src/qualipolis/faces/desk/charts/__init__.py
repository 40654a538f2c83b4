"""Charts as server-drawn SVG: they print, need no script, obey the strict CSP and stand beside a real table.

Every function returns safe markup and takes the spoken sentence as ``label``; see the components page for each of them.
"""

from qualipolis.faces.desk.charts.bars import Bar, contributions, signed, waterfall
from qualipolis.faces.desk.charts.clouds import Dot, distribution, quadrant
from qualipolis.faces.desk.charts.files import standalone
from qualipolis.faces.desk.charts.intervals import forest, interval_axis, interval_mark, interval_row
from qualipolis.faces.desk.charts.lines import Series, lines, sparkline, trend
from qualipolis.faces.desk.charts.tiers import Cell, cartogram, step_swatch

__all__ = [
    "Bar", "Cell", "Dot", "Series", "cartogram", "contributions", "distribution", "forest", "interval_axis", "interval_mark",
    "interval_row", "lines", "quadrant", "signed", "sparkline", "standalone", "step_swatch", "trend", "waterfall",
]  # fmt: skip
