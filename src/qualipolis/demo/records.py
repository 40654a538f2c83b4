"""Records of the rooms: supervision samples, complaints, patents; each drawn from the true rates of its unit."""

from __future__ import annotations

import numpy as np
import polars as pl

from qualipolis.demo import words
from qualipolis.demo.firms import TRADES, Firms
from qualipolis.demo.levels import Levels, batch_plan, batch_weight
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS, Scale
from qualipolis.demo.streams import dates, stream

_ACCEPTED, _MEDIATED = 0.92, 0.85
_OUTCOMES = np.array(["pass", "fail", "refused", "untestable"])
_ENDS = np.array(["refused", "withdrawn", "ended", "agreed"])
_FAILURE_CODES = ("PQ04", "PQ03", "PQ05")


def make_samples(seed: int, places: Places, firms: Firms, levels: Levels, scale: Scale) -> pl.DataFrame:
    """Batches of every year. Random and risk batches are drawn apart; a refusal is never a failure."""
    random = batch_plan(places, scale.samples_random)
    weight = batch_weight(places)
    risk = np.rint(weight / weight.sum() * scale.samples_risk).astype(np.int64)
    parts = [
        _batches(seed, places, levels, u, t, int(random[u]), int(risk[u]))
        for t in range(len(YEARS))
        for u in range(places.count)
    ]
    block = np.concatenate(parts, axis=1)
    u, t, risky, outcome, on_time, review, repeat, day = block[:8].astype(np.int64)
    firm = firms.starts[u] + np.floor(block[8] * places.firms[u]).astype(np.int64)
    year = np.array(YEARS)[t]
    failed = outcome == 1
    return pl.DataFrame(
        {
            "number": _numbers("S", year),
            "year": year,
            "date": pl.Series(dates(year, day)),
            "unit": pl.Series(places.frame["code"].to_list()).gather(u),
            "credit_code": firms.enterprises["credit_code"].gather(firm),
            "category": pl.Series([trade[4] for trade in TRADES]).gather(firms.trade[firm]),
            "purpose": np.array(["random", "risk"])[risky],
            "outcome": _OUTCOMES[outcome],
            "failed_item": pl.Series([*words.FAILED_ITEMS, None]).gather(np.where(failed, firm % 6, 6)),
            "order_due": failed,
            "order_in_time": failed & (on_time == 1),
            "review_due": failed,
            "review_passed": failed & (review == 1),
            "repeat": failed & (repeat == 1),
            "synthetic": np.ones(len(year), dtype=bool),
        }
    )


def _batches(seed: int, places: Places, levels: Levels, u: int, t: int, random: int, risk: int) -> np.ndarray:
    """One unit and year: rows of unit, year, risk, outcome, on time, review, repeat, day, firm place."""
    rng = stream(seed, "samples", int(places.key[u, t]), YEARS[t])
    n = random + risk
    risky = np.arange(n) >= random
    rate = np.where(risky, 100 - levels.of("PQ02")[u, t], levels.of("PQ01")[u, t]) / 100
    outcome = np.where(rng.random(n) < rate, 0, 1)
    outcome[rng.random(n) < 0.006] = 3
    refused = int(rng.binomial(n, levels.of("PQ06")[u, t] / 100))
    risky = np.concatenate([risky, np.zeros(refused, dtype=bool)])
    outcome = np.concatenate([outcome, np.full(refused, 2)])
    after = [rng.random(n + refused) < levels.of(code)[u, t] / 100 for code in _FAILURE_CODES]
    block = np.empty((9, n + refused))
    block[0], block[1], block[2], block[3] = u, t, risky, outcome
    block[4:7] = after
    block[7] = rng.integers(0, 350, n + refused)
    block[8] = rng.random(n + refused)
    return block


def make_complaints(seed: int, places: Places, firms: Firms, levels: Levels) -> pl.DataFrame:
    """Complaints of every year: received, accepted or not, mediated, agreed; no complainant is recorded."""
    parts = [_complaints(seed, places, levels, u, t) for t in range(len(YEARS)) for u in range(places.count)]
    block = np.concatenate(parts, axis=1)
    u, t, kind, accepted, on_time, mediated, agreed, day = block[:8].astype(np.int64)
    firm = firms.starts[u] + np.floor(block[8] * places.firms[u]).astype(np.int64)
    year = np.array(YEARS)[t]
    return pl.DataFrame(
        {
            "number": _numbers("C", year),
            "year": year,
            "date": pl.Series(dates(year, day)),
            "unit": pl.Series(places.frame["code"].to_list()).gather(u),
            "credit_code": firms.enterprises["credit_code"].gather(firm),
            "category": np.array(words.COMPLAINT_KINDS)[kind],
            "outcome": _ENDS[accepted + mediated + agreed],
            "in_time": on_time.astype(bool),
            "mediated": mediated.astype(bool),
            "synthetic": np.ones(len(year), dtype=bool),
        }
    )


def _complaints(seed: int, places: Places, levels: Levels, u: int, t: int) -> np.ndarray:
    rng = stream(seed, "complaints", int(places.key[u, t]), YEARS[t])
    mean = levels.of("SR01")[u, t] * places.population[u, t] / 1e4 / _ACCEPTED
    n = int(rng.poisson(mean))
    draw = rng.random((6, n))
    accepted = draw[0] < _ACCEPTED
    mediated = accepted & (draw[1] < _MEDIATED)
    quality = draw[2] < levels.of("SR04")[u, t] / 100
    block = np.empty((9, n))
    block[0], block[1] = u, t
    block[2] = np.where(quality, 0, 1 + np.floor(draw[5] * 5))
    block[3], block[5] = accepted, mediated
    block[4] = draw[3] < levels.of("SR02")[u, t] / 100
    block[6] = mediated & (draw[4] < levels.of("SR03")[u, t] / 100)
    block[7] = rng.integers(0, 365, n)
    block[8] = rng.random(n)
    return block


def make_patents(seed: int, places: Places, levels: Levels) -> pl.DataFrame:
    """Valid invention patents at the end of each year, by unit."""
    rows = []
    for u, code in enumerate(places.frame["code"]):
        for t, year in enumerate(YEARS):
            rng = stream(seed, "patents", int(places.key[u, t]), year)
            mean = levels.of("MB06")[u, t] * places.population[u, t] / 1e4
            rows.append((code, year, int(rng.poisson(mean))))
    return pl.DataFrame(rows, schema=["unit", "year", "valid"], orient="row").with_columns(synthetic=pl.lit(True))


def _numbers(letter: str, year: np.ndarray) -> pl.Series:
    """Numbers within each year, in the order of the rows (rows are grouped by year)."""
    first = np.searchsorted(year, np.array(YEARS))
    serial = np.arange(len(year)) - first[year - YEARS[0]] + 1
    return (
        pl.DataFrame({"y": year.astype(str), "s": serial.astype(str)})
        .select(pl.concat_str(pl.lit(letter), "y", pl.lit("-"), pl.col("s").str.zfill(7)))
        .to_series()
    )
