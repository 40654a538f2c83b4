"""The lines of a demand and the catalogue as people type them: cleaned, bounded, every fault told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from qualipolis.methods.problems import Problem, msg

MOST_LINES, MOST_PIECES = 60, 10**6
DEAREST = Decimal(10**9)
FIELDS = {"product": 120, "parameter": 120, "standard": 60}


def cleaned_lines(given: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return lines of (product, parameter, standard, quantity) without empty ones, and what is wrong with them."""
    found, wrong, seen = [], [], set()
    for number, one in enumerate(given, 1):
        row: dict[str, Any] = {name: " ".join(str(one.get(name) or "").split())[:most] for name, most in FIELDS.items()}
        if not any(row.values()):
            continue
        if not row["product"] or not row["parameter"]:
            what = msg("Line %(line)s: name the product and the item.")
            wrong.append(Problem("half_line", what, "", {"line": number}, f"line-{number}"))
        key = tuple(row.values())
        if key in seen:
            what = msg("Line %(line)s stands there twice.")
            wrong.append(Problem("double_line", what, "", {"line": number}, f"line-{number}"))
        seen.add(key)
        pieces = one.get("quantity") or 1
        if not isinstance(pieces, int) or not 1 <= pieces <= MOST_PIECES:
            what = msg("Line %(line)s: give how many, from 1 on.")
            wrong.append(Problem("bad_quantity", what, "", {"line": number}, f"line-{number}"))
        found.append(row | {"quantity": pieces})
    if len(found) > MOST_LINES:
        wrong.append(Problem("too_many_lines", msg("At most %(most)s lines."), "", {"most": MOST_LINES}, "lines"))
    return found, wrong


def money(said: Any, place: str) -> tuple[Decimal | None, list[Problem]]:
    """Return a sum in yuan with two decimals; nothing said is no sum and not zero."""
    if said is None or str(said).strip() == "":
        return None, []
    try:
        value = Decimal(str(said).strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < DEAREST:
        return None, [Problem("bad_sum", msg("Give a sum from 0 yuan on."), place=place)]
    return value.quantize(Decimal("0.01")), []


def texts(given: Mapping[str, Any], most: Mapping[str, int]) -> dict[str, str]:
    """Return the texts as they are kept."""
    return {name: str(given.get(name) or "").strip()[:longest] for name, longest in most.items()}
