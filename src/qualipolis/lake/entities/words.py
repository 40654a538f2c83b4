"""The words that rows are compared by, and the levels of agreement: one table for splink and for the quick check.

Each comparison has an ordered list of levels; the first that holds is the one that counts. A side that says nothing
decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qualipolis.lake.entities import names
from qualipolis.methods.problems import msg

Kind = Literal["firm", "brand", "product"]
KINDS: tuple[Kind, ...] = ("firm", "brand", "product")


@dataclass(frozen=True)
class Entity:
    """One row to be compared: a key of its own, a name, and what else is known of it.

    ``code`` is a credit code of a firm or a bar code of a product; ``place`` a town, city or country.
    """

    key: str
    name: str
    place: str = ""
    code: str = ""
    address: str = ""
    phone: str = ""
    brand: str = ""
    model: str = ""
    firm: str = ""


@dataclass(frozen=True)
class Comparison:
    """One column, its levels from the closest to the loosest, and whether rare values weigh more."""

    column: str
    levels: tuple[str, ...]
    rare: bool = False


LEVELS: Mapping[str, str] = {
    "exact": "{c}_l = {c}_r",
    "holds": "least(length({c}_l), length({c}_r)) >= CASE WHEN unicode({c}_l) >= 12288 THEN 2 ELSE 4 END"
    " AND CASE WHEN unicode({c}_l) >= 12288 THEN contains({c}_l, {c}_r) OR contains({c}_r, {c}_l)"
    " ELSE contains(' ' || {c}_l || ' ', ' ' || {c}_r || ' ') OR contains(' ' || {c}_r || ' ', ' ' || {c}_l || ' ') END",
    "one_off": "least(length({c}_l), length({c}_r)) >= CASE WHEN unicode({c}_l) >= 12288 THEN 4 ELSE 6 END"
    " AND edits({c}_l, {c}_r) <= 1",
    "close": "alike({c}_l, {c}_r) >= CASE WHEN unicode({c}_l) >= 12288 THEN 0.92 ELSE 0.95 END",
    "near": "alike({c}_l, {c}_r) >= CASE WHEN unicode({c}_l) >= 12288 THEN 0.8 ELSE 0.88 END",
}
"""Conditions of the levels in SQL; :func:`level` says the same in Python, and a test holds the two together.

``edits`` and ``alike`` are rapidfuzz's: the functions of that name inside DuckDB count bytes, and a Chinese character has
three.
"""

COMPARISONS: Mapping[Kind, tuple[Comparison, ...]] = {
    "firm": (
        Comparison("code", ("exact",)),
        Comparison("whole", ("exact",)),
        Comparison("core", ("exact", "one_off", "close", "holds", "near"), rare=True),
        Comparison("trade", ("exact", "near")),
        Comparison("place", ("exact", "holds")),
        Comparison("form", ("exact",)),
        Comparison("branch", ("exact",)),
        Comparison("phone", ("exact",)),
        Comparison("address", ("exact", "holds", "close", "near")),
    ),
    "brand": (
        Comparison("core", ("exact", "one_off", "close", "holds", "near"), rare=True),
        Comparison("firm", ("exact", "close", "near")),
        Comparison("place", ("exact",)),
    ),
    "product": (
        Comparison("code", ("exact",)),
        Comparison("core", ("exact", "one_off", "close", "holds", "near"), rare=True),
        Comparison("brand", ("exact", "one_off", "close", "near"), rare=True),
        Comparison("model", ("exact", "one_off", "close")),
        Comparison("firm", ("exact", "close", "near")),
    ),
}

HEAD = "本部"
"""The branch of a Chinese firm whose name tells none."""

FIELD_WORDS = {
    "code": msg("code"),
    "whole": msg("whole name"),
    "core": msg("name proper"),
    "trade": msg("trade"),
    "place": msg("place"),
    "form": msg("legal form"),
    "branch": msg("branch"),
    "phone": msg("telephone"),
    "address": msg("address"),
    "brand": msg("brand"),
    "model": msg("model"),
    "firm": msg("firm"),
}
LEVEL_WORDS = {
    "exact": msg("the same"),
    "one_off": msg("one character apart"),
    "close": msg("almost the same"),
    "holds": msg("one within the other"),
    "near": msg("similar"),
    "else": msg("different"),
    "null": msg("not told"),
}


def gazetteer(rows: Iterable[Entity]) -> frozenset[str]:
    """Return the places that may begin the names of firms, those of ``rows`` among them."""
    return names.areas(row.place for row in rows if row.place)


def compared(row: Entity, kind: Kind, known: frozenset[str]) -> dict[str, str]:
    """Return the words of ``row`` by column; empty where it says nothing."""
    code = names.code(row.code)
    if kind == "brand":
        return {"core": names.words(row.name), "firm": _firm(row.firm, known), "place": names.words(row.place)}
    if kind == "product":
        brand, model = names.words(row.brand), names.code(row.model)
        core = names.words(row.name)
        bare = core.removeprefix(brand).strip() if brand else core
        return {"code": code, "core": bare or core, "brand": brand, "model": model, "firm": _firm(row.firm, known)}
    parts = names.firm_name(row.name, known)
    return {
        "code": code,
        "whole": names.words(row.name),
        "core": parts.core,
        "trade": parts.trade,
        "place": names.joined_places((*parts.places, *names.places(row.place, known))),
        "form": parts.form,
        "branch": parts.branch or (HEAD if parts.chinese else ""),
        "phone": names.phone(row.phone),
        "address": names.words(row.address),
    }


def _firm(name: str, known: frozenset[str]) -> str:
    return names.firm_name(name, known).core if name else ""


def keys(row: Mapping[str, str], kind: Kind) -> tuple[str, ...]:
    """Return the fixed keys of a row: two rows that share one are compared. They may be stored and searched for.

    >>> keys({"code": "", "core": "华强", "trade": "电子", "place": "东莞"}, "firm")
    ('n:华强', 'nt:华强电子', 'np:华强东莞', 'ft:华电子', 'lt:强电子')
    """
    core, trade, place = row["core"], row.get("trade", ""), row.get("place", "")
    found = [f"n:{core}"]
    found += [f"wn:{row['whole']}"] if row.get("whole") else []
    found += [f"c:{row['code']}"] if row.get("code") else []
    found += [f"t:{row['phone']}"] if row.get("phone") else []
    found += [f"nt:{core}{trade}"] if trade else []
    found += [f"np:{core}{place}"] if place else []
    found += [f"ft:{core[:1]}{trade}", f"lt:{core[-1:]}{trade}"] if trade and len(core) < 4 else []
    if kind == "product":
        found += [f"m:{row['model']}"] if len(row["model"]) >= 4 else []
        found += [f"bm:{row['brand']}{row['model']}"] if row["brand"] and row["model"] else []
        found += [f"bn:{row['brand']}{core}"] if row["brand"] else []
    first = core.split(" ")[0]
    found += [f"w:{first}"] if first != core and len(first) >= 4 else []
    return tuple(dict.fromkeys(key for key in found if len(key) > 2))


def one_word(kind: Kind, row: Mapping[str, str]) -> bool:
    """Return whether a firm is known by one word only, which others may bear too."""
    return kind == "firm" and " " not in row["core"]


def runs(row: Mapping[str, str]) -> Sequence[str]:
    """Return the runs of characters of the name by which it may be found again when it is misspelled."""
    name = names.grams(row["core"] + row.get("trade", ""))
    model = names.grams(row.get("model", ""))
    return list(dict.fromkeys([*("g:" + gram for gram in name), *("mg:" + gram for gram in model)]))


def level(comparison: Comparison, left: str, right: str) -> str:
    """Return the level at which two words agree: one of the comparison's, ``else``, or ``null`` where one is empty.

    >>> name = COMPARISONS["firm"][2]
    >>> level(name, "华强", "华强"), level(name, "samsung", "samsumg"), level(name, "sony", ""), level(name, "sony", "bosch")
    ('exact', 'one_off', 'null', 'else')
    """
    if not left or not right:
        return "null"
    if left == right:
        return "exact"
    return next((one for one in comparison.levels if one != "exact" and _holds(one, left, right)), "else")


def _holds(one: str, left: str, right: str) -> bool:
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    chinese = ord(left[0]) >= 12288
    shorter = min(len(left), len(right))
    if one == "one_off":
        return shorter >= (4 if chinese else 6) and Levenshtein.distance(left, right, score_cutoff=1) <= 1
    if one == "holds":
        if not chinese:
            left, right = f" {left} ", f" {right} "
        return shorter >= (2 if chinese else 4) and (left in right or right in left)
    least = {"close": (0.95, 0.92), "near": (0.88, 0.8)}[one][chinese]
    return JaroWinkler.similarity(left, right) >= least


def columns(kind: Kind) -> Collection[str]:
    """Return the columns that rows of ``kind`` are compared by."""
    return [comparison.column for comparison in COMPARISONS[kind]]
