"""The tables of GB/T 2828.1-2012 (ISO 2859-1:1999) as a rule: code letters, sample sizes, diagonals, arrows.

Sample sizes and AQL both grow by steps of about 1.6, so that a plan depends on the sum of its row and its column:
each table is a sequence of acceptance numbers along the diagonals. What the standard prints is generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

CODES = "ABCDEFGHJKLMNPQR"
AQLS = [
    "0.010",
    "0.015",
    "0.025",
    "0.040",
    "0.065",
    "0.10",
    "0.15",
    "0.25",
    "0.40",
    "0.65",
    "1.0",
    "1.5",
    "2.5",
    "4.0",
    "6.5",
    "10",
    "15",
    "25",
    "40",
    "65",
    "100",
    "150",
    "250",
    "400",
    "650",
    "1000",
]
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
STATES = ("normal", "tightened", "reduced")

LOT_ENDS = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10000, 35000, 150000, 500000, None)
"""The last lot size of each row of Table 1; the first row begins at 2."""
LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "S-1": "AAAABBBBCCCCDDD",
        "S-2": "AAABBBCCCDDDEEE",
        "S-3": "AABBCCDDEEFFGGH",
        "S-4": "AABCCDEEFGGHJJK",
        "I": "AABCCDEFGHJKLMN",
        "II": "ABCDEFGHJKLMNPQ",
        "III": "BCDEFGHJKLMNPQR",
    }
)
"""Table 1: the code letter for each row of lot sizes."""

SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)
REDUCED_SIZES = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)
EXTRA = ("S", 3150)
"""The one cell below code letter R: tightened inspection, AQL 0.025, Ac 1."""
LONG = 5
"""Only the first five code letters have the last two numbers of a sequence."""


@dataclass(frozen=True)
class Diagonals:
    """One table: where Ac 0 and Ac 1 stand (row + column), the numbers from Ac 1 on, the side of the gap after 0."""

    zero: int
    one: int
    numbers: tuple[tuple[int, int], ...]
    up_after_zero: bool
    sizes: tuple[int, ...]
    short_rows: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Own numbers of the first code letters, from the column where the first of them has Ac 1."""
    first_re: int = 1


def _plain(*numbers: int) -> tuple[tuple[int, int], ...]:
    return tuple((ac, ac + 1) for ac in numbers)


NORMAL = Diagonals(14, 17, _plain(1, 2, 3, 5, 7, 10, 14, 21, 30, 44), True, SIZES)
TIGHTENED = Diagonals(15, 18, _plain(1, 2, 3, 5, 8, 12, 18, 27, 41), False, SIZES)
_OWN = _plain(1, 2, 3, 5, 7, 10, 14, 21, 30)
REDUCED = Diagonals(14, 18, _plain(1, 2, 3, 5, 6, 8, 10, 14, 21), True, REDUCED_SIZES, (_OWN, _OWN))
_GAPPED = ((0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13), (14, 17), (21, 24))
_GAPPED_B = ((1, 3), (2, 4), (3, 5), *_plain(5, 7, 10, 14, 21, 30))
MIL_REDUCED = Diagonals(14, 17, _GAPPED, True, REDUCED_SIZES, (_OWN, _GAPPED_B))
OWN_FROM = 17
"""Column (AQL 25) from which the first code letters of reduced inspection have numbers of their own."""

TABLES: Mapping[tuple[str, str], Diagonals] = MappingProxyType(
    {
        ("GB/T 2828.1-2012", "normal"): NORMAL,
        ("GB/T 2828.1-2012", "tightened"): TIGHTENED,
        ("GB/T 2828.1-2012", "reduced"): REDUCED,
        ("MIL-STD-105E", "normal"): NORMAL,
        ("MIL-STD-105E", "tightened"): TIGHTENED,
        ("MIL-STD-105E", "reduced"): MIL_REDUCED,
    }
)


@dataclass(frozen=True)
class Cell:
    """A cell as printed (a number, ``"up"`` or ``"down"``) and the plan that it leads to."""

    printed: str
    code: str
    n: int
    ac: int
    re: int


def code_letter(lot_size: int, level: str) -> str:
    """Return the code letter of Table 1.

    >>> code_letter(1000, "II"), code_letter(2, "S-1"), code_letter(500_001, "III")
    ('J', 'A', 'R')
    """
    row = next(k for k, end in enumerate(LOT_ENDS) if end is None or lot_size <= end)
    return LETTERS[level][row]


@lru_cache(maxsize=4096)
def cell(edition: str, state: str, code: str, aql: str) -> Cell:
    """Return one cell of Table 2-A, 2-B or 2-C with its arrow followed.

    An arrow leads along its column to the first plan. Where there is none on that side (the ends of the table) the
    arrow points to the other.

    >>> cell("GB/T 2828.1-2012", "normal", "H", "0.65")
    Cell(printed='down', code='J', n=80, ac=1, re=2)
    """
    table, column, row = TABLES[edition, state], AQLS.index(aql), CODES.index(code)
    below_last = (edition, state, aql) == ("GB/T 2828.1-2012", "tightened", "0.025")
    own = _number(table, row, column, edition)
    if own is not None:
        return Cell(str(own[0]), code, table.sizes[row], *own)
    upward = row + column > table.one or (table.up_after_zero and row + column == table.zero + 1)
    above = next((k for k in range(row - 1, -1, -1) if _number(table, k, column, edition)), None)
    below = next((k for k in range(row + 1, len(CODES)) if _number(table, k, column, edition)), None)
    if below is None and below_last:
        return Cell("down", EXTRA[0], EXTRA[1], 1, 2)
    upward = below is None or (upward and above is not None)
    target = above if upward else below
    assert target is not None, "every column of every table holds a plan"
    found = _number(table, target, column, edition)
    assert found is not None
    return Cell("up" if upward else "down", CODES[target], table.sizes[target], *found)


def _number(table: Diagonals, row: int, column: int, edition: str) -> tuple[int, int] | None:
    """Return (Ac, Re) where the table prints numbers, None where it prints an arrow."""
    if row < len(table.short_rows) and column >= OWN_FROM:
        own = table.short_rows[row]
        return own[column - OWN_FROM] if column - OWN_FROM < len(own) else None
    total = row + column
    if total == table.zero:
        return None if disputed(edition, table, row, column) else (0, 1)
    place = total - table.one
    if not 0 <= place < len(table.numbers) or (total > 24 and row >= LONG):
        return None
    return table.numbers[place]


def disputed(edition: str, table: Diagonals, row: int, column: int) -> bool:
    """Whether the sources disagree: tightened, code letter A, AQL 10; MIL-STD-105E prints an arrow there."""
    return edition == "MIL-STD-105E" and table is TIGHTENED and (row, column) == (0, 15)
