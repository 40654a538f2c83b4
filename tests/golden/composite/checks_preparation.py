"""Denominators, imputation, screening and outlier treatment against the reference.

``VECTORS``: for each vector function that belongs to the preparation, the check of one vector against what is
recorded; the check of the whole file reads it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

from qualipolis.methods.composite import (
    Aggregate,
    CompositeResult,
    Denominate,
    Impute,
    Normalise,
    Pipeline,
    Screen,
    Stage,
    Step,
    Treat,
    Weigh,
    data_availability,
    denominator_correlations,
)
from qualipolis.methods.composite.impute import impute_columns
from qualipolis.methods.composite.moments import skew_kurtosis
from qualipolis.methods.composite.transforms import transformed
from qualipolis.methods.composite.treat_rows import fails, treat_rows

REFERENCE = "coinr-1.1.14"


def run(folder: Path, *steps: Step) -> CompositeResult:
    return Pipeline((*steps, Normalise(), Weigh(), Aggregate())).run(cast.framework(folder), cast.data(folder))


def same(path: Path, stage: Stage) -> None:
    cast.assert_same_table(path, stage.units, stage.codes, stage.values)


@golden("02_denominate/custom_scale")
def custom_scale(folder: Path, entry: Entry) -> None:
    none = dict.fromkeys(cast.framework(folder).indicators, "")
    own = {"Goods": "GDP", "Flights": "Population", "Embs": "Area"}
    step = Denominate(by=none | own, scale={"Flights": 1000, "Embs": 0.5})
    same(folder / entry["file"], run(folder, step).stages["denominate"])


@golden("02_denominate/denom_corr_06")
def size(folder: Path, entry: Entry) -> None:
    found = denominator_correlations(cast.data(folder), threshold=0.6)
    expected = {(r["Ind"], r["Denom"]): float(r["Corr"]) for r in cast.read(folder / entry["file"])}
    ours = {(r["indicator"], r["denominator"]): r["correlation"] for r in found.to_dicts()}
    assert ours == pytest.approx(expected, rel=1e-9)


IMPUTED: dict[str, Impute] = {
    "i_mean": Impute("mean"),
    "i_median": Impute("median"),
    "i_mean_grp": Impute("group_mean", group="EurAsia_group"),
    "i_median_grp_gdp": Impute("group_median", group="GDP_group"),
    "row_mean_grouplev2": Impute("row_mean", level=2),
    "row_median_all": Impute("row_median"),
    "row_mean_nonorm": Impute("row_mean", normalise_first=False),
}


@golden("03_impute/*")
def imputed(folder: Path, entry: Entry) -> None:
    step = IMPUTED[Path(entry["file"]).stem]
    same(folder / entry["file"], run(folder, Denominate(), step).stages["impute"])


SCREENED = {
    "byNA_090": Screen(0.9),
    "byNA_095": Screen(0.95),
    "byzeros_090": Screen(0.0, 0.9),
    "byNAandzeros_force": Screen(0.9, 0.9, include=("BRN",), exclude=("AUT",)),
}


def assert_summary(rows: list[dict[str, str]], table: list[dict[str, Any]]) -> None:
    ours = {row["unit"]: row for row in table}
    assert set(ours) == {row["uCode"] for row in rows}
    counts = {"N_missing": "missing", "N_zero": "zero", "N_miss_or_zero": "missing_or_zero"}
    flags = {"LowData": "low_available", "LowNonZero": "low_nonzero"}
    for row in rows:
        mine = ours[row["uCode"]]
        assert {k: mine[v] for k, v in counts.items()} == {k: int(row[k]) for k in counts}
        assert mine["available"] == pytest.approx(float(row["Dat_Avail"]), rel=1e-9)
        assert mine["nonzero"] == pytest.approx(float(row["Non_Zero"]), rel=1e-9)
        if "Included" in row:
            assert {k: mine[v] for k, v in flags.items()} == {k: row[k] == "TRUE" for k in flags}
            assert any(mine[v] for v in flags.values()) == (row["LowDatOrZeroFlag"] == "TRUE")
            assert mine["included"] == (row["Included"] == "TRUE")


@golden("04_screen/by*", "01_example_path/screen_summary")
def screened(folder: Path, entry: Entry) -> None:
    stem = Path(entry["file"]).stem
    result = cast.asem(folder) if stem == "screen_summary" else run(folder, Denominate(), SCREENED[stem.split("__")[0]])
    if entry["file"].endswith("json"):
        gone = set(result.data.units) - set(result.stages["screen"].units)
        assert gone == set(json.loads((folder / entry["file"]).read_text(encoding="utf-8")))
        return
    assert_summary(cast.read(folder / entry["file"]), result.details["screen"].to_dicts())


@golden("04_screen/data_avail_summary", "04_screen/data_avail_bygroup")
def available(folder: Path, entry: Entry) -> None:
    found = data_availability(cast.framework(folder), cast.data(folder))
    rows = cast.read(folder / entry["file"])
    if entry["id"].endswith("summary"):
        assert_summary(rows, found.units.to_dicts())
        return
    ours = {(row["unit"], row["node"]): row["available"] for row in found.groups.to_dicts()}
    theirs = {(row["uCode"], node): float(value) for row in rows for node, value in row.items() if node != "uCode"}
    assert ours == pytest.approx(theirs, rel=1e-9)


TREATED = {
    "default": Treat(transform="log_ct"),
    "winmax1": Treat(winmax=1, transform="log_ct"),
    "winmax1_logCTplus": Treat(winmax=1, transform="log_ct_plus"),
    "winmax2_logCTorig": Treat(winmax=2, transform="log_ct_orig"),
    "winmax1_logGII": Treat(winmax=1, transform="log_gii", compat=REFERENCE),
    "winmax1_combine": Treat(winmax=1, transform="log_ct", combine=True),
    "strict_s1_k2": Treat(winmax=3, skew=1, kurt=2, transform="log_ct"),
    "winmax1_boxcox05": Treat(winmax=1, transform="boxcox", power=0.5),
    "winmax1_boxcox0": Treat(winmax=1, transform="boxcox", power=0.0),
    # What the reference's individual specifications lose (na.rm) has no bearing on complete columns: ours keeps it.
    "indiv": Treat(
        transform="log_ct", indicators={"CO2": "none", "Bord": {"winmax": 10}, "Flights": {"first": "log_ct_orig"}}
    ),
    "qTreat_w3_s15_k3": Treat(winmax=3, skew=1.5, kurt=3, transform="log_ct"),
}


@golden("05_treat/*", "01_example_path/treat_details")
def treated(folder: Path, entry: Entry) -> None:
    case, _, kind = Path(entry["file"]).stem.partition("__")
    path = folder / entry["file"]
    if case == "treat_details":
        assert_details(cast.asem(folder), path)
        return
    # the reference's own Screened table is where its treatments start; ours at that stage is the same to 1e-9
    result = cast.asem(folder).replay({"treat": TREATED[case]})
    if kind == "details":
        assert_details(result, path)
    elif kind == "points":
        assert_points(result, path)
    else:
        same(path, result.stages["treat"])


STEPS = {"0": "before", "1": "winsorised", "2": "transformed"}


def assert_details(result: CompositeResult, path: Path) -> None:
    rows = cast.read(path)
    ours = {row["node"]: row for row in result.details["treat"].to_dicts()}
    assert set(ours) == {row["iCode"] for row in rows}
    for row in rows:
        mine = ours[row["iCode"]]
        assert mine["winsorised"] == (None if row["winsorise.nwin"] == "NA" else int(row["winsorise.nwin"]))
        for number, step in STEPS.items():
            passed = {"TRUE": True, "FALSE": False}.get(row.get(f"check_SkewKurt{number}.Pass", "NA"))
            assert mine[f"passed_{step}"] == passed, (row["iCode"], step)
            for name, theirs in (("skew", "Skew"), ("kurtosis", "Kurt")):
                expected = cast.number(row.get(f"check_SkewKurt{number}.{theirs}", "NA"))
                found = math.nan if mine[f"{name}_{step}"] is None else mine[f"{name}_{step}"]
                assert found == pytest.approx(expected, rel=1e-9, nan_ok=True), (row["iCode"], step, name)


def assert_points(result: CompositeResult, path: Path) -> None:
    """The reference glues both treatments, ``winhi+log_CT``; it names no Box-Cox and calls log_CT_plus log_CT."""
    theirs = {(row["uCode"], row["iCode"]): row["treatment"] for row in cast.read(path)}
    label = {"log_ct": "log_CT", "log_ct_plus": "log_CT", "log_ct_orig": "log_CT_orig", "log_gii": "log_GII"}
    ours: dict[tuple[str, str], str] = {}
    for row in result.details["treat.points"].to_dicts():
        first = label.get(row["first"] or "") or {"high": "winhi", "low": "winlo"}.get(row["winsorised"] or "", "")
        again = label.get(row["transform"] or "", "")
        if text := f"{first}+{again}" if again else first:
            ours[row["unit"], row["node"]] = text
    assert ours == theirs


def agree(ours: Any, recorded: Any) -> None:
    """Compare numbers to 1e-9; what the reference has as NA, NaN or infinity is missing in ours, never infinite."""
    if isinstance(recorded, dict):
        for name, value in recorded.items():
            agree(ours[name], value)
        return
    if isinstance(recorded, list):
        assert len(ours) == len(recorded)
        for mine, value in zip(ours, recorded, strict=True):
            agree(mine, value)
        return
    if isinstance(recorded, bool) or recorded == "":
        assert ours == recorded
    elif recorded in ("NA", "NaN", "Inf", "-Inf"):
        assert ours is None or math.isnan(ours)
    else:
        assert ours == (pytest.approx(recorded, rel=1e-9, abs=1e-13) if isinstance(recorded, float | int) else recorded)


Answer = Callable[[np.ndarray], Any]


def vector(answer: Answer, left_alone: Answer | None = None) -> Callable[[np.ndarray, object], None]:
    """Check an answer; where the reference stops with an error, ours gives what ``left_alone`` says."""

    def check(x: np.ndarray, recorded: object) -> None:
        if isinstance(recorded, dict) and "error" in recorded:
            assert left_alone is not None
            assert repr(answer(x)) == repr(left_alone(x))
            return
        agree(answer(x), recorded)

    return check


def _moment(which: int) -> Answer:
    return lambda x: float(skew_kurtosis(x[None])[which][0])


def _tested(x: np.ndarray) -> dict[str, Any]:
    skew, kurt = skew_kurtosis(x[None])
    passed = None if np.isnan(kurt[0]) else not fails((skew, kurt), 2.0, 3.5)[0]
    return {"Pass": passed, "Skew": float(skew[0]), "Kurt": float(kurt[0])}


def _winsorised(winmax: int, skew: float, kurt: float, force: bool = False) -> Callable[[np.ndarray, object], None]:
    def answer(x: np.ndarray) -> dict[str, Any]:
        done = treat_rows(x[None], winmax, skew, kurt, "none", force=force)
        marks = [{-1.0: "winhi", 1.0: "winlo"}.get(float(s), "") for s in np.sign(done.rows[0] - x)]
        return {"x": done.rows[0].tolist(), "nwin": int(done.winsorised[0]), "treated": marks}

    return vector(answer, lambda x: {"x": x.tolist(), "nwin": 0, "treated": [""] * len(x)})


def _transform(name: str, power: float | str = "auto", compat: str = "") -> Callable[[np.ndarray, object], None]:
    def answer(x: np.ndarray) -> list[float]:
        found: list[float] = transformed(x[None], name, power, compat)[0].tolist()
        return found

    # log_CT_plus asks for the skewness, which two values or one do not have: ours is then the plain log_ct
    return vector(answer, lambda x: transformed(x[None], "log_ct")[0].tolist())


def _imputed(statistic: str) -> Callable[[np.ndarray, object], None]:
    return vector(lambda x: impute_columns(x[:, None], [np.ones(len(x), dtype=bool)], statistic)[:, 0].tolist())


VECTORS: dict[str, Callable[[np.ndarray, object], None]] = {
    "skew": vector(_moment(0)),
    "kurt": vector(_moment(1)),
    "check_SkewKurt": vector(_tested),
    "winsorise_winmax5": _winsorised(5, 2.0, 3.5),
    "winsorise_winmax2": _winsorised(2, 2.0, 3.5),
    "winsorise_strict_s1_k1": _winsorised(5, 1.0, 1.0),
    "winsorise_force_3": _winsorised(3, 2.0, 3.5, force=True),
    "log_CT": _transform("log_ct"),
    "log_CT_plus": _transform("log_ct_plus"),
    "log_CT_orig": _transform("log_ct_orig"),
    "log_GII": _transform("log_gii", compat=REFERENCE),
    "boxcox_0": _transform("boxcox", 0.0),
    "boxcox_0.5": _transform("boxcox", 0.5),
    "boxcox_2": _transform("boxcox", 2.0),
    "i_mean": _imputed("mean"),
    "i_median": _imputed("median"),
}
