"""One run: computed by the same function that a verification uses, and written down in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from qualipolis import __version__
from qualipolis.city.assess.inputs import (
    Adjustments,
    Revised,
    RoundData,
    YearBefore,
    adjustments_of,
    read_round,
    year_before,
)
from qualipolis.city.assess.models import Assessment, NodeScore, ScoreCard
from qualipolis.city.assess.scoring import Card, cards, node_errors
from qualipolis.city.core.policy import person_of
from qualipolis.city.measure.models import CollectionRound, IndicatorSet
from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.release import Assessment as Computed
from qualipolis.lake.release import Inputs, compute, inputs_of
from qualipolis.lake.release.format import problem_to_dict
from qualipolis.methods.composite import CITY_PIPELINE
from qualipolis.methods.composite.factors import describe
from qualipolis.methods.problems import Problem, msg

FIRST_TEN = 10
TOP_LEVELS = 2
CHANGED = Problem(
    "inputs_changed",
    msg("The observations or adjustments have changed since this run."),
    msg("Run the assessment again and decide on the new one."),
)
NODE_COLUMNS = (
    "card_id",
    "node",
    "level",
    "score",
    "standard_error",
    "contribution",
    "rank",
    "rank_p05",
    "rank_median",
    "rank_p95",
    "top_ten",
)


@dataclass(frozen=True, eq=False)
class Run:
    """A computed run, before it is written."""

    read: RoundData
    computed: Computed
    cards: list[Card]
    inputs_hash: str


def compute_run(
    round_: CollectionRound,
    seed: int,
    replicates: int,
    version: IndicatorSet | None = None,
    revised: Revised | None = None,
) -> Run:
    """Compute a round from what is locked in it, exactly as a verification of its release would.

    ``version`` is another version of the set after an amendment; ``revised`` replaces values, for a preview only.
    """
    read = read_round(round_, version, revised)
    inputs = inputs_of(read.framework, read.data, CITY_PIPELINE, read.factors)
    computed = compute(inputs, replicates=replicates, seed=seed)
    last = year_before(version or round_.set)
    by_code = _adjusted(round_, read)
    made = cards(
        computed.result,
        computed.intervals,
        read.peers,
        {code: one.bonus for code, one in by_code.items()},
        {code: one.veto for code, one in by_code.items()},
        date(round_.set.year, 12, 31),
        last.share,
        last.scores,
    )
    return Run(read, computed, made, _fingerprint(inputs, by_code, last))


def inputs_hash(round_: CollectionRound, version: IndicatorSet | None = None) -> str:
    """Return the fingerprint that a run of the round would have now, without computing it."""
    read = read_round(round_, version)
    inputs = inputs_of(read.framework, read.data, CITY_PIPELINE, read.factors)
    return _fingerprint(inputs, _adjusted(round_, read), year_before(version or round_.set))


def _adjusted(round_: CollectionRound, read: RoundData) -> dict[str, Adjustments]:
    """The bonuses and vetoes by the code of the unit."""
    adjusted = adjustments_of(round_)
    return {code: adjusted[pk] for code, pk in read.units.items() if pk in adjusted}


def _fingerprint(inputs: Inputs, adjusted: Mapping[str, Adjustments], last: YearBefore) -> str:
    stored = {name: sha256(source.content) for name, source in inputs.stored().values()}
    said = {code: [one.bonus, one.veto] for code, one in adjusted.items()}
    level = {"level": [last.share, last.release]} if last.release else {}
    return sha256(canonical_json({"files": stored, "adjustments": said} | level))


def write_run(
    actor: Any, round_: CollectionRound, run: Run, seed: int, replicates: int, version: IndicatorSet | None = None
) -> Assessment:
    """Write the run with its scorecards and node scores."""
    computed = run.computed
    made = Assessment.objects.create(
        round=round_,
        set=version,
        pipeline=computed.result.pipeline.to_dict(),
        replicates=replicates,
        seed=seed,
        factors=[describe(factor) for factor in run.read.factors],
        inputs_hash=run.inputs_hash,
        code_version=__version__,
        warnings=[problem_to_dict(problem) for problem in computed.problems],
        run_at=timezone.now(),
        run_by=person_of(actor),
    )
    ScoreCard.objects.bulk_create((_card_row(made, run, card) for card in run.cards), batch_size=1000)
    keys = dict(ScoreCard.objects.filter(assessment=made).values_list("unit__code", "pk"))
    insert_rows(NodeScore, NODE_COLUMNS, node_rows(run, [keys[unit] for unit in computed.result.units]))
    return made


def _card_row(made: Assessment, run: Run, card: Card) -> ScoreCard:
    return ScoreCard(
        assessment=made,
        unit_id=run.read.units[card.unit],
        peer_group=card.peer_group,
        peer_rank=card.peer_rank,
        score=card.score,
        bonus=card.bonus,
        final_score=card.final_score,
        rank=card.rank,
        tier=card.tier,
        tier_certainty=card.tier_certainty,
        grade=card.grade,
        veto=card.veto,
        quadrant=card.quadrant,
        present=card.present,
        improvement=card.improvement,
    )


def node_rows(run: Run, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield one row for each node and unit."""
    result, intervals = run.computed.result, run.computed.intervals
    tree = result.framework
    root = tree.roots[0]
    errors = node_errors(result, run.read.errors)
    parts = result.contribution(root)
    top = max(tree.levels)
    for column, code in enumerate(tree.codes):
        node = tree.node(code)
        leaves = [tree.indicators.index(leaf) for leaf in tree.leaves(code)]
        quantiles: list[Any] = [[None] * len(keys)] * 3
        first: list[Any] = [None] * len(keys)
        if intervals is not None and code in intervals.nodes:
            quantiles = [_plain(row) for row in intervals.rank_quantiles[:, intervals.nodes.index(code)]]
            if node.level > top - TOP_LEVELS:
                first = _plain(intervals.rank_probability_at_most(FIRST_TEN, code))
        yield from zip(
            keys,
            [code] * len(keys),
            [node.level] * len(keys),
            _plain(result.scores[:, column]),
            _plain(errors[:, column]),
            _plain(parts[:, leaves].sum(axis=1)),
            _plain(result.ranks(code), whole=True),
            *quantiles,
            first,
            strict=True,
        )


def _plain(values: Any, *, whole: bool = False) -> list[Any]:
    array = np.asarray(values, dtype=np.float64)
    gone = np.isnan(array)
    found: list[Any] = (np.where(gone, 0, array).astype(np.int64) if whole else array).tolist()
    for position in np.flatnonzero(gone):
        found[position] = None
    return found


def insert_rows(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], size: int = 20_000) -> None:
    """Insert many rows with one prepared statement; a province has 100,000 node scores."""
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 (names of our own table)
    with connection.cursor() as cursor:
        for batch in batched(rows, size, strict=False):
            cursor.executemany(sql, batch)
