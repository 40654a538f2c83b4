"""A suggestion what the columns of a table mean, with how sure and why; a person confirms it."""

from __future__ import annotations

from collections.abc import Sequence

from qualipolis.lake.alerts.dates import days_of
from qualipolis.lake.alerts.fields import KNOWN, MANY, SYNONYMS, header, kind_of, parts
from qualipolis.lake.alerts.mapping import Column, Mapping
from qualipolis.lake.alerts.values import separator_of, text
from qualipolis.methods.problems import msg

LOOKED_AT = 2000
ALIKE = 88.0
GENERIC = frozenset(
    {"id", "number", "name", "名称", "编号", "结果", "原因", "数量", "类别", "risk", "title", "result", "项目名称"}
)
LISTED = {
    "hazards": ("|", "; ", ";", "；", "、", "\n"),
    "hazard_kinds": ("|", "; ", ";", "；", "、", "\n"),
    **dict.fromkeys(("origins", "notifying"), ("|", "; ", ";", "；", "、", "\n")),
    **dict.fromkeys(("brands", "models", "firms", "sellers", "category", "barcodes"), ("|", "；", "\n")),
}
SAME = msg("the column name is known")
GENERAL = msg("the column name is known, but general")
WITHIN = msg("the column name holds a known one")
SPELLED = msg("the column name is spelled like a known one")
JOINED = msg("the column joins several known ones")
BY_VALUES = msg("its values look like it")
AGAINST = msg("its values do not look like it")
TAKEN = msg("another column fits better")
UNKNOWN = msg("the column name is not known")


def suggest_mapping(headers: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Mapping:
    """Return what the columns of a table probably mean.

    A name that publishers use is sure; one that holds such a name, or is spelled like it, less; values speak
    for or against dates, numbers and addresses on the web.

    Parameters
    ----------
    headers : column names
    rows : the rows of cells, as long as ``headers``; at most 2,000 spread over them are looked at

    >>> mapping = suggest_mapping(["序号", "食品名称", "不合格项目║检验结果║标准值"])
    >>> [(c.header, c.fields) for c in mapping.columns][1:]
    [('食品名称', ('product',)), ('不合格项目║检验结果║标准值', ('hazards', 'result', 'limit'))]
    """
    kind, source = kind_of(headers)
    some = rows[:: max(1, -(-len(rows) // LOOKED_AT))]
    cells = [[row[at] for row in some if text(row[at])] for at in range(len(headers))]
    columns = [_weighed(_named(name), values) for name, values in zip(headers, cells, strict=True)]
    columns = _apart(columns)
    done = [_parted(column, values) for column, values in zip(columns, cells, strict=True)]
    return Mapping(kind, source, tuple(done))


def _named(name: str) -> Column:
    """Return the column by its name alone."""
    pieces = parts(name)
    if len(pieces) > 1:
        fields = tuple(_field(piece)[0] for piece in pieces)
        if all(fields) and len(set(fields)) == len(fields):
            return Column(name, fields, min(_field(piece)[1] for piece in pieces), JOINED)
    field, sure, reason = _field(header(name))
    return Column(name, (field,) if field else (), sure, reason)


def _field(name: str) -> tuple[str, float, str]:
    """Return field, confidence and reason for one compared column name."""
    if name in KNOWN:
        return (KNOWN[name], 0.85, GENERAL) if name in GENERIC else (KNOWN[name], 1.0, SAME)
    if name == "序号" or not name:
        return "", 0.0, UNKNOWN
    within = max((word for word in KNOWN if _holds(name, word)), key=len, default="")
    if within:
        return KNOWN[within], round(0.5 + 0.3 * len(within) / len(name), 2), WITHIN
    from rapidfuzz import fuzz, process

    best = process.extractOne(name, list(KNOWN), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return (KNOWN[best[0]], round(best[1] / 140, 2), SPELLED) if best else ("", 0.0, UNKNOWN)


def _holds(name: str, word: str) -> bool:
    """Return whether ``name`` holds ``word`` as words of its own; short and general words do not count."""
    if word.isascii():
        return len(word) > 3 and word not in GENERIC and f" {word} " in f" {name} "
    return len(word) > 2 and word in name and not ("地址" in name and "地址" not in word)


def _weighed(column: Column, values: Sequence[str]) -> Column:
    """Return the column after its values have spoken."""
    if not values:
        return column
    dated = _dated(values)
    if not column.fields:
        if dated > 0.9:
            return Column(column.header, ("date",), 0.6, BY_VALUES)
        if sum(value.startswith(("http://", "https://")) for value in values) > 0.9 * len(values):
            return Column(column.header, ("url",), 0.7, BY_VALUES)
        return column
    against = (column.fields == ("date",) and dated < 0.5) or (
        column.fields == ("number",) and len(set(values)) < 0.5 * len(values)
    )
    return Column(column.header, column.fields, round(column.confidence / 2, 2), AGAINST) if against else column


def _dated(values: Sequence[str]) -> float:
    days, _, _ = days_of(values[:100])
    return sum(day is not None for day in days) / len(days)


def _apart(columns: Sequence[Column]) -> list[Column]:
    """Return the columns with each single field kept by the one that fits best; ties go to the commoner name."""
    order = sorted(range(len(columns)), key=lambda at: (-columns[at].confidence, _rank(columns[at]), at))
    filled: set[str] = set()
    found = list(columns)
    for at in order:
        column = columns[at]
        if any(field in filled for field in column.fields if field not in MANY):
            found[at] = Column(column.header, (), 0.0, TAKEN)
        else:
            filled.update(column.fields)
    return found


def _rank(column: Column) -> int:
    names = [header(name) for name in SYNONYMS[column.fields[0]]] if len(column.fields) == 1 else []
    return names.index(header(column.header)) if header(column.header) in names else len(names)


def _parted(column: Column, values: Sequence[str]) -> Column:
    if len(column.fields) != 1 or column.fields[0] not in LISTED:
        return column
    mark = separator_of(values, LISTED[column.fields[0]])
    return Column(column.header, column.fields, column.confidence, column.reason, mark.strip(" ") or mark)
