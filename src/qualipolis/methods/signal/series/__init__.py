"""Outbreaks in counts over time: from the last seven weeks to regressions on years, for one series or thousands.

Counts in ``(series, weeks)``, :class:`Alarms` out, of the same shape. Every detector reads only weeks before the one it
judges. Pick by history: a few weeks :func:`bayes` or :func:`ears`; a year :func:`seasonal`; three years or more
:func:`farrington_flexible`; slow rises :func:`cusum` and :func:`glr_poisson`.
"""

from qualipolis.methods.signal.series.counts import Alarms
from qualipolis.methods.signal.series.cusum import CusumDesign, cusum, cusum_rossi, design
from qualipolis.methods.signal.series.detect import DETECTORS, detect
from qualipolis.methods.signal.series.ears import ears
from qualipolis.methods.signal.series.farrington import farrington, farrington_flexible
from qualipolis.methods.signal.series.glr import glr_poisson
from qualipolis.methods.signal.series.nowcast import Nowcast, nowcast
from qualipolis.methods.signal.series.reference_window import bayes, rki
from qualipolis.methods.signal.series.seasonal import feast_effects, seasonal
from qualipolis.methods.signal.series.weekly import WeeklyCounts, mondays, weekly_counts

__all__ = [
    "DETECTORS",
    "Alarms",
    "CusumDesign",
    "Nowcast",
    "WeeklyCounts",
    "bayes",
    "cusum",
    "cusum_rossi",
    "design",
    "detect",
    "ears",
    "farrington",
    "farrington_flexible",
    "feast_effects",
    "glr_poisson",
    "mondays",
    "nowcast",
    "rki",
    "seasonal",
    "weekly_counts",
]
