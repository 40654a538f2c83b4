"""Yearly figures of the units: shared denominators, and numerator and denominator of what other departments report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qualipolis.city.measure.catalogue import BY_CODE, INDICATORS
from qualipolis.demo.firms import Firms
from qualipolis.demo.levels import COLUMN, Levels
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS
from qualipolis.demo.streams import stream

# denominators of their own: cases in a year, as (least, per 100 firms)
_CASES = {
    "PQ07": (40, 60.0),
    "PQ09": (25, 8.0),
    "PQ10": (0, 0.35),
    "SR05": (60, 20.0),
    "SR08": (6, 12.0),
    "EF03": (3, 8.0),
    "EF04": (4, 10.0),
    "NI02": (80, 900.0),
    "NI07": (2, 2.0),
    "NI09": (30, 90.0),
    "NI11": (4, 14.0),
    "GV01": (16, 0.0),
}
_SHARED = {
    "EF01": "employees",
    "EF02": "industrial_value_added",
    "NI14": "employees",
    "NI04": "producing_firms",
    "MB03": "firms",
    "NI03": "firms",
    "NI10": "firms",
    "NI13": "firms",
    "SR07": "special_equipment",
}
_BINOMIAL = ("PQ07", "PQ08", "PQ10", "SR08", "EF03", "NI02", "NI04", "NI07", "NI10", "GV01")


@dataclass(frozen=True)
class Figures:
    """``shared`` and ``top``/``bottom`` hold (unit, year) arrays; ``value`` those given as they are (medians)."""

    shared: dict[str, np.ndarray]
    top: dict[str, np.ndarray]
    bottom: dict[str, np.ndarray]
    value: dict[str, np.ndarray]


def make_figures(seed: int, places: Places, firms: Firms, levels: Levels) -> Figures:
    """Return every figure; the year of a unit has one stream."""
    shape = (places.count, len(YEARS))
    shared = _register_figures(places, firms)
    codes = [i.code for i in INDICATORS if i.source_room is None]
    figures = Figures(shared, {c: np.zeros(shape) for c in codes}, {}, {"NI11": np.zeros(shape)})
    for code in codes:
        if BY_CODE[code].denominator is not None:
            figures.bottom[code] = np.zeros(shape)
    for name in ("industrial_value_added", "special_equipment"):
        shared[name] = np.zeros(shape)
    for u in range(places.count):
        for t in range(len(YEARS)):
            rng = stream(seed, "figures", int(places.key[u, t]), YEARS[t])
            _year(rng, figures, levels.values[u, t], (u, t))
    figures.top["SR06"][places.incident, YEARS.index(2018)] = 1
    return figures


def _register_figures(places: Places, firms: Firms) -> dict[str, np.ndarray]:
    """Counts from the register of enterprises, for firms that existed at the end of each year."""
    start = firms.starts[:-1]
    manufacturing = firms.employees % 20 != 0
    shared: dict[str, np.ndarray] = {"population": places.population}
    columns: dict[str, np.ndarray] = {
        "firms": np.ones(len(firms.employees)),
        "industrial_firms": np.ones(len(firms.employees)),
        "producing_firms": manufacturing,
        "employees": firms.employees * firms.above,
    }
    for name, weight in columns.items():
        by_year = [np.add.reduceat(weight * (firms.established <= year), start) for year in YEARS]
        shared[name] = np.stack(by_year, axis=1).astype(float)
    # the register keeps no founding day, so above-scale firms are those it holds today, in every year
    shared["above_scale_firms"] = np.repeat(np.add.reduceat(firms.above.astype(float), start)[:, None], len(YEARS), 1)
    return shared


def _year(rng: np.random.Generator, figures: Figures, values: np.ndarray, at: tuple[int, int]) -> None:
    """Draw the figures of one unit and year, in a fixed order."""
    shared, top, bottom = figures.shared, figures.top, figures.bottom
    firms = shared["firms"][at]
    productivity = values[COLUMN["EF01"]] * np.exp(rng.normal(0, 0.01))
    shared["industrial_value_added"][at] = np.rint(shared["employees"][at] * productivity / 1e4)
    shared["special_equipment"][at] = 60 + rng.poisson(18 * firms)
    for code in top:
        indicator, value = BY_CODE[code], float(values[COLUMN[code]])
        if indicator.kind == "count":
            top[code][at] = 0 if code == "SR06" else np.rint(max(0.0, value + rng.normal(0, 0.3 * np.sqrt(value + 1))))
            continue
        cases = _cases(rng, code, figures, at)
        bottom[code][at] = cases
        if code == "NI11":
            figures.value[code][at] = round(max(0.5, value + rng.normal(0, 2.5 / np.sqrt(max(cases, 1)))), 1)
        else:
            top[code][at] = _top(rng, code, value, cases)


def _cases(rng: np.random.Generator, code: str, figures: Figures, at: tuple[int, int]) -> float:
    if code == "PQ08":
        return figures.bottom["PQ07"][at] - figures.top["PQ07"][at]
    if code in _SHARED:
        return float(figures.shared[_SHARED[code]][at])
    if code == "NI12":
        return float(np.rint(80 + 0.6 * figures.shared["firms"][at] * np.exp(rng.normal(0, 0.2))))
    least, share = _CASES[code]
    return float(least + rng.poisson(share * figures.shared["firms"][at] / 100))


def _top(rng: np.random.Generator, code: str, value: float, cases: float) -> float:
    """Numerator drawn around the true value: binomial, Poisson, survey mean, matched pairs or money."""
    factor = BY_CODE[code].factor
    if code in _BINOMIAL:
        return float(rng.binomial(int(cases), min(1.0, max(0.0, value / factor))))
    if code == "EF01":
        return float(np.rint(cases * value / factor * np.exp(rng.normal(0, 0.01))))
    if code == "PQ09":
        return round(cases * min(1.0, value / factor + rng.normal(0, 0.2 / np.sqrt(cases))), 2)
    if code == "SR05":
        return round(cases * min(100.0, value + rng.normal(0, 14 / np.sqrt(cases))), 1)
    if code == "EF04":
        return float(np.rint(cases * value / factor + rng.normal(0, 0.6 * np.sqrt(cases))))
    if code == "NI09":
        return float(np.rint(cases * (value / factor + rng.normal(0, 0.01))))
    if code in ("EF02", "NI12", "NI13"):
        return float(np.rint(cases * value / factor * np.exp(rng.normal(0, 0.015))))
    return float(rng.poisson(cases * value / factor))


def statistics_frame(places: Places, figures: Figures) -> pl.DataFrame:
    """The shared figures as rows (unit, year, key, value)."""
    units, years = places.frame["code"].to_list(), list(YEARS)
    frames = [
        pl.DataFrame(
            {
                "unit": np.repeat(units, len(years)),
                "year": np.tile(years, len(units)),
                "key": [key] * (len(units) * len(years)),
                "value": array.ravel(),
            }
        )
        for key, array in figures.shared.items()
    ]
    return pl.concat(frames).with_columns(synthetic=pl.lit(True))
