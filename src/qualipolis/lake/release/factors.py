"""What is uncertain, as plain values: in a pipeline file under ``[[factors]]``, and in the document of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from qualipolis.lake.cells import Place
from qualipolis.methods.composite import Alternatives, DataNoise, Factor, Step, WeightNoise
from qualipolis.methods.composite.factors import Imputation, WeightSets
from qualipolis.methods.problems import InputError, Problem, msg

Factors = tuple[Factor, ...]


def factor_to_dict(factor: Factor) -> dict[str, Any]:
    """Return a factor as plain values.

    >>> factor_to_dict(Alternatives("treat.winmax", (3, 5)))
    {'factor': 'alternatives', 'address': 'treat.winmax', 'values': [3, 5]}
    """
    if isinstance(factor, WeightNoise):
        said: dict[str, Any] = {"factor": "weight_noise", "relative": factor.relative}
        return said if factor.levels is None else {**said, "levels": list(factor.levels)}
    if isinstance(factor, Alternatives):
        values = [value.to_dict() if isinstance(value, Step) else value for value in factor.values]
        said = {"factor": "alternatives", "address": factor.address, "values": values}
        return said | likely(factor.probabilities)
    if isinstance(factor, Imputation):
        said = {"factor": "imputation", "method": factor.method}
        return said if factor.group is None else {**said, "group": factor.group}
    if isinstance(factor, WeightSets):
        return weight_sets(factor)
    errors = np.nan_to_num(np.asarray(factor.standard_errors)).tolist()
    said = {"factor": "data_noise", "standard_errors": errors}
    return {**said, "observed": True} if factor.observed else said


def weight_sets(factor: WeightSets) -> dict[str, Any]:
    """Return sets of weights as plain values: a matrix with its codes, or one table for each set."""
    mapped = isinstance(factor.sets, tuple | list) and all(isinstance(one, Mapping) for one in factor.sets)
    sets = [dict(one) for one in factor.sets] if mapped else np.asarray(factor.sets, dtype=np.float64).tolist()
    said = {"factor": "weight_sets", "sets": sets} | likely(factor.probabilities)
    return {**said, "nodes": list(factor.nodes)} if factor.nodes else said


def likely(probabilities: tuple[float, ...] | None) -> dict[str, Any]:
    """Return the probabilities as plain values, where there are any."""
    return {} if probabilities is None else {"probabilities": list(probabilities)}


def factors_from(rows: object, name: str) -> Factors:
    """Return the factors in ``rows``, from a file called ``name``.

    Raises
    ------
    InputError
        with every row that is no factor

    >>> factors_from([{"factor": "weight_noise", "relative": 0.1}], "p.toml")
    (WeightNoise(relative=0.1, levels=None),)
    """
    listed = rows if isinstance(rows, Sequence) and not isinstance(rows, str) else [rows]
    found: list[Factor] = []
    problems: list[Problem] = []
    for number, row in enumerate(listed, start=1):
        try:
            found.append(factor_from(row if isinstance(row, Mapping) else {}))
        except InputError as error:
            problems += error.problems
        except (KeyError, TypeError, ValueError):
            what = msg("Factor %(number)s is not understood.")
            remedy = msg('Write factor = "weight_noise" with relative, or "alternatives" with address and values.')
            problems.append(Problem("bad_factor", what, remedy, {"number": number}, place=Place(name)))
    if problems:
        raise InputError(problems)
    return tuple(found)


def factor_from(row: Mapping[str, Any]) -> Factor:
    """Return one factor; ``KeyError``, ``TypeError`` or ``ValueError`` when the row is none."""
    kind, given = row["factor"], {key: value for key, value in row.items() if key != "factor"}
    if kind == "weight_noise":
        levels = given.pop("levels", None)
        return WeightNoise(float(given.pop("relative")), None if levels is None else tuple(levels), **given)
    if kind == "data_noise":
        return DataNoise(np.array(given.pop("standard_errors"), dtype=np.float64), **given)
    if kind == "imputation":
        return Imputation(**{key: str(value) for key, value in given.items()})
    if "probabilities" in given:
        given["probabilities"] = tuple(float(one) for one in given["probabilities"])
    if kind == "weight_sets" and isinstance(given["sets"], list):
        return WeightSets(tuple(given.pop("sets")), tuple(map(str, given.pop("nodes", ()))), **given)
    if kind == "alternatives" and isinstance(given["values"], list):
        return Alternatives(str(given.pop("address")), tuple(given.pop("values")), **given)
    raise ValueError(kind)
