"""The plan of a draw, as it is published before the randomness exists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.design.allocation import proportional, whole
from qualipolis.methods.sampling.draws.draw import DRAWS, Rule, worked
from qualipolis.methods.sampling.draws.frame import Frame

ALLOCATIONS = ("size", "count", "equal")
KNOWN = ("title", "method", "n", "allocation", "min", "max", "reserve", "strata", "randomness", "previous")


@dataclass(frozen=True)
class Plan:
    """What a draw does.

    Parameters
    ----------
    method : one of :data:`~qualipolis.methods.sampling.draws.draw.DRAWS`
    n : units in all
    allocation : numbers by ``size`` (total size of a stratum), ``count`` (its units) or ``equal``
    least, most : bounds of each stratum
    reserve : units of reserve for each stratum: a share of its number below 1 (rounded up), else a whole number
    strata : numbers by stratum, instead of an allocation
    randomness : the public source named beforehand: any words; ``chain`` and ``round`` for drand, ``commitment`` for the
        hash of a secret of the agency
    previous : why an earlier draw is replaced, and its seal
    """

    method: str
    n: int
    title: str = ""
    allocation: str = "size"
    least: int = 0
    most: int | None = None
    reserve: float = 0.0
    strata: Mapping[str, int] = field(default_factory=dict)
    randomness: Mapping[str, Any] = field(default_factory=dict)
    previous: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the plan as a table, without what says nothing."""
        table: dict[str, Any] = {"method": self.method, "n": self.n, "title": self.title}
        table |= {"allocation": self.allocation, "min": self.least, "max": self.most}
        table |= {"reserve": repr(self.reserve), "strata": dict(self.strata)}
        table |= {"randomness": dict(self.randomness), "previous": dict(self.previous)}
        return {name: value for name, value in table.items() if value not in ("", None, {})}


def plan_of(table: Mapping[str, Any]) -> Plan:
    """Return a plan from the table of a TOML or JSON file.

    Raises
    ------
    InputError
        every entry that is missing, unknown or of the wrong kind

    >>> plan_of({"method": "pps_pareto", "n": 350, "min": 2, "reserve": 0.2})
    Plan(method='pps_pareto', n=350, title='', allocation='size', least=2, most=None, reserve=0.2, strata={}, randomness={}, previous={})
    """
    problems = [_unknown(name) for name in table if name not in KNOWN]
    strata = table.get("strata", {})
    strata = strata if isinstance(strata, Mapping) else {"": strata}
    n = table.get("n", _sum(strata))
    reserve = table.get("reserve", 0)
    reserve = float(reserve) if isinstance(reserve, str) and reserve.replace(".", "", 1).isdigit() else reserve
    sound = {
        "method": table.get("method") in DRAWS,
        "n": _count(n) and n > 0 and (not strata or n == _sum(strata)),
        "allocation": table.get("allocation", "size") in ALLOCATIONS,
        "min": _count(table.get("min", 0)),
        "max": table.get("max") is None or _count(table["max"]),
        "reserve": isinstance(reserve, int | float) and 0 <= reserve < 1e9,
        "strata": all(_count(value) for value in strata.values()),
        "title": isinstance(table.get("title", ""), str),
        "randomness": isinstance(table.get("randomness", {}), Mapping),
        "previous": isinstance(table.get("previous", {}), Mapping),
    }
    problems += [_wrong(name, table.get(name)) for name, fine in sound.items() if not fine]
    if problems:
        raise InputError(problems)
    return Plan(
        table["method"],
        int(n),
        table.get("title", ""),
        table.get("allocation", "size"),
        table.get("min", 0),
        table.get("max"),
        float(reserve),
        dict(strata),
        dict(table.get("randomness", {})),
        dict(table.get("previous", {})),
    )


def rule_of(plan: Plan, frame: Frame) -> Rule:
    """Return the rule of a plan for a frame: numbers by stratum, working probabilities of small strata.

    >>> from qualipolis.methods.sampling.draws.frame import frame_of
    >>> frame = frame_of(["a", "b", "c", "d"], ["X", "X", "Y", "Y"], [1, 1, 2, 2])
    >>> rule_of(Plan("pps_systematic", 2), frame).n
    {'X': 1, 'Y': 1}
    """
    if plan.strata:
        n = dict(plan.strata)
    else:
        units, sizes = _totals(plan, frame)
        weights = {"size": sizes, "count": units, "equal": np.ones(len(units))}[plan.allocation]
        most = np.minimum(units, np.inf if plan.most is None else plan.most)
        least = np.minimum(plan.least, units)
        shares = proportional(weights, plan.n, least, most).n
        n = {label: int(k) for label, k in zip(frame.labels, whole(shares, plan.n, least, most), strict=True)}
    return worked(frame, Rule(plan.method, n, {label: reserve_of(plan, k) for label, k in n.items()}))


def reserve_of(plan: Plan, n: int) -> int:
    """Return the reserve of a stratum with n units in the sample.

    >>> reserve_of(Plan("srs", 10, reserve=0.25), 10), reserve_of(Plan("srs", 10, reserve=4), 10)
    (3, 4)
    """
    return math.ceil(plan.reserve * n - 1e-9) if plan.reserve < 1 else int(plan.reserve)


def _totals(plan: Plan, frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return units that can be drawn and total size, by stratum; sizes summed exactly, so that order does not matter."""
    pps = plan.method.startswith("pps")
    units, sizes = [], []
    for places in frame.places():
        x = frame.sizes[places]
        units.append(float((x > 0).sum()) if pps else float(len(x)))
        sizes.append(float(x.sum()) if len(x) > 100_000 else math.fsum(x))
    return np.array(units), np.array(sizes)


def _sum(strata: Mapping[str, Any]) -> int | None:
    return sum(strata.values()) if all(_count(v) for v in strata.values()) else None


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _unknown(name: str) -> Problem:
    what, remedy = msg("A plan has no entry %(name)s."), msg("Use: %(known)s.")
    return Problem("unknown_entry", what, remedy, {"name": name, "known": ", ".join(KNOWN)}, place=f"plan {name}")


def _wrong(name: str, value: object) -> Problem:
    what, remedy = msg("%(value)s cannot be the entry %(name)s of a plan."), msg("See the page on verifiable draws.")
    return Problem("bad_entry", what, remedy, {"name": name, "value": repr(value)}, place=f"plan {name}")
