"""An experiment that was run: its model, analysis of variance, lack of fit, and what could not be told apart.

Numbers are coded (x − middle)/(half the range), names by effects: with levels L₁ … L_q, column i is 1 at Lᵢ and −1 at
L_q (two levels: −1 and 1). Sums of squares are adjusted: what a term (or all terms of one kind) adds to all others, the
residual squares without it minus those with it; always of coded columns, since in units of the plant what a main effect
adds to its own interactions depends on where 0 lies. Runs at equal settings give the pure error; the rest of the residual is
lack of fit. Terms that earlier ones already determine are left out, and named.

Source: D. C. Montgomery (2019), *Design and Analysis of Experiments*, 10th ed., Wiley; N. R. Draper and H. Smith (1998),
*Applied Regression Analysis*, 3rd ed., chapter 2 (lack of fit); D. W. Marquardt (1970), Technometrics 12, 591-612 (VIF).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.doe.fit import INTERCEPT, Fit, fit

Columns = dict[str, Floats]
DIFFERS = msg(
    "JASP adds up the adjusted squares of single terms for each kind of terms, for the model and for the total, which is"
    " wrong where terms are not orthogonal; here terms are tested together and the total is that about the mean."
)


@dataclass(frozen=True)
class Source:
    """A line of the analysis of variance; F and p are NaN where there is nothing to compare with."""

    squares: float
    freedom: int
    f: float
    p: float

    @property
    def mean(self) -> float:
        """Mean square; NaN without degrees of freedom."""
        return self.squares / self.freedom if self.freedom else float("nan")


@dataclass(frozen=True, eq=False)
class Experiment:
    """The analysis of an experiment.

    Parameters
    ----------
    fit : coefficients with their limits, R² (also adjusted and predicted), residuals, leverage
    terms : each term by name (``"A"``, ``"A:B"``, ``"A:A"``), adjusted for all others
    kinds : ``"blocks"``, ``"linear"``, ``"square"``, ``"interaction"``, each adjusted for all others, and ``"model"``
    error, lack_of_fit, pure_error, total : residual and its parts; None where no run was made twice
    inflation : variance inflation of each column; 1 where it is orthogonal to all others
    dropped : terms that others already determine (aliased)
    columns : the columns of the model, coded
    factors, names, ranges : settings as they were given, which of them are names, and low and high of the numbers
    """

    fit: Fit
    terms: Mapping[str, Source]
    kinds: Mapping[str, Source]
    error: Source
    lack_of_fit: Source | None
    pure_error: Source | None
    total: Source
    inflation: Mapping[str, float]
    dropped: tuple[str, ...]
    columns: Mapping[str, Floats]
    factors: Mapping[str, Any]
    names: frozenset[str]
    ranges: Mapping[str, tuple[float, float]]
    conventions: Mapping[str, object] = field(default_factory=dict)

    def predict(self, settings: Mapping[str, ArrayLike]) -> Floats:
        """Return the fitted result at other settings, for the mean of the blocks.

        >>> found = experiment({"A": [0, 10, 0, 10], "B": [1, 1, 2, 2]}, [1.0, 3, 2, 4.2], terms=[("A",), ("B",)])
        >>> found.predict({"A": [5.0], "B": [1.5]}).round(6).tolist()
        [2.55]
        """
        new = {name: np.atleast_1d(np.asarray(settings[name])).ravel() for name in self.factors if name in settings}
        wrong = [name for name in self.factors if name not in new]
        wrong += [name for name in self.names & set(new) if not set(new[name]) <= set(self.factors[name])]
        what = msg("A setting is missing, or a name that was not tried.")
        refuse([Problem("bad_setting", what, place=name) for name in wrong])
        both = {name: np.concatenate([old, new[name]]) for name, old in self.factors.items()}
        asked = [tuple(term.split(":")) for term in self.terms]
        coded = bool(self.conventions["coded"])
        made = _groups(both, set(self.names), asked, None, self.ranges, coded)
        flat = {label: column for columns in made.values() for label, column in columns.items()}
        count = len(next(iter(new.values())))
        found = np.full(count, self.fit.terms[INTERCEPT].value)
        for label in self.columns:
            if label in flat:
                found = found + self.fit.terms[label].value * flat[label][-count:]
        return found

    def __repr__(self) -> str:
        return f"Experiment({len(self.terms)} terms, {self.total.freedom + 1} runs, R² {self.fit.r2:.3f})"


def experiment(
    factors: Mapping[str, ArrayLike],
    y: ArrayLike,
    *,
    terms: Sequence[Sequence[str]] | None = None,
    categorical: Sequence[str] = (),
    blocks: ArrayLike | None = None,
    coded: bool = True,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    confidence: float = 0.95,
) -> Experiment:
    """Return the analysis of an experiment.

    Parameters
    ----------
    factors : the setting of each factor in each run; text makes a factor categorical
    y : (n,) results
    terms : tuples of factors, ``("A", "B")`` for an interaction, ``("A", "A")`` for a square; all main effects and
        two-factor interactions unless given
    categorical : numbers that are names too
    blocks : the block of each run, taken out before anything is judged
    coded : code numbers to −1 and 1; else in their own units, where inflation is large and intercepts far away
    ranges : low and high setting of a number, where its smallest and largest value are not those (star points)

    Raises
    ------
    InputError
        Columns of different lengths, missing or constant ones, a term with an unknown factor.

    >>> found = experiment({"A": [-1, 1, -1, 1] * 2, "B": [-1, -1, 1, 1] * 2}, [1, 3, 2, 4.2, 1.2, 2.9, 2.1, 4.4])
    >>> round(found.terms["A"].f, 1), round(found.terms["A:B"].p, 3), found.lack_of_fit
    (672.4, 0.065, None)
    """
    names = list(factors)
    asked = [tuple(term) for term in terms] if terms is not None else _usual(names)
    target = np.asarray(y, dtype=np.float64).ravel()
    given = {name: np.asarray(values).ravel() for name, values in factors.items()}
    _refuse(given, asked, target, blocks)
    texts = {n for n, values in given.items() if values.dtype.kind not in "iuf"} | set(categorical)
    kept, dropped = _independent(_groups(given, texts, asked, blocks, ranges or {}, True))
    shown = kept if coded else _as(kept, _groups(given, texts, asked, blocks, {}, False))
    every = {name: column for columns in shown.values() for name, column in columns.items()}
    found = fit(every, target, confidence=confidence)
    error = Source(found.residual_squares, found.freedom, float("nan"), float("nan"))
    sources = {name: _source(kept, (name,), target, error) for name in kept}
    lack, pure = _replicates(given, blocks, target, error)
    centred = target - target.mean()
    total = Source(float(centred @ centred), len(target) - 1, float("nan"), float("nan"))
    words: dict[str, object] = {"squares": "adjusted", "coded": coded, "confidence": confidence, "differs": DIFFERS}
    return Experiment(
        found, {name: sources[name] for name in kept if name != "blocks"}, _kinds(kept, target, error), error, lack,
        pure, total, _inflation(every), dropped, every, given, frozenset(texts & set(given)), _spans(given, texts, ranges),
        words,
    )  # fmt: skip


def _spans(
    given: Mapping[str, Any], texts: set[str], ranges: Mapping[str, tuple[float, float]] | None
) -> dict[str, tuple[float, float]]:
    """Return low and high of each number, as coded."""
    found = {n: (float(v.min()), float(v.max())) for n, v in given.items() if n not in texts}
    return found | {n: v for n, v in (ranges or {}).items() if n in found}


def _groups(
    given: Mapping[str, Any],
    texts: set[str],
    asked: Sequence[tuple[str, ...]],
    blocks: ArrayLike | None,
    ranges: Mapping[str, tuple[float, float]],
    coded: bool,
) -> dict[str, Columns]:
    """Return the columns of blocks and of each term."""
    parts = {n: _columns(n, v, n in texts, coded, ranges.get(n)) for n, v in given.items()}
    found: dict[str, Columns] = {}
    if blocks is not None:
        found["blocks"] = _columns("block", np.asarray(blocks).ravel().astype(str), True, True, None)
    return found | {":".join(term): _product(parts, term) for term in asked}


def _as(kept: Mapping[str, Columns], other: Mapping[str, Columns]) -> dict[str, Columns]:
    """Return the same columns in other units."""
    return {name: {label: other[name][label] for label in columns} for name, columns in kept.items()}


def _usual(names: list[str]) -> list[tuple[str, ...]]:
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    return [*((name,) for name in names), *pairs]


def _refuse(given: Mapping[str, Any], asked: list[tuple[str, ...]], y: Floats, blocks: ArrayLike | None) -> None:
    wrong = []
    columns = {"y": y} | dict(given) | ({} if blocks is None else {"blocks": np.asarray(blocks).ravel()})
    for name, values in columns.items():
        missing = values.dtype.kind == "f" and not np.isfinite(values).all()
        if len(values) != len(y) or missing:
            what = msg("Every run has a value in every column, and all columns have the same length.")
            wrong.append(Problem("columns", what, place=name))
        elif len(np.unique(values)) < 2:
            wrong.append(Problem("flat", msg("This column never changes: nothing can be told of it."), place=name))
    for term in asked:
        if not term or not set(term) <= set(given):
            what = msg("The term %(term)s names a factor that is not there.")
            wrong.append(Problem("unknown_factor", what, "", {"term": ":".join(term)}, "terms"))
    refuse(wrong)


def _columns(name: str, values: Any, is_text: bool, coded: bool, span: tuple[float, float] | None) -> Columns:
    """Return the columns of a factor: one for a number, one fewer than levels for names."""
    if not is_text:
        x = np.asarray(values, dtype=np.float64)
        low, high = span or (float(x.min()), float(x.max()))
        return {name: (2 * x - low - high) / (high - low) if coded else x}
    levels, code = np.unique(values, return_inverse=True)
    if len(levels) == 2:
        return {name: np.where(code == 1, 1.0, -1.0)}
    last = code == len(levels) - 1
    return {f"{name}[{level}]": (code == i) - 1.0 * last for i, level in enumerate(levels[:-1])}


def _product(parts: Mapping[str, Columns], term: Sequence[str]) -> Columns:
    found: Columns = {"": np.ones(1)}
    for name in term:
        found = {f"{left}:{right}".strip(":"): a * b for right, b in parts[name].items() for left, a in found.items()}
    return found


def _independent(groups: Mapping[str, Columns]) -> tuple[dict[str, Columns], tuple[str, ...]]:
    """Return the terms without columns that earlier ones determine, and the names of terms that lost any."""
    n = len(next(iter(next(iter(groups.values())).values())))
    basis, kept, dropped = [np.ones(n) / np.sqrt(n)], {}, []
    for name, columns in groups.items():
        mine = {}
        for label, column in columns.items():
            rest = column / np.linalg.norm(column) if column.any() else column
            for _ in range(2):
                for axis in basis:
                    rest = rest - (axis @ rest) * axis
            if (size := float(np.linalg.norm(rest))) > 1e-9:
                basis.append(rest / size)
                mine[label] = column
        if len(mine) < len(columns):
            dropped.append(name)
        if mine:
            kept[name] = mine
    return kept, tuple(dropped)


def _left(groups: Mapping[str, Columns], without: Sequence[str], y: Floats) -> float:
    """Return the residual squares of the model without some terms."""
    columns = [c for name, part in groups.items() if name not in without for c in part.values()]
    x = np.stack([np.ones(len(y)), *columns], axis=1)
    scaled = x / np.linalg.norm(x, axis=0)
    rest = y - scaled @ np.linalg.lstsq(scaled, y, rcond=None)[0]
    return float(rest @ rest)


def _source(groups: Mapping[str, Columns], names: Sequence[str], y: Floats, error: Source) -> Source:
    """Return what terms add to all others, held against the residual."""
    squares = max(0.0, _left(groups, names, y) - error.squares)
    return _tested(squares, sum(len(groups[name]) for name in names), error)


def _tested(squares: float, freedom: int, error: Source) -> Source:
    from scipy.special import fdtrc

    if not error.freedom or not error.squares > 0 or not freedom:
        return Source(squares, freedom, float("nan"), float("nan"))
    f = squares / freedom / error.mean
    return Source(squares, freedom, f, float(fdtrc(freedom, error.freedom, f)))


def _kind(name: str) -> str:
    parts = name.split(":")
    if name == "blocks":
        return name
    return "linear" if len(parts) == 1 else "square" if len(set(parts)) == 1 else "interaction"


def _kinds(groups: Mapping[str, Columns], y: Floats, error: Source) -> dict[str, Source]:
    found = {"model": _source(groups, list(groups), y, error)}
    for kind in ("blocks", "linear", "square", "interaction"):
        if names := [name for name in groups if _kind(name) == kind]:
            found[kind] = _source(groups, names, y, error)
    return found


def _replicates(
    given: Mapping[str, Any], blocks: ArrayLike | None, y: Floats, error: Source
) -> tuple[Source | None, Source | None]:
    """Return lack of fit and pure error, from runs at equal settings."""
    columns = [*given.values(), *([] if blocks is None else [np.asarray(blocks).ravel()])]
    codes = np.stack([np.unique(c, return_inverse=True)[1] for c in columns], axis=1)
    _, cell = np.unique(codes, axis=0, return_inverse=True)
    cell = cell.ravel()
    sizes = np.bincount(cell)
    freedom = int(len(y) - len(sizes))
    if not freedom or freedom >= error.freedom:
        return None, None
    apart = y - (np.bincount(cell, weights=y) / sizes)[cell]
    pure = Source(float(apart @ apart), freedom, float("nan"), float("nan"))
    return _tested(max(0.0, error.squares - pure.squares), error.freedom - freedom, pure), pure


def _inflation(columns: Mapping[str, Floats]) -> dict[str, float]:
    x = np.stack(list(columns.values()), axis=1)
    x = x - x.mean(axis=0)
    _, r = np.linalg.qr(x / np.linalg.norm(x, axis=0))
    inverse = np.linalg.solve(r, np.eye(len(r)))
    return dict(zip(columns, np.sum(inverse**2, axis=1).tolist(), strict=True))
