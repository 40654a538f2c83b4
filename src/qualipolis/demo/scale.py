"""How large the synthetic place is. The magnitudes of a city are the published ones; a province is 21 such cities."""

from __future__ import annotations

from dataclasses import dataclass

YEARS = (2016, 2017, 2018, 2019, 2020, 2021)


@dataclass(frozen=True)
class Scale:
    """Sizes of the place. ``bodies`` are counts by kind; ``output`` is the yearly output of a cluster, CNY 100 million."""

    name: str
    cities: int
    units: int
    enterprises: int
    population: float
    bodies: dict[str, int]
    officers: int
    samples_random: int
    samples_risk: int
    products_per_firm: float
    scope_per_lab: int
    output: dict[str, float]


_BODIES = {"national_centre": 8, "metrology_centre": 1, "provincial_station": 18, "certifier": 21, "laboratory": 393}
_OUTPUT = {"electronics": 10_300.0, "equipment": 2_600.0, "materials": 1_350.0, "food": 1_150.0, "textiles": 1_700.0}

CITY = Scale(
    name="city",
    cities=1,
    units=33,
    enterprises=12_000,
    population=10.5e6,
    bodies=_BODIES,
    officers=1_970,
    samples_random=1_600,
    samples_risk=400,
    products_per_firm=1.5,
    scope_per_lab=12,
    output=_OUTPUT,
)

PROVINCE = Scale(
    name="province",
    cities=21,
    units=1_600,
    enterprises=250_000,
    population=120e6,
    bodies={kind: 21 * count for kind, count in _BODIES.items()},
    officers=21 * 1_970,
    samples_random=21 * 1_600,
    samples_risk=21 * 400,
    products_per_firm=0.2,
    scope_per_lab=3,
    output={cluster: 21 * value for cluster, value in _OUTPUT.items()},
)

SCALES = {scale.name: scale for scale in (CITY, PROVINCE)}
