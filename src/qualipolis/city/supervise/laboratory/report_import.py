"""Results of many samples from one file: understood and shown first, then taken whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import get_language

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.supervise.laboratory.queries import LabItem, LabReport, LabSample, lab_reports, lab_samples
from qualipolis.city.supervise.laboratory.report_items import Entry, read_entry
from qualipolis.city.supervise.laboratory.report_layouts import IN_BRACKETS, TITLES, Cell, Laid, Layout, lay_out
from qualipolis.city.supervise.laboratory.reports import enter_items
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.lake.encodings import Limits as FileLimits
from qualipolis.lake.tables import read_table
from qualipolis.methods.problems import InputError, Problem, msg

LIMITS = FileLimits(bytes=4 * 2**20, rows=5_000, columns=200)
MOST_VALUES = 5_000
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
Rows = Mapping[str, Mapping[int, Entry]]


@dataclass(frozen=True)
class Open:
    """A sample whose report is open, with its items by plain name."""

    sample: LabSample
    report: LabReport | None
    by_name: Mapping[str, LabItem]


@dataclass(frozen=True)
class Understood:
    """What a file says: its layout, the meaning of its columns, its values by sample, and all that is wrong with it.

    Parameters
    ----------
    rows : code of the sample to (position of the item to what was written)
    left_open : code to the number of items that the file says nothing of; they stay as they are
    problems : errors and warnings, each with its place; with one error nothing can be taken
    """

    file: str
    sha256: str
    layout: Layout
    columns: tuple[tuple[str, str], ...]
    rows: Rows
    left_open: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops the import."""
        return tuple(one for one in self.problems if one.severity == "error")


def open_samples(actor: Any) -> dict[str, Open]:
    """Return the samples under test whose report can be written, by code."""
    samples = {one.code: one for one in lab_samples(actor) if one.under_test}
    reports = lab_reports(actor, list(samples))
    found = {}
    for code, sample in samples.items():
        latest = next(iter(reports.get(code, [])), None)
        if latest is None or latest.writable:
            items = tuple(value.item for value in latest.values) if latest else sample.items
            found[code] = Open(sample, latest, _by_name(items))
    for code, one in _amending(actor).items():
        found.setdefault(code, one)
    return found


def _amending(actor: Any) -> dict[str, Open]:
    """Return the reported samples with a version that is being amended."""
    samples = {one.code: one for one in lab_samples(actor) if one.status == "reported"}
    reports = lab_reports(actor, list(samples))
    latest = {code: versions[0] for code, versions in reports.items() if versions and versions[0].writable}
    return {code: Open(samples[code], one, _by_name([v.item for v in one.values])) for code, one in latest.items()}


def _by_name(items: Sequence[LabItem]) -> dict[str, LabItem]:
    return {plain(name): one for one in items for name in (one.name_en, one.name_zh) if name}


def understand(actor: Any, data: bytes, name: str) -> Understood:
    """Read a file of results for the open samples of the laboratory of ``actor``; nothing is written.

    Raises
    ------
    InputError
        the file or its columns cannot be understood at all; faults of single cells are in ``problems``
    """
    table = read_table(data, name=name, limits=LIMITS)
    here = open_samples(actor)
    names = {key: item.name_zh for one in here.values() for key, item in one.by_name.items()}
    laid = lay_out(table, names)
    if len(laid.cells) > MOST_VALUES:
        what = msg("The file has %(count)s values, at most %(most)s are read at once.")
        params = {"count": len(laid.cells), "most": MOST_VALUES}
        raise InputError([Problem("too_many", what, msg("Split the file."), params, table.place())])
    rows, problems = _resolve(here, laid)
    problems += _strange_codes(here, laid)
    left = {code: len(here[code].sample.items) - len(rows.get(code, {})) for code in {*rows, *laid.without} & set(here)}
    if not rows and not problems and not laid.problems:
        what, remedy = msg("The file says no value of any item."), msg("Fill in the values and send it again.")
        problems.append(Problem("no_values", what, remedy, place=table.place()))
    digest = hashlib.sha256(data).hexdigest()
    return Understood(name, digest, laid.layout, laid.columns, rows, left, (*laid.problems, *problems))


def _resolve(here: Mapping[str, Open], laid: Laid) -> tuple[dict[str, dict[int, Entry]], list[Problem]]:
    rows: dict[str, dict[int, Entry]] = defaultdict(dict)
    seen: dict[tuple[str, int], str] = {}
    problems: list[Problem] = []
    for cell in laid.cells:
        item, wrong = _item(here, cell)
        problems += wrong
        if item is None:
            continue
        first = seen.setdefault((cell.code, item.position), cell.place)
        if first is not cell.place:
            what, remedy = msg("The same item stands at %(first)s already."), msg("Keep one of the two.")
            problems.append(Problem("duplicate", what, remedy, {"first": first}, cell.place))
            continue
        problems += _faults(cell, item)
        rows[cell.code][item.position] = cell.entry
    return dict(rows), problems


def _item(here: Mapping[str, Open], cell: Cell) -> tuple[LabItem | None, list[Problem]]:
    one = here.get(cell.code)
    if one is None:
        what = msg("%(code)s is no sample with an open report of your laboratory.")
        remedy = msg("Check the code; what is not under test or was submitted is not imported.")
        return None, [Problem("no_sample", what, remedy, {"code": cell.code[:20] or "—"}, cell.place)]
    bracket = IN_BRACKETS.match(cell.item)
    item = one.by_name.get(plain(cell.item)) or (one.by_name.get(plain(bracket["name"])) if bracket else None)
    if item is None:
        what = msg("%(code)s has no item %(item)s.")
        remedy = msg("Its items are: %(items)s.")
        items = "、".join(dict.fromkeys(found.name_zh for found in one.by_name.values()))
        params = {"code": cell.code, "item": cell.item[:40] or "—", "items": items}
        return None, [Problem("no_item", what, remedy, params, cell.place)]
    return item, []


def _faults(cell: Cell, item: LabItem) -> list[Problem]:
    numeric = item.lower is not None or item.upper is not None
    _read, found = read_entry(cell.entry, numeric)
    problems = [Problem(p.code, p.what, p.remedy, p.params, cell.place) for p in found]
    if numeric and cell.unit and plain(cell.unit) != plain(item.unit):
        what, remedy = msg("The unit is %(given)s, the item is limited in %(unit)s."), msg("Convert the value.")
        params = {"given": cell.unit[:24], "unit": item.unit or "—"}
        problems.append(Problem("unit_differs", what, remedy, params, cell.place))
    if cell.limit and (wrong := _other_limit(cell, item)):
        problems.append(wrong)
    return problems


def _other_limit(cell: Cell, item: LabItem) -> Problem | None:
    """Return the warning that the file names another limit than the rule; the rule decides."""
    said = {float(one) for one in _NUMBERS.findall(cell.limit.replace(item.unit, "") if item.unit else cell.limit)}
    numbers = {one for one in (item.lower, item.upper) if one is not None}
    if not numbers or numbers <= said:
        return None
    what = msg("The file says the limit %(said)s, the detailed rules say %(rule)s; the rules decide.")
    params = {"said": cell.limit[:40], "rule": "～".join(f"{one:g}" for one in sorted(numbers))}
    return Problem("limit_differs", what, "", params, cell.place, "warning")


def _strange_codes(here: Mapping[str, Open], laid: Laid) -> list[Problem]:
    what = msg("%(code)s is no sample with an open report of your laboratory.")
    strange = dict.fromkeys(code for code in laid.without if code not in here)
    return [Problem("no_sample", what, "", {"code": code[:20]}) for code in strange]


@verb("supervise.import_items", roles=("laboratory",))
def import_items(actor: Any, thing: Any, rows: Rows, *, file: str = "", sha256: str = "") -> dict[str, int]:
    """Take the values of a file into the open reports of one's laboratory: all of them, or none and every reason.

    Parameters
    ----------
    thing : nothing; the samples are those of the laboratory of ``actor``
    rows : as in :class:`Understood`
    """
    here = open_samples(actor)
    problems: list[Problem] = []
    for code, entries in rows.items():
        if code not in here:
            what = msg("%(code)s is no sample with an open report of your laboratory.")
            problems.append(Problem("no_sample", what, "", {"code": code[:20]}))
            continue
        problems += _attempt(lambda one=here[code], said=entries: enter_items(actor, one.sample, said))
    if problems or not rows:
        raise InputError(problems or [Problem("no_values", msg("The file says no value of any item."))])
    counts = {"samples": len(rows), "items": sum(len(entries) for entries in rows.values())}
    record(actor, "supervise.import_items", None, counts | {"file": file[:120], "sha256": sha256})
    return counts


def _attempt(call: Callable[[], object]) -> list[Problem]:
    try:
        call()
    except InputError as error:
        return list(error.problems)
    return []


def import_file(actor: Any, data: bytes, name: str) -> dict[str, int]:
    """Understand a file and take it at once; any error stops it whole."""
    found = understand(actor, data, name)
    if found.errors:
        raise InputError(found.errors)
    return import_items(actor, None, found.rows, file=name, sha256=found.sha256)


def template(actor: Any, layout: Layout = "long") -> pl.DataFrame:
    """Return the table to fill in: every open item of every open sample, with its unit and limit."""
    zh = (get_language() or "zh").startswith("zh")
    here = open_samples(actor)
    if layout == "long":
        return _long_template(here, zh)
    names = list(dict.fromkeys(_head(item, zh) for one in here.values() for item in _items(one)))
    code = TITLES["code"][0 if zh else -1].capitalize()
    data = {code: list(here)} | {name: [""] * len(here) for name in names}
    return pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))


def _head(item: LabItem, zh: bool) -> str:
    name = item.name_zh if zh or not item.name_en else item.name_en
    return f"{name} ({item.unit})" if item.unit else name


def _items(one: Open) -> list[LabItem]:
    return sorted({item.position: item for item in one.by_name.values()}.values(), key=lambda item: item.position)


_HEADS = {"code": ("盲样编号", "Sample code"), "item": ("检验项目", "Test item"), "value": ("检验结果", "Result"),
          "unit": ("单位", "Unit"), "uncertainty": ("扩展不确定度", "Expanded uncertainty"),
          "k": ("包含因子", "Coverage factor"), "conforms": ("单项判定", "Conforms"), "limit": ("标准值", "Limit")}  # fmt: skip


def _long_template(here: Mapping[str, Open], zh: bool) -> pl.DataFrame:
    heads = {key: titles[0 if zh else 1] for key, titles in _HEADS.items()}
    rows = []
    for code, one in here.items():
        for item in _items(one):
            numbers = [f"{limit:g}" for limit in (item.lower, item.upper) if limit is not None]
            limit = "～".join(numbers) if len(numbers) == 2 else "".join(
                f"{sign}{value:g}" for sign, value in (("≥", item.lower), ("≤", item.upper)) if value is not None
            )  # fmt: skip
            name = item.name_zh if zh or not item.name_en else item.name_en
            rows.append((code, name, "", item.unit, "", "", "", limit or item.requirement))
    return pl.DataFrame(rows, schema=dict.fromkeys(heads.values(), pl.String), orient="row")
