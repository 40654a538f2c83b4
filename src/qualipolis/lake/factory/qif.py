"""QIF 2 and 3 (ISO 23952): characteristics by their chain of ids, and what was measured of each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from qualipolis.lake.cells import Place
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.lake.factory.columns import Gathered
from qualipolis.lake.factory.markup import Markup, below, text_in
from qualipolis.lake.factory.measurements import (
    Characteristic,
    Measurements,
    Note,
    Origin,
    Part,
    ignored,
    read_note,
)
from qualipolis.methods.problems import InputError, Problem, msg

_METRES = {"mm": 1e-3, "millimeter": 1e-3, "millimetre": 1e-3, "cm": 1e-2, "m": 1.0, "meter": 1.0, "metre": 1.0}
_METRES |= {"inch": 0.0254, "in": 0.0254, "um": 1e-6, "µm": 1e-6, "micrometer": 1e-6, "foot": 0.3048}
_UNIT_ATTRIBUTES = (
    "linearUnit",
    "angularUnit",
    "temperatureUnit",
    "pressureUnit",
    "forceUnit",
    "massUnit",
    "userDefinedUnit",
)
_ANGULAR = ("Angle", "Angularity")
_ZERO_AT_BEST = (
    "Position",
    "Flatness",
    "Straightness",
    "Circularity",
    "Cylindricity",
    "Parallelism",
    "Perpendicularity",
)
_ZERO_AT_BEST += ("Profile", "Runout", "Concentricity", "Coaxiality", "Symmetry", "Angularity")
_INVALID = ("NOT_MEASURED", "NOT_CALCED", "UNDEFINED", "UNKNOWN")


@dataclass
class _Reader:
    """The document under way: what its ids mean and what is wrong."""

    name: str
    bounds: Bounds
    units: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    gathered: dict[str, Gathered] = field(default_factory=dict)
    units_of: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def problem(self, code: str, what: str, remedy: str, severity: str = "error", **params: object) -> None:
        if len(self.problems) < 20:
            self.problems.append(Problem(code, what, remedy, params, Place(self.name), severity))

    def number(self, text: str, where: str) -> float | None:
        """Return the number of ``text``; an empty text is missing, anything else a problem."""
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        what = msg('"%(text)s" is not a number (%(where)s).')
        self.problem("not_a_number", what, msg("Export the file again from its program."), text=text[:40], where=where)
        return None


def read_qif(markup: Markup, origin: Origin, bounds: Bounds) -> Measurements:
    """Return the characteristics of a QIF document with what was measured of them."""
    root, reader = markup.root, _Reader(origin.name, bounds)
    reader.units = {u.tag: text_in(u, "UnitName") for p in root.iter("PrimaryUnits") for u in p}
    characteristics = _characteristics(root, reader)
    sets = [e for e in below(root, "MeasurementResults") if e.tag == "MeasurementResults"]
    for number, results in enumerate(sets, start=1):
        _measured(results, str(number), characteristics, reader)
    if reader.problems and any(p.severity == "error" for p in reader.problems):
        raise InputError(reader.problems)
    found = tuple(
        replace(c, readings=reader.gathered.get(key, Gathered()).readings()) for key, c in characteristics.items()
    )
    parts = tuple(_parts(root))
    return Measurements(origin, found, parts, _notes(root, found, sets, reader), tuple(reader.problems))


def _parts(root: Element) -> Iterator[Part]:
    for part in root.iter("Part"):
        header = part.find("Header")
        name = text_in(part, "Name") or text_in(header, "Name")
        yield Part(part.get("id", ""), text_in(part, "ModelNumber") or text_in(part, "PartNumber"), name)


def _children(root: Element, group: str) -> dict[str, Element]:
    return {e.get("id", ""): e for parent in root.iter(group) for e in parent if e.get("id")}


def _characteristics(root: Element, reader: _Reader) -> dict[str, Characteristic]:
    """Follow item to nominal to definition; a link that leads nowhere is a problem."""
    definitions = _children(root, "CharacteristicDefinitions")
    nominals = _children(root, "CharacteristicNominals")
    devices = {e.get("id", ""): text_in(e, "Name") for p in root.iter("MeasurementDevices") for e in p}
    found: dict[str, Characteristic] = {}
    for identity, item in _children(root, "CharacteristicItems").items():
        if len(found) >= reader.bounds.characteristics:
            what, remedy = msg("The file has more than %(most)s characteristics."), msg("Split the file.")
            reader.problem("too_many", what, remedy, most=reader.bounds.characteristics)
            break
        nominal = _linked(item, "CharacteristicNominalId", nominals, reader)
        definition = _linked(nominal, "CharacteristicDefinitionId", definitions, reader)
        if definition is None:
            definition = _linked(item, "CharacteristicDefinitionId", definitions, reader)
        device = text_in(item, "MeasurementDeviceIds", "Id")
        found[identity] = _characteristic(identity, item, nominal, definition, devices.get(device, ""), reader)
    return found


def _linked(start: Element | None, key: str, known: dict[str, Element], reader: _Reader) -> Element | None:
    identity = text_in(start, key)
    if not identity:
        return None
    if identity not in known:
        what = msg("%(key)s points to %(id)s, which is not in the file.")
        remedy = msg("Export the file again with everything it refers to.")
        reader.problem("dangling", what, remedy, key=key, id=identity[:40])
    return known.get(identity)


def _characteristic(
    identity: str, item: Element, nominal: Element | None, definition: Element | None, gauge: str, reader: _Reader
) -> Characteristic:
    name = text_in(item, "Name") or text_in(definition, "Name") or identity
    kind = (definition if definition is not None else item).tag.removesuffix("Definition").removesuffix("Item")
    kind = kind.removesuffix("Characteristic")
    target_at = nominal.find("TargetValue") if nominal is not None else None
    target = reader.number(text_in(target_at), name)
    lower, upper, tolerance = _limits(definition, target, name, reader)
    unit = next((u for e in (target_at, tolerance) if (u := _unit_at(e))), "") or _unit_of(kind, reader)
    zero = any(word in kind for word in _ZERO_AT_BEST) and lower is None and upper is not None
    reader.units_of[identity] = unit
    attribute = "Attribute" in kind or (definition is not None and definition.find("Attribute") is not None)
    return Characteristic(
        key=identity,
        name=name,
        unit=unit,
        nominal=target,
        lower=0.0 if zero else lower,
        upper=upper,
        lower_natural=zero,
        gauge=gauge,
        kind="attribute" if attribute else "variable",
        role=kind,
    )


def _unit_at(element: Element | None) -> str:
    if element is None:
        return ""
    for at in (element, *element):
        for attribute in _UNIT_ATTRIBUTES:
            if at.get(attribute):
                return at.get(attribute, "")
    return ""


def _unit_of(kind: str, reader: _Reader) -> str:
    if any(word in kind for word in _ANGULAR) and "Angularity" not in kind:
        return reader.units.get("AngularUnit", "")
    return reader.units.get("TemperatureUnit" if "Temperature" in kind else "LinearUnit", "")


def _limits(
    definition: Element | None, nominal: float | None, name: str, reader: _Reader
) -> tuple[float | None, float | None, Element | None]:
    """Return the limits; those not defined as limits count from the nominal value."""
    if definition is None:
        return None, None, None
    zone = reader.number(text_in(definition, "ToleranceValue"), name)
    if zone is not None:
        return None, zone, definition
    tolerance = definition.find("Tolerance")
    low = reader.number(text_in(tolerance, "MinValue"), name)
    high = reader.number(text_in(tolerance, "MaxValue"), name)
    if text_in(tolerance, "DefinedAsLimit").lower() in ("true", "1") or nominal is None:
        return low, high, tolerance
    below, above = (None if v is None else float(f"{nominal + v:.12g}") for v in (low, high))
    outside = (below is not None and below > nominal) or (above is not None and above < nominal)
    if outside and (low is None or low <= nominal) and (high is None or high >= nominal):
        what = msg("%(name)s: the limits are marked as offsets but can only be limits; they were read as limits.")
        remedy = msg("Check %(low)s and %(high)s against the drawing.")
        reader.problem("offsets", what, remedy, "warning", name=name, low=low, high=high)
        return low, high, tolerance
    return below, above, tolerance


def _measured(results: Element, number: str, known: dict[str, Characteristic], reader: _Reader) -> None:
    """Take the values of one set of results: one part measured once."""
    trace = results.find("InspectionTraceability")
    start = text_in(trace, "InspectionStart")
    operator = text_in(trace, "InspectingOperator", "Name")
    serial = next((text_in(e) for e in results.iter("SerialNumber") if text_in(e)), "")
    for parent in (*results.iter("CharacteristicActuals"), *results.iter("CharacteristicMeasurements")):
        for actual in parent:
            identity = text_in(actual, "CharacteristicItemId")
            if identity not in known:
                what = msg("%(key)s points to %(id)s, which is not in the file.")
                remedy = msg("Export the file again with everything it refers to.")
                reader.problem("dangling", what, remedy, key="CharacteristicItemId", id=identity[:40])
                continue
            time = text_in(actual, "TimeStamp") or start
            _value(actual, identity, known, reader, subgroup=number, time=time, operator=operator, part=serial)


def _value(actual: Element, identity: str, known: dict[str, Characteristic], reader: _Reader, **texts: str) -> None:
    at = actual.find("Value")
    value = reader.number(text_in(at), known[identity].name)
    status = next((text_in(e) for e in actual.iter("CharacteristicStatusEnum")), "")
    if value is not None and at is not None:
        value = _converted(value, _unit_at(at), reader.units_of[identity], known[identity].name, reader)
    reader.count += 1
    if reader.count > reader.bounds.values:
        what, remedy = msg("The file has more than %(most)s values."), msg("Split the file.")
        raise InputError([Problem("too_many", what, remedy, {"most": reader.bounds.values}, Place(reader.name))])
    gathered = reader.gathered.setdefault(identity, Gathered())
    gathered.add(math.nan if value is None else value, status not in _INVALID, reader.count, **texts)


def _converted(value: float, unit: str, wanted: str, name: str, reader: _Reader) -> float:
    """Return ``value`` in the unit of its characteristic; only lengths are converted."""
    if not unit or unit == wanted or not wanted:
        return value
    if unit.lower() in _METRES and wanted.lower() in _METRES:
        return float(f"{value * _METRES[unit.lower()] / _METRES[wanted.lower()]:.15g}")
    what = msg("%(name)s is measured in %(unit)s but described in %(wanted)s.")
    reader.problem("unit", what, msg("Export the file in one unit."), name=name, unit=unit[:20], wanted=wanted[:20])
    return value


def _notes(root: Element, found: tuple[Characteristic, ...], sets: list[Element], reader: _Reader) -> tuple[Note, ...]:
    what = msg(
        "A QIF %(version)s file: %(characteristics)s characteristic(s), %(sets)s set(s) of results, %(values)s value(s)."
    )
    params = {"characteristics": len(found), "sets": len(sets), "values": reader.count}
    notes = [read_note(what, Place(reader.name), version=root.get("versionQIF", "?")[:20], **params)]
    if not reader.count:
        notes.append(read_note(msg("The file holds no single values; only what is said about them.")))
    invalid = sum(int((~c.readings.valid).sum()) for c in found)
    if invalid:
        what = msg("%(count)s value(s) are empty or marked as not measured; they are not counted.")
        notes.append(read_note(what, count=invalid))
    if any(c.readings.subgroup is not None for c in found):
        notes.append(read_note(msg("Each set of results is one subgroup.")))
    left = Counter(e.tag for p in root.iter("StatisticalStudiesResults") for e in p)
    left += Counter(e.tag for p in root if p.tag in ("MeasurementPlan", "Features", "Plan", "Rules") for e in p)
    if left:
        what = msg("Left out: %(names)s. What can be computed is computed anew from the values.")
        notes.append(ignored(what, names=", ".join(f"{tag} ({n})" for tag, n in sorted(left.items())[:12])))
    return tuple(notes)
