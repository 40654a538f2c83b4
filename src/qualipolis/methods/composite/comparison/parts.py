"""The parts of a score, of the gap between two units or of a change over time: what they are, and that they add up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

KINDS = ("value", "scale", "weight", "missing", "set", "method")


@dataclass(frozen=True)
class Part:
    """One part, in points of the node's score.

    Parameters
    ----------
    node : the indicator it belongs to (for ``method`` the aggregate whose mean changed)
    kind : ``value`` its raw value differs; ``scale`` the same raw value scores differently (goalposts, or the others of
        a relative scale, moved); ``weight`` a weight on the way up differs; ``missing`` it is there on one side only;
        ``set`` only one of the two frameworks has it; ``method`` the mean differs
    source : the node at which that happens: the indicator itself, or an aggregate above it
    branch : the child of the decomposed node through which it counts
    points : the part
    """

    node: str
    kind: str
    source: str
    branch: str
    points: float


@dataclass(frozen=True, eq=False, repr=False)
class Decomposition:
    """``total`` = ``score`` - ``against_score``, split without remainder.

    Parameters
    ----------
    node : the node whose score is split
    of, against : labels of both sides (units, or unit and time)
    score, against_score : both scores
    parts : largest first by absolute size; parts of exactly 0 are left out
    """

    node: str
    of: str
    against: str
    score: float
    against_score: float
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """The difference that is split."""
        return self.score - self.against_score

    @property
    def residual(self) -> float:
        """What rounding leaves over: total minus the sum of all parts."""
        return self.total - math.fsum(part.points for part in self.parts)

    @property
    def by_indicator(self) -> dict[str, float]:
        """Points for each indicator (and each aggregate whose mean changed), largest first by absolute size."""
        return self._sums(lambda part: part.node)

    @property
    def by_kind(self) -> dict[str, float]:
        """Points for each kind."""
        return self._sums(lambda part: part.kind)

    @property
    def by_branch(self) -> dict[str, float]:
        """Points for each child of the node: the bars of a waterfall."""
        return self._sums(lambda part: part.branch)

    def to_frame(self, by: str = "part") -> pl.DataFrame:
        """Return a table: one line for each ``part``, ``indicator``, ``kind`` or ``branch``, with its points."""
        import polars as pl

        sums = {"indicator": "by_indicator", "kind": "by_kind", "branch": "by_branch"}
        if by in sums:
            found: dict[str, float] = getattr(self, sums[by])
            return pl.DataFrame(
                {by: list(found), "points": list(found.values())}, schema={by: pl.String, "points": pl.Float64}
            )
        if by != "part":
            raise InputError([unknown_choice("by", by, ("part", *sums))])
        names = ("node", "kind", "source", "branch")
        columns = {name: [getattr(part, name) for part in self.parts] for name in names}
        schema = dict.fromkeys(names, pl.String) | {"points": pl.Float64}
        return pl.DataFrame(columns | {"points": [part.points for part in self.parts]}, schema=schema)

    def _sums(self, key: Callable[[Part], str]) -> dict[str, float]:
        found: dict[str, list[float]] = {}
        for part in self.parts:
            found.setdefault(key(part), []).append(part.points)
        sums = {name: math.fsum(points) for name, points in found.items()}
        return dict(sorted(sums.items(), key=lambda item: -abs(item[1])))

    def __repr__(self) -> str:
        lines = [
            f"{self.node}: {self.of} {self.score:.4f} - {self.against} {self.against_score:.4f} = {self.total:+.4f}"
        ]
        lines += [f"{p.points:+10.4f}  {p.node} ({p.kind}, {p.source})" for p in self.parts[:12]]
        more = len(self.parts) - 12
        return "\n".join(lines + ([f"            ... and {more} more"] if more > 0 else []))


def unknown_choice(parameter: str, value: object, choices: tuple[str, ...]) -> Problem:
    """Return the problem of an argument that is none of its choices.

    >>> str(unknown_choice("by", "x", ("part", "kind")))
    'by cannot be x. Use one of: part, kind.'
    """
    return Problem(
        "unknown_choice",
        msg("%(parameter)s cannot be %(value)s."),
        msg("Use one of: %(known)s."),
        {"parameter": parameter, "value": value, "known": ", ".join(choices)},
    )
