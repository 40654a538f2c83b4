"""Whether declared indicators are at least as strict as the mandatory national standards (Standardisation Law, art. 21)."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qualipolis.methods.problems import Problem, msg

Side = Literal["max", "min"]
_SAME_UNIT = {"mg/kg": ("mass share", 1e-6), "ppm": ("mass share", 1e-6), "μg/kg": ("mass share", 1e-9),
              "g/kg": ("mass share", 1e-3), "%": ("mass share", 1e-2), "mm": ("length", 1e-3), "cm": ("length", 1e-2),
              "m": ("length", 1.0), "n": ("force", 1.0), "kn": ("force", 1e3), "℃": ("temperature", 1.0),
              "w": ("power", 1.0), "kw": ("power", 1e3), "v": ("voltage", 1.0), "kv": ("voltage", 1e3),
              "ma": ("current", 1e-3), "a": ("current", 1.0), "kpa": ("pressure", 1e3), "mpa": ("pressure", 1e6)}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One limit: a parameter is at most (``max``) or at least (``min``) ``limit`` in ``unit``."""

    parameter: str
    side: Side
    limit: float
    unit: str = ""
    source: str = ""


def plain(text: str) -> str:
    """Return a parameter or unit as it is compared: compatibility forms, lower case, without spaces.

    >>> plain("ＰＨ 值"), plain("µg/kg")
    ('ph值', 'μg/kg')
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _in_base(one: Indicator) -> tuple[str, float]:
    kind, factor = _SAME_UNIT.get(plain(one.unit), (plain(one.unit), 1.0))
    return kind, one.limit * factor


def compare(declared: Iterable[Indicator], floors: Iterable[Indicator]) -> tuple[Problem, ...]:
    """Return what is below a floor or cannot be compared with it; a parameter that is not declared is no fault.

    The mandatory limit of a parameter that a firm does not declare holds all the same. Equal limits are not below.

    >>> floor = (Indicator("甲醛含量", "max", 75, "mg/kg", "GB 18401-2010"),)
    >>> [p.code for p in compare((Indicator("甲醛含量", "max", 0.01, "%"),), floor)]
    ['below_floor']
    >>> compare((Indicator("甲醛 含量", "max", 20, "ppm"),), floor)
    ()
    >>> [p.code for p in compare((Indicator("甲醛含量", "max", 20, "mg/L"),), floor)]
    ['other_unit']
    """
    by_name: dict[str, list[Indicator]] = {}
    for floor in floors:
        by_name.setdefault(plain(floor.parameter), []).append(floor)
    found = []
    for one in declared:
        for floor in by_name.get(plain(one.parameter), ()):
            problem = _against(one, floor)
            if problem is not None:
                found.append(problem)
    return tuple(found)


def _against(one: Indicator, floor: Indicator) -> Problem | None:
    told = {"parameter": one.parameter, "limit": f"{floor.limit:g}", "unit": floor.unit, "standard": floor.source}
    if not math.isfinite(one.limit):
        return Problem("no_number", msg("%(parameter)s: give a number."), "", told, "indicators")
    (mine, value), (theirs, limit) = _in_base(one), _in_base(floor)
    if mine != theirs:
        what = msg("%(parameter)s: state it in %(unit)s, so that it can be compared with %(standard)s.")
        return Problem("other_unit", what, "", told, "indicators")
    if one.side != floor.side:
        what = msg("%(parameter)s: %(standard)s sets the other kind of limit (at most, at least).")
        return Problem("other_side", what, "", told, "indicators")
    weaker = value > limit * (1 + 1e-12) if floor.side == "max" else value < limit * (1 - 1e-12)
    if not weaker:
        return None
    most, least = (
        msg("%(parameter)s: %(standard)s allows %(limit)s %(unit)s at most."),
        msg("%(parameter)s: %(standard)s asks for %(limit)s %(unit)s at least."),
    )
    return Problem("below_floor", most if floor.side == "max" else least, "", told, "indicators")


def mandatory(number: str) -> bool:
    """Whether a standard number is that of a mandatory national standard: GB, not GB/T or GB/Z.

    >>> [mandatory(number) for number in ("GB 18401-2010", "GB/T 1-2020", "GB18401-2010", "DB44/T 1-2020")]
    [True, False, True, False]
    """
    text = plain(number)
    return text.startswith("gb") and len(text) > 2 and text[2].isdigit()
