"""Digital calibration certificates (PTB DCC 2 and 3) with D-SI values: quantities, uncertainties, what is certified.

The signature is only looked for. Whether it is genuine is not checked here, and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.cells import Place
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.lake.factory.dcc_values import Quantity, quantity_of
from qualipolis.lake.factory.markup import Markup, text_in
from qualipolis.lake.factory.measurements import (
    Certificate,
    Characteristic,
    Labels,
    Measurements,
    Note,
    Origin,
    Part,
    Readings,
    ignored,
    read_note,
)
from qualipolis.methods.problems import InputError, Problem, msg

ABSENT, PRESENT = msg("absent"), msg("present, not verified")
_LIMITS = {"basic_acceptanceLimitLower": "lower", "basic_acceptanceLimitUpper": "upper"}


@dataclass
class _Reader:
    name: str
    bounds: Bounds
    languages: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def problem(self, code: str, what: str, remedy: str, **params: object) -> None:
        if len(self.problems) < 20:
            self.problems.append(Problem(code, what, remedy, params, Place(self.name)))

    def quantity(self, element: Element) -> Quantity | None:
        """Return the numbers of a quantity; other kinds are counted as left out."""
        name = self.text(element.find("name")) or element.get("refType", "")
        found = quantity_of(element, name, self.problem)
        if isinstance(found, str):
            self.left[found] = self.left.get(found, 0) + 1
            return None
        if found is not None:
            self.count += len(found.value)
            if self.count > self.bounds.values:
                what, remedy = msg("The file has more than %(most)s values."), msg("Split the file.")
                raise InputError([Problem("too_many", what, remedy, {"most": self.bounds.values}, Place(self.name))])
        return found

    def text(self, element: Element | None) -> str:
        """Return the content in the first language wanted that it has, else the first content."""
        names = contents(element)
        return next((names[k] for k in self.languages if names.get(k)), next(iter(names.values()), ""))


def contents(element: Element | None) -> dict[str, str]:
    """Return the texts of ``element`` by language; the first of a language counts."""
    found: dict[str, str] = {}
    for content in element.findall("content") if element is not None else ():
        found.setdefault(content.get("lang", ""), text_in(content))
    return found


def read_dcc(markup: Markup, origin: Origin, bounds: Bounds, languages: tuple[str, ...] = ()) -> Measurements:
    """Return the quantities of a certificate; names in the first of ``languages`` that it has, else its mandatory one."""
    root = markup.root
    core = root.find("administrativeData/coreData")
    mandatory = _all(core, "mandatoryLangCodeISO639_1") or _all(core, "mandatoryLangCode")
    used = _all(core, "usedLangCodeISO639_1") or _all(core, "usedLangCode")
    reader = _Reader(origin.name, bounds, (*languages, *mandatory, *used))
    found = tuple(_characteristics(root, reader))
    certificate = _certificate(root, used, mandatory, reader)
    if not found and not reader.problems:
        what = msg("The certificate holds no quantity with numbers.")
        reader.problem("no_values", what, msg("Ask the laboratory for the results in D-SI form."))
    if reader.problems:
        raise InputError(reader.problems)
    items = root.findall("administrativeData/items/item")
    parts = tuple(_part(str(i), item, reader) for i, item in enumerate(items, start=1))
    return Measurements(origin, found, parts, _notes(found, certificate, reader), (), certificate)


def _all(core: Element | None, tag: str) -> tuple[str, ...]:
    return tuple(text_in(e) for e in core.findall(tag)) if core is not None else ()


def _part(key: str, item: Element, reader: _Reader) -> Part:
    number = next((text_in(e) for e in item.findall("identifications/identification/value")), "")
    maker = reader.text(item.find("manufacturer/name"))
    return Part(key, number, reader.text(item.find("name")), manufacturer=maker, model=text_in(item, "model"))


def _characteristics(root: Element, reader: _Reader) -> Iterator[Characteristic]:
    key = 0
    for result in root.findall("measurementResults/measurementResult/results/result"):
        title = reader.text(result.find("name"))
        for data in result.findall("data"):
            for quantity in _quantities(data):
                found = reader.quantity(quantity)
                if found is not None:
                    key += 1
                    yield _characteristic(str(key), quantity, found, title, reader)


def _quantities(data: Element) -> Iterator[Element]:
    """Iterate over the quantities of ``data`` and its lists, not over those in their metadata."""
    waiting = list(reversed(data))
    while waiting:
        element = waiting.pop()
        if element.tag == "quantity":
            yield element
        elif element.tag == "list":
            waiting += reversed(element)


def _characteristic(key: str, element: Element, found: Quantity, title: str, reader: _Reader) -> Characteristic:
    limits = _limits(element, found, reader)
    lower, upper = (_one(limits.get(side)) for side in ("lower", "upper"))
    size = len(found.value)
    conformity = _conformity(element, size)
    readings = Readings(
        value=found.value,
        censored=np.zeros(size, dtype=np.int8),
        valid=~np.isnan(found.value),
        row=np.arange(1, size + 1, dtype=np.int32),
        uncertainty=found.uncertainty,
        coverage=found.coverage,
        lower=limits.get("lower") if lower is None else None,
        upper=limits.get("upper") if upper is None else None,
        further={"conformity": Labels.of(conformity)} if conformity else {},
    )
    names = contents(element.find("name"))
    details = {k: v for k, v in (("label", found.label), ("other_units", ", ".join(found.other_units))) if v}
    return Characteristic(
        key=key,
        name=reader.text(element.find("name")) or found.label or element.get("refType", "") or key,
        unit=found.unit,
        lower=lower,
        upper=upper,
        part="1",
        group=title,
        role=element.get("refType", ""),
        names=names,
        details=details,
        readings=readings,
    )


def _limits(element: Element, found: Quantity, reader: _Reader) -> dict[str, NDArray[np.float64]]:
    """Return the acceptance limits that the metadata of a quantity gives, in the unit of the quantity."""
    limits: dict[str, NDArray[np.float64]] = {}
    for quantity in element.findall("measurementMetaData/metaData/data/quantity"):
        sides = [_LIMITS[r] for r in quantity.get("refType", "").split() if r in _LIMITS]
        given = reader.quantity(quantity) if sides else None
        if given is None:
            continue
        if given.unit != found.unit or len(given.value) not in (1, len(found.value)):
            what = msg("The acceptance limits of %(name)s do not fit its values in unit or number.")
            reader.problem(
                "limits",
                what,
                msg("Ask the laboratory for a corrected certificate."),
                name=reader.text(element.find("name")),
            )
            continue
        limits[sides[0]] = np.broadcast_to(given.value, found.value.shape).copy()
    return limits


def _one(values: NDArray[np.float64] | None) -> float | None:
    """Return the limit where it is the same for all values."""
    return float(values[0]) if values is not None and len(values) and (values == values[0]).all() else None


def _conformity(element: Element, size: int) -> list[str]:
    for meta in element.findall("measurementMetaData/metaData"):
        words = (text_in(meta, "conformityXMLList") or text_in(meta, "conformity")).split()
        if len(words) in (1, size):
            return words * size if len(words) == 1 else words
    return []


def _certificate(root: Element, used: tuple[str, ...], mandatory: tuple[str, ...], reader: _Reader) -> Certificate:
    core, admin = root.find("administrativeData/coreData"), root.find("administrativeData")
    laboratory = root.find("administrativeData/calibrationLaboratory/contact/name")
    return Certificate(
        identifier=text_in(core, "uniqueIdentifier"),
        begin=text_in(core, "beginPerformanceDate"),
        end=text_in(core, "endPerformanceDate"),
        laboratory=reader.text(laboratory),
        customer=reader.text(admin.find("customer/name") if admin is not None else None),
        languages=used,
        mandatory_languages=mandatory,
        schema=root.get("schemaVersion", ""),
        signature=PRESENT if any(e.tag == "Signature" for e in root.iter()) else ABSENT,
        statements=tuple(_statements(root, reader)),
        conditions=tuple(_conditions(root, reader)),
        methods=tuple(
            reader.text(m.find("name"))
            for m in root.findall("measurementResults/measurementResult/usedMethods/usedMethod")
        ),
    )


def _statements(root: Element, reader: _Reader) -> Iterator[str]:
    for statement in root.findall("administrativeData/statements/statement"):
        words = (
            reader.text(statement.find("declaration")),
            text_in(statement, "conformity"),
            text_in(statement, "date"),
        )
        yield " ".join(word for word in words if word)


def _conditions(root: Element, reader: _Reader) -> Iterator[str]:
    path = "measurementResults/measurementResult/influenceConditions/influenceCondition"
    for condition in root.findall(path):
        for quantity in condition.findall("data/quantity"):
            found = reader.quantity(quantity)
            if found is not None:
                values = " ".join(f"{v:g}" for v in found.value[:10])
                yield f"{reader.text(condition.find('name'))}: {reader.text(quantity.find('name'))} {values} {found.unit}"


def _notes(found: tuple[Characteristic, ...], certificate: Certificate, reader: _Reader) -> tuple[Note, ...]:
    what = msg(
        "A digital calibration certificate %(id)s (schema %(schema)s): %(quantities)s quantities, %(values)s value(s)."
    )
    values = sum(len(c.readings) for c in found)
    params = {"id": certificate.identifier[:80], "schema": certificate.schema[:20], "quantities": len(found)}
    notes = [read_note(what, Place(reader.name), values=values, **params)]
    if certificate.signature == ABSENT:
        notes.append(read_note(msg("The certificate has no electronic signature.")))
    else:
        notes.append(
            read_note(msg("The certificate has an electronic signature; whether it is genuine was not verified."))
        )
    certain = sum(1 for c in found if c.readings.uncertainty is not None)
    notes.append(read_note(msg("%(count)s of the quantities state an expanded uncertainty."), count=certain))
    hybrid = sum(1 for c in found if c.details.get("other_units"))
    if hybrid:
        what = msg("%(count)s quantities are given in several units; the first, in SI units, was read.")
        notes.append(read_note(what, count=hybrid))
    if reader.left:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(reader.left.items())[:12])
        notes.append(ignored(msg("Left out, because they are no plain numbers: %(kinds)s."), kinds=kinds))
    return tuple(notes)
