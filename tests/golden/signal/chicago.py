"""The food inspections of Chicago as features without the inspector: what is learnt from, and what is to be ranked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from qualipolis.methods.signal.ranking import past_record

LICENCES = [
    "consumption_on_premises_incidental_activity",
    "tobacco_retail_over_counter",
    "package_goods",
    "limited_business_license",
    "outdoor_patio",
    "public_place_of_amusement",
    "childrens_services_facility_license",
    "tavern",
    "regulated_business_license",
    "filling_station",
    "caterers_liquor_license",
    "mobile_food_license",
]
# The published columns on the past are left out: they may look at inspections within the test period.
OWN = ["ageAtInspection"]
NEARBY = ["heat_burglary", "heat_garbage", "heat_sanitation"]
WEATHER = ["precipIntensity", "temperatureMax", "windSpeed", "humidity"]


@dataclass(frozen=True)
class Inspections:
    """Rows of the published model table with its split, and the features by group."""

    rows: pl.DataFrame
    days: np.ndarray
    found: np.ndarray
    train: np.ndarray
    test: np.ndarray
    firm: dict[str, np.ndarray]
    nearby: dict[str, np.ndarray]
    weather: dict[str, np.ndarray]


def chicago(shared: Path) -> Inspections:
    folder = shared / "data" / "chicago_food_inspections"
    rows = _read(folder / "model_table.csv.gz")
    every = _read(folder / "inspections_2011_2014.csv.gz")
    rows = rows.join(every.select("Inspection_ID", "Risk"), on="Inspection_ID", how="left", maintain_order="left")
    days, test = _days(rows), rows["Test"].to_numpy()
    outcomes = {
        "critical": every["criticalCount"].to_numpy() > 0,
        "serious": every["seriousCount"].to_numpy() > 0,
        "minor": every["minorCount"].to_numpy(),
        "fail": every["fail_flag"].to_numpy(),
    }
    start = days[test].min()
    record = past_record(
        every["License"].to_list(), _days(every), outcomes, rows["License"].to_list(), days, known_before=start
    )
    firm = {name: rows[name].to_numpy().astype(float) for name in [*OWN, *LICENCES]}
    firm |= {"facility_type": rows["Facility_Type"].to_numpy(), "risk_class": rows["Risk"].to_numpy()} | record
    nearby, weather = ({name: rows[name].to_numpy() for name in names} for names in (NEARBY, WEATHER))
    return Inspections(
        rows, days, rows["criticalFound"].to_numpy(), rows["Train"].to_numpy(), test, firm, nearby, weather
    )


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=30_000, null_values=["NA"])


def _days(frame: pl.DataFrame) -> np.ndarray:
    return frame["Inspection_Date"].str.to_date().to_physical().to_numpy().astype(float)


def part(features: dict[str, np.ndarray], where: np.ndarray) -> dict[str, np.ndarray]:
    return {name: column[where] for name, column in features.items()}
