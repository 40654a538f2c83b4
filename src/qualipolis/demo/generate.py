"""Put the synthetic city together: tables as they would be seen, and the truth they were drawn from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from qualipolis.city.measure.catalogue import BY_CODE, CATALOGUE_VERSION
from qualipolis.demo.bodies import Bodies, make_bodies
from qualipolis.demo.figures import Figures, make_figures, statistics_frame
from qualipolis.demo.firms import make_firms, make_officers
from qualipolis.demo.levels import DIMENSIONS, Levels, batch_plan, city_pass_rate, make_levels, with_values
from qualipolis.demo.observed import Parts, make_observations, room_parts
from qualipolis.demo.places import Places, make_places
from qualipolis.demo.records import make_complaints, make_patents, make_samples
from qualipolis.demo.scale import SCALES, YEARS
from qualipolis.demo.supervision_facts import strict_laboratory

VETO_REASON = ("演示事件：一起系统性产品质量安全事件", "Demo event: one systemic product-safety incident")


@dataclass(frozen=True)
class Truth:
    """What the tables were drawn from. Kept beside the city as truth.json; never shown as data.

    Levels are 0 to 100 by unit, then year. ``pass_rate`` is the true rate of random batches of the whole place.
    """

    seed: int
    scale: str
    catalogue: str
    years: tuple[int, ...]
    units: tuple[str, ...]
    dimensions: dict[str, list[list[float]]]
    composite: list[list[float]]
    rank: list[list[int]]
    pass_rate: dict[int, float]
    unit_pass_rate: list[list[float]]
    planted: dict[str, object]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True)
class CityTables:
    """Everything of a synthetic city as frames; every row says that it is synthetic or belongs to one that does."""

    cities: pl.DataFrame
    units: pl.DataFrame
    clusters: pl.DataFrame
    enterprises: pl.DataFrame
    products: pl.DataFrame
    institutions: pl.DataFrame
    qualifications: pl.DataFrame
    scope_items: pl.DataFrame
    standards: pl.DataFrame
    quality_officers: pl.DataFrame
    samples: pl.DataFrame
    complaints: pl.DataFrame
    patents: pl.DataFrame
    statistics: pl.DataFrame
    observations: pl.DataFrame
    withheld: pl.DataFrame
    vetoes: pl.DataFrame
    truth: Truth

    def frames(self) -> dict[str, pl.DataFrame]:
        """Frames by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "truth"}

    def digest(self) -> str:
        """SHA-256 over every cell of every table, in order."""
        total = hashlib.sha256()
        for name, frame in self.frames().items():
            total.update(name.encode())
            total.update(frame.write_csv().encode())
        return total.hexdigest()


def generate(seed: int, scale: str = "city", today: date = date(YEARS[-1], 12, 31)) -> CityTables:
    """Return the synthetic place of this seed; the same seed and day give the same cells.

    ``today`` is the day until which the institutions have renewed their certificates; nothing else depends on it.
    """
    size = SCALES[scale]
    places = make_places(seed, size)
    levels = make_levels(seed, places, size)
    firms = make_firms(seed, places, size)
    officers, active = make_officers(seed, places, firms, levels, size)
    bodies = make_bodies(seed, places, firms, levels, size, today)
    figures = make_figures(seed, places, firms, levels)
    samples = make_samples(seed, places, firms, levels, size)
    complaints = make_complaints(seed, places, firms, levels)
    patents = make_patents(seed, places, levels)
    parts = room_parts(places, samples, complaints) | _register_parts(places, figures, bodies, active, patents)
    levels = _with_registers(levels, parts, figures)
    observations, withheld = make_observations(seed, places, parts, figures)
    return CityTables(
        cities=places.cities,
        units=places.frame,
        clusters=firms.clusters,
        enterprises=firms.enterprises,
        products=firms.products,
        institutions=bodies.institutions,
        qualifications=bodies.qualifications,
        scope_items=bodies.scope_items,
        standards=bodies.standards,
        quality_officers=officers,
        samples=samples,
        complaints=complaints,
        patents=patents,
        statistics=statistics_frame(places, figures),
        observations=observations,
        withheld=withheld,
        vetoes=_vetoes(places),
        truth=_truth(seed, scale, places, levels, bodies, batch_plan(places, size.samples_random)),
    )


def _register_parts(
    places: Places, figures: Figures, bodies: Bodies, active: np.ndarray, patents: pl.DataFrame
) -> dict[str, Parts]:
    valid = patents["valid"].to_numpy().reshape(places.count, len(YEARS)).astype(float)
    return {
        "MB02": (active.astype(float), figures.shared["above_scale_firms"]),
        "MB06": (valid, places.population),
        "NI06": (bodies.laboratories, figures.shared["industrial_firms"]),
        "NI08": (bodies.centres, None),
    }


def _with_registers(levels: Levels, parts: dict[str, Parts], figures: Figures) -> Levels:
    """What is a full count is its own truth: officers, laboratories, centres, incidents."""
    for code in ("MB02", "NI06"):
        top, bottom = parts[code]
        rate = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
        levels = with_values(levels, code, BY_CODE[code].factor * rate)
    levels = with_values(levels, "NI08", parts["NI08"][0])
    return with_values(levels, "SR06", figures.top["SR06"])


def _vetoes(places: Places) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit": [places.frame["code"][places.incident]],
            "year": [2018],
            "document": ["云汀质领〔2018〕演1号"],
            "reason_zh": [VETO_REASON[0]],
            "reason_en": [VETO_REASON[1]],
            "synthetic": [True],
        }
    )


def _truth(seed: int, scale: str, places: Places, levels: Levels, bodies: Bodies, plan: np.ndarray) -> Truth:
    composite = levels.composite()
    rank = 1 + (composite[None, :, :] > composite[:, None, :] + 1e-9).sum(axis=1)
    rates = levels.of("PQ01")
    code = places.frame["code"].to_list()
    planted: dict[str, object] = {
        "tie": [code[u] for u in places.twins],
        "tie_year": YEARS[-1],
        "tiny": code[places.tiny],
        "late": [code[u] for u in places.late],
        "incident": code[places.incident],
        "incident_year": 2018,
        "strict_laboratory": strict_laboratory(bodies.institutions),
        "stated_pass_rate": {year: round(city_pass_rate(year), 2) for year in YEARS},
    }
    return Truth(
        seed=seed,
        scale=scale,
        catalogue=CATALOGUE_VERSION,
        years=YEARS,
        units=tuple(code),
        dimensions={d: np.round(100 * levels.dimension(d), 6).tolist() for d in DIMENSIONS},
        composite=np.round(composite, 6).tolist(),
        rank=rank.tolist(),
        pass_rate={y: float(np.average(rates[:, t], weights=plan)) for t, y in enumerate(YEARS)},
        unit_pass_rate=np.round(rates, 4).tolist(),
        planted=planted,
    )
