"""The plan of a draw as text that people publish and ``qualipolis draw --plan plan.toml`` runs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.plans import ALLOCATIONS, Plan, plan_of

# the methods that the sixty-line script of the documentation replays
METHODS = {
    "srs": msg("simple random: every unit of a stratum the same chance"),
    "systematic": msg("systematic: every so many from a random start"),
    "pps_pareto": msg("by size, by ticket (Pareto): replacements keep the rest"),
    "pps_sequential_poisson": msg("by size, by ticket (sequential Poisson)"),
    "pps_systematic": msg("by size, systematic from a random start"),
}
ALLOCATED = {
    "count": msg("in proportion to the units of a stratum"),
    "size": msg("in proportion to the total size of a stratum"),
    "equal": msg("the same for every stratum"),
}


@dataclass(frozen=True)
class DrawPlan:
    """What a planner chooses: method, number, how it is shared out, bounds of a stratum, reserve as a share."""

    method: str = "srs"
    n: int = 1
    allocation: str = "count"
    least: int = 0
    most: int | None = None
    reserve: float = 0.0
    strata: Mapping[str, int] = field(default_factory=dict)
    title: str = ""

    def __post_init__(self) -> None:
        checks = (
            ("method", self.method in METHODS, msg("Choose a method of drawing.")),
            ("allocation", self.allocation in ALLOCATIONS, msg("Choose how the number is shared out.")),
            ("n", self.n >= 1, msg("A number of batches is whole and at least 1.")),
            ("least", self.least >= 0, msg("A smallest number of a stratum is not below 0.")),
            ("most", self.most is None or self.most >= max(self.least, 1),
             msg("A largest number of a stratum is not below the smallest.")),
            ("reserve", 0 <= self.reserve < 1e6, msg("A reserve is not below 0.")),
        )  # fmt: skip
        problems = [Problem(f"bad_{name}", what, place=name) for name, holds, what in checks if not holds]
        if problems:
            raise InputError(problems)

    def table(self) -> dict[str, Any]:
        """Return the entries of the plan file, without what says nothing."""
        said: dict[str, Any] = {"title": self.title, "method": self.method, "n": self.n}
        said |= {} if self.strata else {"allocation": self.allocation, "min": self.least, "max": self.most}
        said |= {"reserve": round(self.reserve, 4) if self.reserve < 1 else int(self.reserve)}
        said |= {"strata": dict(sorted(self.strata.items()))}
        return {name: value for name, value in said.items() if value not in ("", None, {})}


def toml_of(table: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain entries first, then one level of tables.

    >>> print(toml_of({"n": 3, "title": "甲", "randomness": {"round": 5}}))
    n = 3
    title = "甲"
    <BLANKLINE>
    [randomness]
    round = 5
    <BLANKLINE>
    """
    lines = [f"{_key(name)} = {_value(value)}" for name, value in table.items() if not isinstance(value, Mapping)]
    for name, inner in table.items():
        if isinstance(inner, Mapping):
            lines += ["", f"[{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in inner.items())]
    return "\n".join([*lines, ""])


def plan_in(text: str) -> Plan:
    """Return the plan that a text of TOML says; ``InputError`` with all that is wrong."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        what = msg("The plan is not sound TOML: %(why)s.")
        raise InputError([Problem("bad_toml", what, params={"why": error}, place="rule")]) from None
    return plan_of(table)


def draw_plan_in(text: str) -> DrawPlan:
    """Return the choices behind a text of TOML."""
    table = tomllib.loads(text)
    known = {name: table[name] for name in ("method", "n", "allocation", "reserve", "strata", "title") if name in table}
    return DrawPlan(**known, least=table.get("min", 0), most=table.get("max"))


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else repr(value)
