"""What an analysis stands on: the run as it was, from the release that froze it or from the round it read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.assess.releases import path_of
from qualipolis.city.assess.run import compute_run
from qualipolis.city.measure.models import Dimension, Indicator, Statistic
from qualipolis.city.registry.models import Unit
from qualipolis.lake.grids import Source
from qualipolis.lake.release import Inputs, compute
from qualipolis.lake.release.verify import read_document
from qualipolis.methods.composite import CompositeResult, DataNoise, Factor, IndicatorData
from qualipolis.methods.problems import InputError, Problem, msg

Floats = NDArray[np.float64]
SIZES = ("population", "firms", "industrial_value_added")


@dataclass(frozen=True, eq=False)
class Basis:
    """A run computed again without its replicates: the plain result, and what was varied in it."""

    result: CompositeResult
    factors: tuple[Factor, ...]

    @property
    def root(self) -> str:
        """The composite."""
        return self.result.framework.roots[0]

    @property
    def errors(self) -> Floats:
        """The standard errors of counting, in the shape of the data; 0 where nothing was counted."""
        shape = self.result.data.values.shape
        noise = next((factor for factor in self.factors if isinstance(factor, DataNoise)), None)
        return np.zeros(shape) if noise is None else noise.errors(shape)


def basis(made: Assessment) -> Basis:
    """Return what a run stands on, from memory when it was read before.

    Raises
    ------
    InputError
        the bundle of its release cannot be read, or (before a release) the values have changed since the run
    """
    release = getattr(made, "release", None)
    return _read(made.pk, made.inputs_hash, release.release_hash if release else "")


@lru_cache(maxsize=6)
def _read(pk: int, inputs_hash: str, release_hash: str) -> Basis:
    made = Assessment.objects.select_related("round__set", "set", "release").get(pk=pk)
    if release_hash:
        return _of_release(made.release)
    run = compute_run(made.round, made.seed, 0, made.set)
    if run.inputs_hash != inputs_hash:
        what = msg("The observations or adjustments have changed since this run.")
        raise InputError([Problem("inputs_changed", what, msg("Run the assessment again and look at the new one."))])
    return Basis(run.computed.result, run.read.factors)


def _of_release(release: Release) -> Basis:
    folder = path_of(release)
    listed = read_document(folder)["inputs"]

    def source(name: str) -> Source:
        path = folder / listed[name]["file"]
        return Source(listed[name]["file"], path.read_bytes())

    computed = compute(Inputs(source("framework"), source("data"), source("pipeline")))
    return Basis(computed.result, computed.factors)


@dataclass(frozen=True)
class Bilingual:
    """A name in both languages, as it is kept."""

    zh: str
    en: str


def node_names(made: Assessment) -> dict[str, Bilingual]:
    """Return the names of all nodes of the set of a run."""
    set_id = made.set_id or made.round.set_id
    rows: list[tuple[Any, ...]] = []
    for model in (Dimension, Indicator):
        rows += model.objects.filter(set=set_id).order_by().values_list("code", "name_zh", "name_en")
    return {code: Bilingual(zh, en) for code, zh, en in rows}


def unit_names(codes: tuple[str, ...]) -> dict[str, Bilingual]:
    """Return the names of units; all are read at once, as a province has thousands."""
    wanted = set(codes)
    rows = Unit.objects.filter(assessed=True).order_by().values_list("code", "name_zh", "name_en")
    return {code: Bilingual(zh, en) for code, zh, en in rows if code in wanted}


def sized(data: IndicatorData, year: int) -> IndicatorData | None:
    """Return raw values with the sizes of the units in a year, or nothing where no size is known."""
    told: dict[str, dict[str, float]] = {}
    for unit, key, value in Statistic.objects.filter(year=year, key__in=SIZES).values_list(
        "unit__code", "key", "value"
    ):
        told.setdefault(key, {})[unit] = value
    sizes = {key: [told[key].get(unit, np.nan) for unit in data.units] for key in SIZES if key in told}
    return IndicatorData(data.units, data.codes, data.values, denominators=sizes) if sizes else None
