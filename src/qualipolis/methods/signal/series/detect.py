"""One door to all detectors, by name."""

from __future__ import annotations

from collections.abc import Callable

from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Alarms
from qualipolis.methods.signal.series.cusum import cusum, cusum_rossi
from qualipolis.methods.signal.series.ears import ears
from qualipolis.methods.signal.series.farrington import farrington, farrington_flexible
from qualipolis.methods.signal.series.glr import glr_poisson
from qualipolis.methods.signal.series.reference_window import bayes, rki
from qualipolis.methods.signal.series.seasonal import seasonal


def _ears(method: str) -> Callable[..., Alarms]:
    def judge(counts: ArrayLike, **settings: object) -> Alarms:
        return ears(counts, method=method, **settings)  # type: ignore[arg-type]

    return judge


DETECTORS: dict[str, Callable[..., Alarms]] = {
    "ears_c1": _ears("C1"),
    "ears_c2": _ears("C2"),
    "ears_c3": _ears("C3"),
    "farrington": farrington,
    "farrington_flexible": farrington_flexible,
    "bayes": bayes,
    "rki": rki,
    "cusum": cusum,
    "cusum_rossi": cusum_rossi,
    "glr_poisson": glr_poisson,
    "seasonal": seasonal,
}


def detect(counts: ArrayLike, method: str = "bayes", **settings: object) -> Alarms:
    """Judge the counts with the detector of that name; ``settings`` are its own.

    >>> detect([1, 0, 2, 1, 1, 0, 6], "bayes", alpha=0.01).n_alarms
    1
    """
    refuse([None if method in DETECTORS else _unknown(method)])
    return DETECTORS[method](counts, **settings)


def _unknown(method: str) -> Problem:
    return Problem(
        "unknown_method",
        msg("%(name)s is no known method."),
        msg("Give one of: %(known)s."),
        {"name": method, "known": ", ".join(DETECTORS)},
        place="method",
    )
