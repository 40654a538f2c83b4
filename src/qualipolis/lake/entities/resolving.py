"""All rows of a table compared at once: blocking by keys, then splink on DuckDB with the weights of the program."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from qualipolis.lake.entities.links import REVIEW, Links, Pair, banded, grouped
from qualipolis.lake.entities.weights import Reason, Weights, levels_of, prior, scored, share, shipped
from qualipolis.lake.entities.words import (
    COMPARISONS,
    KINDS,
    LEVELS,
    Comparison,
    Entity,
    Kind,
    columns,
    compared,
    gazetteer,
    keys,
    one_word,
    runs,
)
from qualipolis.methods.problems import InputError, Problem, msg

CROWD = 60
"""A key that more rows share says too little to compare them by, unless it is a code."""
RARE_RUNS = 4
MOST_ROWS = 1_000_000


def resolve(
    rows: Sequence[Entity],
    kind: Kind = "firm",
    *,
    weights: Weights | None = None,
    places: frozenset[str] | None = None,
    least: float = REVIEW,
) -> Links:
    """Return which rows are probably the same firm, brand or product.

    Rows that share a key (code, name proper with trade or place, telephone, or one of their four rarest runs of
    characters) are compared column by column; splink adds the weights, and rare names weigh more. The same rows give
    the same links, in any order of the machine.

    Parameters
    ----------
    rows : rows with keys of their own
    kind : ``"firm"``, ``"brand"`` or ``"product"``
    weights : m and u; those of the program unless estimated anew
    places : names of places at the beginning of names; those in ``rows`` unless given
    least : pairs below this probability are left out

    Raises
    ------
    InputError
        the kind is unknown, a key is empty or repeated, a row has no name, or there are more than a million rows

    >>> made = [Entity("1", "东莞市虎门华强电子有限公司"), Entity("2", "华强电子(东莞)有限公司"), Entity("3", "大岭山康泰家具厂")]
    >>> [(pair.left, pair.right) for pair in resolve(made).pairs]
    [('1', '2')]
    """
    _check(rows, kind)
    used = weights or shipped(kind)
    known = gazetteer(rows) if places is None else places
    words = [compared(row, kind, known) for row in rows]
    blocks = blocked(words, kind)
    count, found = _predicted(words, blocks, used, kind, least) if len(rows) > 1 else (0, [])
    pairs = sorted(
        (_pair(rows, words, kind, one) for one in found), key=lambda pair: (-pair.probability, pair.left, pair.right)
    )
    codes = {row.key: word.get("code", "") for row, word in zip(rows, words, strict=True)}
    done, groups = grouped(pairs, codes)
    return Links(kind, len(rows), count, done, groups, f"Fellegi-Sunter (splink, DuckDB); {used.origin}")


def _check(rows: Sequence[Entity], kind: str) -> None:
    problems = []
    if kind not in KINDS:
        what = msg("%(kind)s cannot be resolved; firms, brands and products can.")
        problems.append(Problem("kind", what, "", {"kind": str(kind)[:40]}))
    if len(rows) > MOST_ROWS:
        what = msg("%(count)s rows were given; at most %(most)s are resolved at once.")
        problems.append(Problem("too_many", what, "", {"count": len(rows), "most": MOST_ROWS}))
    counts = Counter(row.key for row in rows)
    for key in [key for key, count in counts.items() if count > 1 or not key][:20]:
        what = msg("The key “%(key)s” is empty or stands for more than one row.")
        problems.append(Problem("key", what, msg("Give each row a key of its own."), {"key": key[:40]}))
    nameless = [row.key for row in rows if not row.name.strip()]
    problems += [Problem("no_name", msg("The row has no name."), place=key) for key in nameless[:20]]
    if problems:
        raise InputError(problems)


def blocked(words: Sequence[Mapping[str, str]], kind: Kind) -> list[list[str]]:
    """Return for each row the keys it is found by: the fixed ones that are not crowded, and its rarest runs."""
    fixed = [keys(word, kind) for word in words]
    loose = [runs(word) for word in words]
    often = Counter(key for some in fixed for key in some)
    common = Counter(run for some in loose for run in some)
    found = []
    for some, other in zip(fixed, loose, strict=True):
        kept = [key for key in some if 1 < often[key] <= CROWD or (key[:2] == "c:" and often[key] > 1)]
        rare = sorted((run for run in other if 1 < common[run] <= CROWD), key=lambda run: (common[run], run))
        found.append([*kept, *rare[:RARE_RUNS]])
    return found


_Found = tuple[int, int, float, tuple[Reason, ...]]


def _pair(rows: Sequence[Entity], words: Sequence[Mapping[str, str]], kind: Kind, found: _Found) -> Pair:
    left, right, chance, why = found
    band, note = banded(chance, why, one_word(kind, words[left]))
    return Pair(rows[left].key, rows[right].key, chance, band, why, note)


@contextmanager
def _database() -> Iterator[Any]:
    """A DuckDB in memory with rapidfuzz's comparisons of texts, characters and not bytes."""
    import duckdb
    import pyarrow as pa
    from rapidfuzz.distance import JaroWinkler, Levenshtein
    from rapidfuzz.process import cpdist

    def alike(left, right):
        made = cpdist(left.to_pylist(), right.to_pylist(), scorer=JaroWinkler.similarity, dtype=np.float64)
        return pa.array(made)

    def edits(left, right):
        made = cpdist(left.to_pylist(), right.to_pylist(), scorer=Levenshtein.distance, score_cutoff=1, dtype=np.int32)
        return pa.array(made)

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    try:
        connection.create_function("alike", alike, ["VARCHAR", "VARCHAR"], "DOUBLE", type="arrow")
        connection.create_function("edits", edits, ["VARCHAR", "VARCHAR"], "INTEGER", type="arrow")
        yield connection
    finally:
        connection.remove_function("alike")
        connection.remove_function("edits")
        connection.close()


def _predicted(
    words: Sequence[Mapping[str, str]], blocks: Sequence[list[str]], weights: Weights, kind: Kind, least: float
) -> tuple[int, list[_Found]]:
    """Return how many pairs were compared, and those likely enough with their reasons."""
    import pyarrow as pa
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    shares = _shares(words, weights)
    table = pa.table(
        {
            "unique_id": pa.array(range(len(words)), pa.int32()),
            "keys": pa.array(blocks, pa.list_(pa.string())),
            **{c: pa.array([word[c] or None for word in words], pa.string()) for c in columns(kind)},
        }
    )
    with _database() as connection:
        api = DuckDBAPI(connection=connection)
        linker = Linker(api.register(table), _settings(weights, len(words)), log_level=logging.ERROR)
        for column, known in shares.items():
            rarity = pa.table(
                {column: pa.array(known, pa.string()), f"tf_{column}": pa.array(known.values(), pa.float64())}
            )
            linker.table_management.register_term_frequency_lookup(api.register(rarity), column)
        predicted = linker.inference.predict(warning_mode="never")
        scores = connection.table(predicted.physical_name)
        total = scores.count("*").fetchall()[0][0]
        floor = weights.bits(least) if least > 0 else -1e9
        likely = scores.filter(f"match_weight >= {floor:.9f}").project("unique_id_l, unique_id_r, match_weight")
        rows = likely.order("unique_id_l, unique_id_r").fetchall()
    before = prior(len(words))
    return total, [
        (
            left,
            right,
            round(weights.probability(bits), 9),
            scored(words[left], words[right], weights, before, shares)[1],
        )
        for left, right, bits in rows
    ]


def _shares(words: Sequence[Mapping[str, str]], weights: Weights) -> dict[str, dict[str, float]]:
    """Return the share of each value of the columns in which rare values weigh more."""
    found = {}
    for comparison in COMPARISONS[weights.kind]:
        if comparison.rare:
            c = comparison.column
            counts, usual = Counter(word[c] for word in words if word[c]), weights.of(c, "exact")[1]
            found[c] = {value: share(count, counts.total(), usual) for value, count in counts.items()}
    return found


def _settings(weights: Weights, count: int) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior(count),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"], "sql_dialect": "duckdb"}
        ],
        "comparisons": [_comparison(comparison, weights) for comparison in COMPARISONS[weights.kind]],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison, weights: Weights) -> dict[str, Any]:
    c = comparison.column
    made: list[dict[str, Any]] = [
        {"sql_condition": f"{c}_l IS NULL OR {c}_r IS NULL", "label_for_charts": "null", "is_null_level": True}
    ]
    for name in levels_of(comparison):
        m, u = weights.of(c, name)
        condition = "ELSE" if name == "else" else LEVELS[name].format(c=c)
        one = {"sql_condition": condition, "label_for_charts": name, "m_probability": m, "u_probability": u}
        if comparison.rare and name == "exact":
            one |= {"tf_adjustment_column": c, "tf_adjustment_weight": 1.0}
        made.append(one)
    return {"output_column_name": c, "comparison_levels": made}
