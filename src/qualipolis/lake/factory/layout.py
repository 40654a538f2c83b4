"""Which rows of a measurement table are its head, and what each column is for."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualipolis.lake.factory.figures import figure
from qualipolis.lake.factory.sheets import Sheet
from qualipolis.lake.factory.words import STEMS, SUMMARY, numbered, plain, role_of, specified, split_unit

TITLE, WORDS, SPECIFIES, DATA = "title", "words", "specifies", "data"


@dataclass
class Series:
    """The columns that hold the values of one characteristic: one, or several side by side for the pieces of a row."""

    name: str
    columns: list[int]
    unit: str = ""
    guessed: bool = False
    named: bool = True


@dataclass
class Layout:
    """The head of a table understood: where the data begin, the columns by role, the series, and the specifications."""

    start: int
    header: int | None
    names: list[str]
    roles: dict[str, int] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    said: dict[str, dict[int, str]] = field(default_factory=dict)
    said_columns: dict[str, int] = field(default_factory=dict)
    left_rows: list[int] = field(default_factory=list)
    left_columns: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def layout_of(sheet: Sheet, asked: str) -> Layout:
    """Return how the table is laid out; ``asked`` is ``auto``, ``columns`` or ``across``."""
    head = sheet.head
    kinds = [_kind(row, head[i + 1] if i + 1 < len(head) else []) for i, row in enumerate(head)]
    header = _header(head, kinds)
    start = _start(kinds, header)
    groups = _groups(sheet, head, kinds, header)
    names = _names(head, header, start, groups, sheet.frame.width)
    found = Layout(start, header, names)
    for i in range(start):
        if kinds[i] == SPECIFIES:
            _specify(found, head[i])
        elif i != header and not (groups and header is not None and i == header - 1):
            found.left_rows.append(i)
    _assign(found, groups, asked)
    return found


def _kind(row: list[str], after: list[str]) -> str:
    filled = [c for c in row if c]
    specs = [s for c in filled if (s := specified(c))]
    if filled and specified(filled[0]) and len(filled) >= 2 and len(specs) == 1:
        return SPECIFIES
    numbers = [c for c in filled if (f := figure(c, ",", True)) is not None and f[0] == f[0]]
    if not numbers:
        return TITLE if len(filled) <= 1 < len(row) else WORDS
    counting = len(numbers) >= 2 and [str(i + 1) for i in range(len(numbers))] == numbers
    if counting and len(numbers) < len(filled) and after and not _counts(after):
        return WORDS
    return DATA


def _counts(row: list[str]) -> bool:
    return [c for c in row if c][1:] == [str(i + 1) for i in range(len([c for c in row if c]) - 1)]


def _header(head: list[list[str]], kinds: list[str]) -> int | None:
    """Return the row of names: words, full enough, with data after it."""
    widest = max((sum(map(bool, row)) for row in head), default=0)
    candidates = []
    for i, kind in enumerate(kinds):
        single = kind == TITLE and sum(map(bool, head[i])) == widest == 1
        if kind != WORDS and not single:
            continue
        follow = next((k for k in kinds[i + 1 :] if k not in (SPECIFIES, TITLE)), "")
        if follow == DATA and sum(map(bool, head[i])) >= 0.5 * widest:
            candidates.append(i)
    return candidates[0] if candidates else None


def _start(kinds: list[str], header: int | None) -> int:
    """Return the first row of data: below the header and any rows of specifications."""
    at = 0 if header is None else header + 1
    while at < len(kinds) and kinds[at] in (SPECIFIES, TITLE):
        at += 1
    return at


def _groups(sheet: Sheet, head: list[list[str]], kinds: list[str], header: int | None) -> list[str]:
    """Return the name that stands over each column in the row above the header, if that is a row of such names."""
    if not header or kinds[header - 1] not in (WORDS, TITLE):
        return []
    above, row = head[header - 1], int(sheet.rows[header - 1])
    wide = [m for m in sheet.merges if m[0] <= row <= m[2] and m[3] > m[1] and m[3] - m[1] + 1 < sheet.frame.width]
    if wide:
        return above
    if sheet.delimiter and kinds[header - 1] == WORDS and 2 <= sum(map(bool, above)) < sum(map(bool, head[header])):
        filled, last = [], ""
        for text in above:
            last = text or last
            filled.append(last)
        return filled
    return []


def _names(head: list[list[str]], header: int | None, start: int, groups: list[str], width: int) -> list[str]:
    if header is None:
        return [""] * width
    row = [" ".join(c.split()) for c in head[header]]
    for below in head[header + 1 : start]:
        if not specified(next((c for c in below if c), "")):
            row = [name or " ".join(c.split()) for name, c in zip(row, below, strict=True)]
    if not groups:
        return row
    return [g if not n or n == g else n for g, n in zip(groups, row, strict=True)]


def _specify(found: Layout, row: list[str]) -> None:
    label = next(i for i, c in enumerate(row) if c)
    key = specified(row[label])
    found.said[key] = {i: c for i, c in enumerate(row) if c and i != label}


def _assign(found: Layout, groups: list[str], asked: str) -> None:
    """Give each column its role; what has none may be a characteristic or one of its pieces."""
    free: list[int] = []
    values: list[int] = []
    for i, name in enumerate(found.names):
        role, said = role_of(name), specified(name)
        if said and found.header is not None:
            found.said_columns.setdefault(said, i)
        elif role == "value" and not (groups and groups[i] and groups[i] != name):
            values.append(i)
        elif role and role not in found.roles and role != "value":
            found.roles[role] = i
        else:
            free.append(i)
    if "clock" in found.roles and not {"time", "date"} & found.roles.keys():
        found.roles["time"] = found.roles.pop("clock")
    found.series = _series(found, free, groups, asked)
    across = any(len(s.columns) > 1 for s in found.series)
    if across:
        used = {c for s in found.series if len(s.columns) > 1 for c in s.columns}
        summary = [i for i in free if i not in used and plain(found.names[i]) in SUMMARY]
        found.left_columns += summary
        found.series = [s for s in found.series if s.columns[0] not in summary]
    for i in values:
        name, unit = split_unit(found.names[i])
        found.series.append(Series(name, [i], unit, named=False))
    if "characteristic" in found.roles and any(not s.named or len(s.columns) > 1 for s in found.series):
        kept = [s for s in found.series if not s.named or len(s.columns) > 1]
        found.others += [s.columns[0] for s in found.series if s not in kept]
        found.series = kept


def _series(found: Layout, free: list[int], groups: list[str], asked: str) -> list[Series]:
    """Gather neighbouring columns that are numbered 1, 2, ... into one series; every other column is one of its own."""
    result: list[Series] = []
    if asked == "across" and len(free) > 1:
        return [Series("", free, split_unit(found.names[free[0]])[1], named=False)]
    at = 0
    while at < len(free):
        run = _run(found, free, at, groups) if asked != "columns" else []
        first = free[at]
        group = groups[first] if groups else ""
        name, unit = split_unit(found.names[first])
        if len(run) > 1:
            stem = (numbered(name) or ("", 0))[0]
            known = plain(stem) in STEMS
            label, more = split_unit(group) if group else ("" if known else stem, "")
            result.append(Series(label, run, more or unit, not known and not group, bool(label)))
        else:
            run = [first]
            label = f"{split_unit(group)[0]} {name}" if group and group != found.names[first] else name
            result.append(Series(label, run, unit or (split_unit(group)[1] if group else "")))
        at += len(run)
    return result


def _run(found: Layout, free: list[int], at: int, groups: list[str]) -> list[int]:
    first = numbered(found.names[free[at]])
    if first is None or first[1] not in (0, 1):
        return []
    run = [free[at]]
    for i in free[at + 1 :]:
        follows = numbered(found.names[i])
        same_group = not groups or groups[i] == groups[run[0]]
        if follows != (first[0], first[1] + len(run)) or i != run[-1] + 1 or not same_group:
            break
        run.append(i)
    return [] if plain(first[0]) not in STEMS and _differ(found, run) else run


def _differ(found: Layout, run: list[int]) -> bool:
    """Return whether the columns have specifications of their own that differ: then they are characteristics."""
    return any(len({said[c] for c in run if c in said}) > 1 for said in found.said.values())
