"""What an assessment reads: the locked observations of a round as a framework, a table, and what is uncertain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qualipolis.city.assess.models import Adjustment, Release, ScoreCard
from qualipolis.city.measure.models import CollectionRound, Indicator, IndicatorSet, Observation
from qualipolis.city.measure.queries import framework_of
from qualipolis.city.registry.models import Unit
from qualipolis.methods.composite import (
    Alternatives,
    DataNoise,
    Factor,
    Framework,
    IndicatorData,
    Normalise,
    WeightNoise,
)
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.proportion import wilson_many

Floats = NDArray[np.float64]
Z95 = 1.959963984540054
COUNTED = (Observation.Status.LOCKED, Observation.Status.VERIFIED, Observation.Status.CORRECTED)
GROUP = "peer"


@dataclass(frozen=True, eq=False)
class RoundData:
    """The inputs of one run: the tree, the table, the standard errors of counting, and what was left out."""

    framework: Framework
    data: IndicatorData
    errors: Floats
    units: dict[str, int]
    peers: dict[str, str]
    left_out: tuple[str, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied: weights by a quarter, the scale, how far a weakness may be made up for, and the counts."""
        scales = (Normalise("goalposts", 1.0, 100.0, clamp=True), Normalise("minmax", 1.0, 100.0))
        found: tuple[Factor, ...] = (
            WeightNoise(0.25),
            Alternatives("normalise", scales),
            Alternatives("aggregate.method", ("arithmetic", "geometric")),
        )
        return (*found, DataNoise(self.errors, observed=True)) if self.errors.any() else found


Revised = Mapping[tuple[int, str], tuple[float, float | None]]


def read_round(
    round_: CollectionRound, version: IndicatorSet | None = None, revised: Revised | None = None
) -> RoundData:
    """Return the inputs of a round; ``InputError`` when nothing in it can be assessed.

    Parameters
    ----------
    version : the version of the set that weighs and scales, by default that of the round; values are matched by code
    revised : (unit id, indicator code) -> (value, denominator) to read in place of what was collected, for a preview
    """
    set_ = version or round_.set
    units = list(Unit.objects.filter(assessed=True).order_by("code").values_list("pk", "code", "name_zh", "peer_group"))
    leaves = list(Indicator.objects.filter(set=set_).order_by("position", "code"))
    row_of = {pk: row for row, (pk, *_rest) in enumerate(units)}
    column_of = {leaf.code: column for column, leaf in enumerate(leaves)}
    shape = (len(units), len(leaves))
    values, above, below = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    cells = Observation.objects.filter(round=round_, status__in=COUNTED, value__isnull=False).values_list(
        "unit_id", "indicator__code", "value", "numerator", "denominator"
    )
    new = revised or {}
    for unit, code, value, numerator, denominator in cells.iterator(chunk_size=20_000):
        if unit in row_of and code in column_of:
            at = row_of[unit], column_of[code]
            value, denominator = new.get((unit, code), (value, denominator))
            values[at] = value
            above[at] = np.nan if numerator is None else numerator
            below[at] = np.nan if denominator is None else denominator
    errors = standard_errors(leaves, above, below)
    _zero_falsified(round_, leaves, row_of, values, errors)
    return _assembled(round_, set_, units, leaves, values, errors)


def _assembled(
    round_: CollectionRound,
    set_: IndicatorSet,
    units: list[tuple[int, str, str, str]],
    leaves: list[Indicator],
    values: Floats,
    errors: Floats,
) -> RoundData:
    """Leave out what nobody has: an indicator without any value, a unit without any."""
    columns = np.flatnonzero(~np.isnan(values).all(axis=0))
    rows = np.flatnonzero(~np.isnan(values).all(axis=1))
    if not len(columns) or not len(rows):
        raise InputError(
            [
                Problem(
                    "nothing_to_assess",
                    msg("The round %(round)s has no verified value yet."),
                    msg("Verify the observations first."),
                    {"round": round_.period},
                )
            ]
        )
    codes = [leaves[column].code for column in columns]
    kept = [units[row] for row in rows]
    data = IndicatorData(
        [code for _pk, code, _name, _peer in kept],
        codes,
        values[np.ix_(rows, columns)],
        names={code: name for _pk, code, name, _peer in kept},
        groups={GROUP: [peer or None for _pk, _code, _name, peer in kept]},
    )
    return RoundData(
        framework_of(set_, set(codes)),
        data,
        errors[np.ix_(rows, columns)],
        {code: pk for pk, code, _name, _peer in kept},
        {code: peer for _pk, code, _name, peer in kept},
        tuple(leaf.code for column, leaf in enumerate(leaves) if column not in set(columns.tolist())),
    )


def standard_errors(leaves: list[Indicator], above: Floats, below: Floats) -> Floats:
    """Return the standard errors of proportions of counted cases, 0 for everything else.

    Half the width of the Wilson interval over z, so that 4 of 4 is not taken for certain.
    """
    found = np.zeros(above.shape)
    for column, leaf in enumerate(leaves):
        if leaf.is_proportion and leaf.kind == Indicator.Kind.RATIO:
            low, high = wilson_many(above[:, column], below[:, column])
            found[:, column] = np.nan_to_num(leaf.factor * (high - low) / (2 * Z95))
    return found


def _zero_falsified(
    round_: CollectionRound, leaves: list[Indicator], row_of: dict[int, int], values: Floats, errors: Floats
) -> None:
    """Falsified data score 0: the value is set to the goalpost at which the score is 0."""
    columns = {leaf.code: (column, leaf) for column, leaf in enumerate(leaves)}
    rows = Adjustment.objects.filter(round=round_, kind=Adjustment.Kind.FALSIFIED)
    for unit, code in rows.values_list("unit_id", "indicator_code"):
        if unit in row_of and code in columns:
            column, leaf = columns[code]
            values[row_of[unit], column] = leaf.floor
            errors[row_of[unit], column] = 0.0


@dataclass(frozen=True)
class Adjustments:
    """What the documents say of one unit: bonus points before the cap, and the reason of a veto."""

    bonus: float = 0.0
    veto: str = ""


def adjustments_of(round_: CollectionRound) -> dict[int, Adjustments]:
    """Return the adjustments of a round by unit."""
    bonus: dict[int, float] = defaultdict(float)
    veto: dict[int, list[str]] = defaultdict(list)
    rows = Adjustment.objects.filter(round=round_).order_by("pk")
    for unit, kind, points, document, reason in rows.values_list("unit_id", "kind", "points", "document", "reason"):
        if kind == Adjustment.Kind.BONUS:
            bonus[unit] += points
        elif kind == Adjustment.Kind.VETO:
            veto[unit].append(f"{reason}（{document}）")
    return {unit: Adjustments(bonus[unit], "；".join(veto[unit])[:400]) for unit in {*bonus, *veto}}


@dataclass(frozen=True)
class YearBefore:
    """What the improvement is measured against: the share of the level, and the scores of last year's release."""

    share: float = 1.0
    release: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


def year_before(set_: IndicatorSet) -> YearBefore:
    """Return the composite scores that the release of the year before holds; without one the level counts alone."""
    if set_.level_share >= 1:
        return YearBefore()
    standing = Release.objects.filter(assessment__status="published", withdrawn_at=None)
    last = standing.filter(assessment__round__set__year=set_.year - 1).order_by("-published_at").first()
    if last is None:
        return YearBefore()
    rows = ScoreCard.objects.filter(assessment=last.assessment_id, score__isnull=False)
    return YearBefore(set_.level_share, last.release_hash, dict(rows.values_list("unit__code", "score")))
