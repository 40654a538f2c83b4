"""The designs and columns of the reference's survey cases."""

from __future__ import annotations

import operator
import re
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from qualipolis.methods.sampling import estimation as est

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling"
FILES = {
    "srs": "apisrs",
    "strat": "apistrat",
    "clus1": "apiclus1",
    "clus2": "apiclus2",
    "mu284": "mu284_2stage",
    "pps": "election_pps",
    "scd": "scd",
    "apistrat_lonelyH: strata=stype, weights=pw": "apistrat_lonelyH",
}
COMPARE = {"==": operator.eq, ">": operator.gt, ">=": operator.ge}


@cache
def frame(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / "data" / f"{name}.csv", null_values=["NA", ""])


def table_of(design: str) -> pl.DataFrame:
    key = design if design in FILES else design.split("_")[0]
    return frame(FILES[key])


def values(table: pl.DataFrame, name: str) -> np.ndarray:
    """A column of numbers, missing as NaN."""
    return table[name].cast(pl.Float64).to_numpy()


def labels(table: pl.DataFrame, name: str) -> np.ndarray:
    return table[name].cast(pl.String).to_numpy()


def truth(table: pl.DataFrame, expression: str) -> np.ndarray:
    """A comparison such as ``ell>=75`` or ``stype=='E'`` as 0 and 1."""
    name, sign, right = re.fullmatch(r"([\w.]+)\s*(==|>=|>)\s*(.+)", expression).groups()
    if right.startswith("'"):
        return (labels(table, name) == right.strip("'")).astype(float)
    return COMPARE[sign](values(table, name), float(right)).astype(float)


@cache
def design_of(name: str) -> est.SurveyDesign:
    table = table_of(name)
    if name.startswith("pps_"):
        return _election(name, table)
    if name == "scd":
        return est.survey_design(np.ones(6), strata=labels(table, "ESA"), clusters=labels(table, "ambulance"))
    if name == "srs":
        return est.survey_design(fpc=values(table, "fpc"))
    if name == "mu284":
        return est.survey_design(
            clusters=[values(table, "id1"), values(table, "id2")], fpc=[values(table, "n1"), values(table, "n2")]
        )
    if name == "clus2":
        clusters = [values(table, "dnum"), values(table, "snum")]
        return est.survey_design(clusters=clusters, fpc=[values(table, "fpc1"), values(table, "fpc2")])
    weights = values(table, "pw")
    strata = labels(table, "stype") if name.startswith("strat") else None
    clusters = values(table, "dnum") if name.startswith("clus") else None
    fpc = values(table, "fpc") if name in ("strat", "clus1") else None
    return est.survey_design(weights, strata=strata, clusters=clusters, fpc=fpc)


def _election(name: str, table: pl.DataFrame) -> est.SurveyDesign:
    p, frame_p = values(table, "p"), values(frame("election_frame"), "p")
    squares = float((frame_p**2).sum() / p.size)
    joint = frame("election_jointprob").to_numpy()
    options = {
        "pps_brewer": {"pps": "brewer"},
        "pps_overton": {"pps": "overton"},
        "pps_hr_known": {"pps": "hartley_rao", "population_squares": squares},
        "pps_hr": {"pps": "hartley_rao"},
        "pps_ht_joint": {"joint": joint},
        "pps_yg_joint": {"joint": joint, "form": "yates_grundy"},
        "pps_hryg": {"pps": "hartley_rao", "population_squares": squares, "form": "yates_grundy"},
        "pps_wr": {},
    }
    return est.survey_design(probabilities=p, **options[name])
