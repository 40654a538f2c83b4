"""Columns into tables, fast: one prepared INSERT for each table, no model instance for each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import batched, repeat
from typing import Any

import numpy as np
import polars as pl
from django.core.management.color import no_style
from django.db import connection, models

BATCH = 5_000


def insert(model: type[models.Model], frame: pl.DataFrame, **constants: Any) -> np.ndarray:
    """Insert the rows of ``frame`` (columns named as the model's database columns); return their keys, in order.

    The table must be empty: keys count from 1, so that other tables can be filled without asking for them. A column
    that is not given takes its constant or the field's default.
    """
    keys = np.arange(1, frame.height + 1)
    fields = {field.column: field for field in model._meta.concrete_fields}
    frame = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    key_column = model._meta.pk.column
    columns = [key_column, *frame.columns, *(name for name in fields if name not in {key_column, *frame.columns})]
    values: list[Sequence[Any] | Iterator[Any]] = [keys.tolist(), *(frame[name].to_list() for name in frame.columns)]
    for name in columns[1 + frame.width :]:
        value = constants[name] if name in constants else fields[name].get_default()
        values.append(repeat(fields[name].get_db_prep_save(value, connection)))
    table, names = connection.ops.quote_name(model._meta.db_table), map(connection.ops.quote_name, columns)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    with connection.cursor() as cursor:
        for batch in batched(zip(*values, strict=False), BATCH, strict=False):
            cursor.executemany(statement, batch)
    return keys


def reset_sequences(*tables: type[models.Model]) -> None:
    """Let the next key follow the last one inserted (PostgreSQL keeps its own counters)."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def keyed(codes: pl.Series, keys: np.ndarray, wanted: pl.Series) -> pl.Series:
    """Return the key of each wanted code."""
    return wanted.replace_strict(codes, pl.Series(keys), return_dtype=pl.Int64)
