"""One verdict from many voices: p-values joined for each product, hazard and town, with control of false discoveries."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.signal.discoveries import adjust

Floats = NDArray[np.float64]
WITHIN = ("bonferroni", "cauchy", "fisher")
SURE = {
    "strong": msg("strong: several methods agree, and very few such signals are false"),
    "fair": msg("fair: few such signals are false"),
    "weak": msg("weak: one method spoke, and among so many series that also happens by chance"),
    "none": msg("nothing unusual"),
    "unknown": msg("unknown: no method had enough to go on"),
}
LEVELS = ("signal", "watch", "quiet", "unknown")


@dataclass(frozen=True)
class Verdict:
    """What is said about one key: the joined p-value, the share of false signals down to it, and who spoke.

    ``spoke`` holds (method, p-value) of those at most ``alpha``, the strongest first; ``heard`` the others;
    ``silent`` the methods that had too little to go on. ``sure`` is a key of :data:`SURE`.
    """

    key: Hashable
    level: str
    sure: str
    p: float
    q: float
    rank: int
    spoke: tuple[tuple[str, float], ...]
    heard: tuple[tuple[str, float], ...]
    silent: tuple[str, ...]

    def why(self, translate: Callable[[str], str] = msg, names: Mapping[str, str] | None = None) -> str:
        """Return one sentence: which methods spoke, and how sure that is; ``names`` are message ids of the methods."""
        if self.level == "unknown":
            return translate(SURE["unknown"])
        voices = ", ".join(f"{translate((names or {}).get(name, name))} p = {p:.2g}" for name, p in self.spoke)
        if not voices:
            return translate(SURE["none"])
        words = msg("%(spoke)s of %(heard)s methods spoke (%(voices)s)")
        if self.level == "signal":
            words = msg("%(spoke)s of %(heard)s methods spoke (%(voices)s); false share at most %(share)s")
        heard = len(self.spoke) + len(self.heard)
        return translate(words) % {"spoke": len(self.spoke), "heard": heard, "voices": voices, "share": f"{self.q:.2g}"}


@dataclass(frozen=True, eq=False)
class Combined:
    """Joined p-values ``p``, adjusted ones ``q`` and levels of every key; NaN where no method spoke.

    Of all keys with level ``"signal"`` at most the share ``alpha`` is false on average, whatever the dependence
    between keys with ``across="by"``, and between methods with ``within="bonferroni"``. ``tests`` counts the keys
    with a p-value: those without one were not looked at and pay nothing.
    """

    keys: tuple[Hashable, ...]
    methods: tuple[str, ...]
    voices: Floats
    p: Floats
    q: Floats
    alpha: float
    within: str
    across: str

    @property
    def tests(self) -> int:
        """Number of keys with a p-value."""
        return int(np.isfinite(self.p).sum())

    @property
    def level(self) -> NDArray[np.str_]:
        """``"signal"`` (q at most alpha), ``"watch"`` (p at most alpha), ``"quiet"`` or ``"unknown"`` for every key."""
        found = np.where(self.q <= self.alpha, "signal", np.where(self.p <= self.alpha, "watch", "quiet"))
        return np.where(np.isnan(self.p), "unknown", found)

    @property
    def order(self) -> NDArray[np.int64]:
        """Rows from the strongest on; ties keep the order given, unknown ones come last."""
        return np.argsort(np.where(np.isnan(self.p), np.inf, self.p), kind="stable")

    def verdict(self, row: int, rank: int = 0) -> Verdict:
        """Return the verdict on one row."""
        said = [(name, float(p)) for name, p in zip(self.methods, self.voices[row], strict=True)]
        told = sorted([one for one in said if np.isfinite(one[1])], key=lambda one: one[1])
        spoke = tuple(one for one in told if one[1] <= self.alpha)
        heard = tuple(one for one in told if one[1] > self.alpha)
        silent = tuple(name for name, p in said if not np.isfinite(p))
        level = str(self.level[row])
        sure = {"signal": "fair", "watch": "weak", "quiet": "none", "unknown": "unknown"}[level]
        if level == "signal" and len(spoke) > 1 and self.q[row] <= self.alpha / 10:
            sure = "strong"
        p, q = float(self.p[row]), float(self.q[row])
        return Verdict(self.keys[row], level, sure, p, q, rank or self.rank(row), spoke, heard, silent)

    def rank(self, row: int) -> int:
        """Return the rank by joined p-value, 1 the strongest; equal ones share the better rank."""
        return int(np.sum(self.p < self.p[row])) + 1

    def verdicts(self, levels: Sequence[str] = ("signal", "watch"), limit: int | None = None) -> tuple[Verdict, ...]:
        """Return the verdicts of these levels, the strongest first."""
        every = self.level
        rows = [int(row) for row in self.order if every[row] in levels][:limit]
        return tuple(self.verdict(row) for row in rows)

    def to_frame(self) -> Any:
        """Return one row for each key: p, q, level and the p-value of each method (a polars frame)."""
        import polars as pl

        columns = {f"p_{name}": self.voices[:, j] for j, name in enumerate(self.methods)}
        about = {"key": [str(key) for key in self.keys], "level": self.level.tolist(), "p": self.p, "q": self.q}
        return pl.DataFrame(about | columns).fill_nan(None)


def combine(
    keys: Sequence[Hashable],
    voices: Mapping[str, ArrayLike],
    *,
    alpha: float = 0.05,
    within: str = "bonferroni",
    across: str = "by",
) -> Combined:
    """Join what several methods say about the same keys into one verdict on each, with false-discovery control.

    Parameters
    ----------
    keys : names of what is judged, for example (product, hazard, town)
    voices : p-values by method, one for each key; NaN where the method had too little to go on, which is not 1
    alpha : share of false signals that is accepted on average
    within : how p-values of one key are joined. ``"bonferroni"``: ``k · min p``, right under any dependence, and the
        methods do hear the same reports; ``"cauchy"``: ``1/2 - atan(mean(tan((1/2 - p)π)))/π``, stronger where several
        speak, right for small p under dependence (a row with p = 1 exactly, which would outweigh all, is joined by
        Bonferroni, as its authors' program does); ``"fisher"``: ``-2 Σ log p``, for independent sources only
    across : ``"by"`` holds under any dependence between keys, ``"bh"`` under independence or positive dependence

    Raises
    ------
    InputError
        p-values outside 0 to 1, tables of different lengths, keys that repeat, an unknown choice

    References
    ----------
    Y. Benjamini, Y. Hochberg (1995), JRSS B 57, 289-300; Y. Benjamini, D. Yekutieli (2001), Annals of Statistics 29,
    1165-1188; Y. Liu, J. Xie (2020), JASA 115, 393-402 (Cauchy); R. A. Fisher (1932).

    >>> found = combine(["toy", "kettle", "lamp"], {"series": [0.0004, 0.3, float("nan")], "space": [0.01, 0.9, float("nan")]})
    >>> [(one.key, one.level, round(one.q, 4)) for one in found.verdicts(("signal", "unknown"))]
    [('toy', 'signal', 0.0024), ('lamp', 'unknown', nan)]
    >>> found.verdict(0).why()
    '2 of 2 methods spoke (series p = 0.0004, space p = 0.01); false share at most 0.0024'
    """
    table = _checked(keys, voices, alpha, within, across)
    joined = joined_p(table, within)
    return Combined(tuple(keys), tuple(voices), table, joined, adjust(joined, across), alpha, within, across)


def joined_p(table: ArrayLike, within: str = "bonferroni") -> Floats:
    """Return one p-value for each row of p-values (NaN: silent; all silent: NaN); see :func:`combine`.

    >>> joined_p([[0.01, 0.04], [0.2, float("nan")]]).round(4).tolist()
    [0.02, 0.2]
    """
    from scipy.stats import chi2

    p = np.atleast_2d(np.asarray(table, dtype=np.float64))
    known = np.isfinite(p)
    count = known.sum(axis=1)
    if within == "bonferroni":
        found = np.where(known, p, 1.0).min(axis=1, initial=1.0) * count
    elif within == "cauchy":
        safe = np.clip(np.where(known, p, 0.5), 1e-300, 1 - 1e-15)
        terms = np.where(safe < 1e-8, 1 / (safe * np.pi), np.tan((0.5 - np.maximum(safe, 1e-8)) * np.pi))
        mean = np.where(known, terms, 0).sum(axis=1) / np.maximum(count, 1)
        found = np.where(mean > 1e8, 1 / (np.pi * np.maximum(mean, 1)), 0.5 - np.arctan(mean) / np.pi)
        found = np.where(
            (known & (p == 1)).any(axis=1), np.where(known, p, 1.0).min(axis=1, initial=1.0) * count, found
        )
    else:
        logs = np.where(known, np.log(np.maximum(np.where(known, p, 1), 1e-300)), 0).sum(axis=1)
        found = chi2.sf(-2 * logs, 2 * np.maximum(count, 1))
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, np.minimum(found, 1.0), np.nan)


def _numbers(p: ArrayLike) -> Floats:
    """Return the p-values; words are no p-values, which their length says."""
    try:
        return np.asarray(p, dtype=np.float64)
    except (TypeError, ValueError):
        return np.empty((0, 0))


def _checked(
    keys: Sequence[Hashable], voices: Mapping[str, ArrayLike], alpha: float, within: str, across: str
) -> Floats:
    problems: list[Problem] = []
    what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
    for place, given, known in (("within", within, WITHIN), ("across", across, ("by", "bh"))):
        if given not in known:
            problems.append(Problem("unknown_option", what, remedy, {"given": given, "known": ", ".join(known)}, place))
    if not 0 < alpha < 1:
        problems.append(Problem("bad_alpha", msg("The accepted share lies between 0 and 1."), place="alpha"))
    if len(set(keys)) != len(keys):
        problems.append(Problem("repeated_keys", msg("A key stands in the list twice."), place="keys"))
    if not voices:
        problems.append(Problem("no_voices", msg("Give the p-values of at least one method."), place="voices"))
    columns = {name: _numbers(p) for name, p in voices.items()}
    for name, p in columns.items():
        if p.shape != (len(keys),):
            what = msg("There must be %(wanted)s p-values, one for each key.")
            problems.append(Problem("wrong_length", what, params={"wanted": len(keys)}, place=name))
        elif np.any((p < 0) | (p > 1)):
            problems.append(Problem("bad_p", msg("A p-value lies between 0 and 1."), place=name))
    if problems:
        raise InputError(problems)
    return np.column_stack(list(columns.values()))
