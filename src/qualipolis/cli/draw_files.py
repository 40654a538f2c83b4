"""The files of a draw: the frame in its canonical form, and the folder that proves the draw."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any

import polars as pl

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.drand import Beacon
from qualipolis.methods.sampling.draws.draw import BY_TICKET, Drawn, Rule, draw
from qualipolis.methods.sampling.draws.frame import HEADER, Frame
from qualipolis.methods.sampling.draws.plans import Plan, plan_of
from qualipolis.methods.sampling.draws.tickets import Each, canonical

FRAME, PLAN, WORKING, PROMISE = "frame.csv", "plan.json", "working.csv", "promise.json"
SAMPLE, RESERVE, RECORD = "sample.csv", "reserve.csv", "record.json"
FROZEN, DRAWN = (FRAME, PLAN, WORKING, PROMISE), (SAMPLE, RESERVE, RECORD)
NUMBER = r"^[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$"
UNSEEMLY = r"^\s|\s$|[\p{Cc}\p{Cf}]"
SMALL = 300_000


def read_table(path: Path) -> pl.DataFrame:
    """Return the columns id, stratum and size of a CSV or Parquet file as text; stratum and size may be absent."""
    try:
        parquet = path.suffix.lower() == ".parquet"
        table = pl.read_parquet(path) if parquet else pl.read_csv(path, infer_schema=False)
    except OSError as error:
        what, remedy = msg("The file cannot be read: %(why)s."), msg("Check its name and permissions.")
        words = {"why": error.strerror or type(error).__name__}
        raise InputError([Problem("unreadable", what, remedy, words, place=path.name)]) from None
    except pl.exceptions.PolarsError as error:
        what, remedy = msg("The table cannot be read: %(why)s."), msg("Save it as CSV in UTF-8, one row for each unit.")
        words = {"why": str(error).splitlines()[0][:120]}
        raise InputError([Problem("unreadable", what, remedy, words, place=path.name)]) from None
    if "id" not in table.columns:
        what, remedy = msg("There is no column id."), msg("Give the columns id, stratum and size.")
        raise InputError([Problem("no_id", what, remedy, place=path.name)])
    absent = {"stratum": "", "size": "1"}
    columns = [pl.col(c) if c in table.columns else pl.lit(absent[c]).alias(c) for c in HEADER]
    return table.select(c.cast(pl.String).fill_null("") for c in columns)


def table_problems(table: pl.DataFrame, place: str) -> list[Problem]:
    """Return what is wrong with the rows of a frame, with the first examples."""
    key = pl.col("id")
    strange = key.str.contains(UNSEEMLY) | (key == "")
    beyond = table.filter(~key.str.contains(r"^[\x20-\x7e]*$"))["id"].to_list()
    bad = [k for k in beyond if not canonical(k)]
    checks = [
        (msg("Keys that are empty or hold spaces at an end or control characters: %(keys)s."), strange),
        (msg("Sizes that are no plain numbers of at least 0: %(keys)s."), ~pl.col("size").str.contains(NUMBER)),
        (
            msg("Strata with spaces at an end or control characters: %(keys)s."),
            pl.col("stratum").str.contains(UNSEEMLY),
        ),
    ]
    columns, problems = ("id", "size", "stratum"), []
    for column, (what, condition) in zip(columns, checks, strict=True):
        found = table.filter(condition).head(5)[column].to_list()
        found = found or (bad[:5] if column == "id" else [])
        if found:
            problems.append(_row_problem(what, found, place))
    if table["id"].n_unique() != table.height:
        twice = table.filter(key.is_duplicated())["id"].unique(maintain_order=True).head(5).to_list()
        problems.append(_row_problem(msg("Keys that stand there twice: %(keys)s."), twice, place))
    if not table.height:
        problems.append(Problem("no_rows", msg("The frame has no units."), msg("Give at least one row."), place=place))
    return problems


def _row_problem(what: str, found: list[str], place: str) -> Problem:
    remedy = msg("Correct the frame; it is published as it stands.")
    return Problem("bad_rows", what, remedy, {"keys": ", ".join(repr(k) for k in found)}, place=place)


def frame_of_table(table: pl.DataFrame) -> Frame:
    """Return the frame of a table that is sorted by stratum and key."""
    labels = tuple(table["stratum"].unique(maintain_order=True).to_list())
    codes = table["stratum"].rle_id().to_numpy()
    return Frame(table["id"].cast(pl.Binary), codes, labels, table["size"].cast(pl.Float64).to_numpy())


def sorted_table(path: Path) -> pl.DataFrame:
    """Read a frame from anywhere and return it in canonical order; ``InputError`` with all that is wrong."""
    table = read_table(path)
    problems = table_problems(table, path.name)
    if problems:
        raise InputError(problems)
    return table if in_order(table) else table.sort("stratum", "id")


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write the canonical frame: CSV, LF, UTF-8, quotes only where needed."""
    plain = table.with_columns(
        pl.when(pl.col("stratum") == "").then(None).otherwise(pl.col("stratum")).alias("stratum")
    )
    plain.write_csv(path, quote_style="necessary", line_terminator="\n")


def in_order(table: pl.DataFrame) -> bool:
    """Say whether rows stand by stratum and key, none twice."""
    stratum, key = pl.col("stratum"), pl.col("id")
    falls = (stratum < stratum.shift()) | ((stratum == stratum.shift()) & (key <= key.shift()))
    return not bool(table.select(falls.any()).item())


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def read_plan(path: Path) -> Plan:
    """Return the plan of a TOML or JSON file."""
    try:
        text = path.read_text(encoding="utf-8")
        table = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        what, remedy = msg("The file cannot be read: %(why)s."), msg("Check its name and permissions.")
        words = {"why": error.strerror or type(error).__name__}
        raise InputError([Problem("unreadable", what, remedy, words, place=path.name)]) from None
    except ValueError as error:
        what, remedy = msg("The plan is not sound TOML: %(why)s."), msg("Correct it; examples/draw.toml is one.")
        raise InputError([Problem("bad_toml", what, remedy, {"why": error}, place=path.name)]) from None
    return plan_of(table if isinstance(table, dict) else {})


def read_beacon(path: Path) -> Beacon:
    """Return a drand round from the JSON that a drand server prints."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        parts = (found["signature"], found.get("randomness", ""), found.get("previous_signature", ""))
        if not re.fullmatch(r"[0-9a-fA-F]*", "".join(parts)):
            raise ValueError("hex")
        return Beacon(int(found["round"]), *parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        what = msg("This is not a drand round.")
        remedy = msg("Save the JSON with round, randomness and signature as the server prints it.")
        raise InputError([Problem("bad_round", what, remedy, place=path.name)]) from None


@contextmanager
def hands(units: int, method: str) -> Iterator[Each]:
    """Give ``map``, or that of a pool of processes where there is much to hash."""
    workers = os.cpu_count() or 1
    if units < SMALL or workers < 2 or method not in BY_TICKET:
        yield map
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map


def draw_many(frame: Frame, rule: Rule, seed: str) -> Drawn:
    """Draw with all processors where the frame is large; the result is the same."""
    with hands(len(frame), rule.method) as each:
        return draw(frame, rule, seed, each)


def load_json(path: Path) -> Any:
    """Return a JSON document, or None where it is none."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
