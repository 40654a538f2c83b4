"""The values of D-SI: one number, lists of numbers, and the same quantity in several units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.factory.markup import text_in
from qualipolis.methods.problems import msg

Report = Callable[..., None]
_UNCERTAIN = frozenset({"uncertainty", "valueExpandedMU", "uncertaintyXMLList", "valueExpandedMUXMLList"})
_STANDARD = frozenset({"valueStandardMU", "valueStandardMUXMLList"})
_COVERAGE = frozenset({"coverageFactor", "coverageFactorXMLList"})
_PLAIN = frozenset({"real", "realListXMLList", "hybrid", "list"})


@dataclass(frozen=True, eq=False)
class Quantity:
    """Numbers of one quantity with unit, expanded uncertainty and coverage factor."""

    value: NDArray[np.float64]
    unit: str
    uncertainty: NDArray[np.float64] | None
    coverage: NDArray[np.float64] | None
    label: str = ""
    other_units: tuple[str, ...] = ()


def quantity_of(element: Element, name: str, report: Report) -> Quantity | str | None:
    """Return the numbers of ``element``, the name of its kind when that has none, or None after reporting a problem."""
    for child in element:
        if child.tag == "hybrid":
            return _hybrid(child, name, report)
        if child.tag in _PLAIN:
            return _numbers(child, name, report)
        if child.tag in ("complex", "complexListXMLList", "complexInPolarForm", "constant", "constQuantity"):
            return child.tag
    return "noQuantity"


def _hybrid(element: Element, name: str, report: Report) -> Quantity | str | None:
    """Return the first form in SI units; the others must have as many values."""
    forms = [f for f in (_numbers(child, name, report) for child in element if child.tag in _PLAIN) if f is not None]
    if not forms:
        return "hybrid"
    if len({len(form.value) for form in forms}) > 1:
        what = msg("%(name)s has different numbers of values in its units.")
        report("hybrid", what, msg("Ask the laboratory for a corrected certificate."), name=name)
        return None
    chosen = next((form for form in forms if not form.unit.lower().startswith("\\degree")), forms[0])
    others = tuple(form.unit for form in forms if form is not chosen)
    return Quantity(chosen.value, chosen.unit, chosen.uncertainty, chosen.coverage, chosen.label, others)


def _numbers(element: Element, name: str, report: Report) -> Quantity | None:
    """Return the numbers of ``si:real``, ``si:realListXMLList`` or a ``si:list`` of reals."""
    if element.tag == "list":
        return _joined(element, name, report)
    listed = element.tag == "realListXMLList"
    value = _floats(text_in(element, "valueXMLList" if listed else "value"), name, report)
    if value is None or not len(value):
        report(
            "no_number",
            msg("%(name)s has no value."),
            msg("Ask the laboratory for a corrected certificate."),
            name=name,
        )
        return None
    units = text_in(element, "unitXMLList" if listed else "unit").split()
    if len(set(units)) > 1:
        what = msg("%(name)s has values in different units in one list.")
        report("unit", what, msg("Ask for one quantity in one unit."), name=name)
        return None
    uncertainty = _beside(element, _UNCERTAIN, value, name, report)
    coverage = _beside(element, _COVERAGE, value, name, report)
    standard = None if uncertainty is not None else _beside(element, _STANDARD, value, name, report)
    if standard is not None:
        uncertainty, coverage = standard, np.ones_like(standard)
    label = text_in(element, "label") or text_in(element, "labelXMLList")
    return Quantity(value, units[0] if units else "", uncertainty, coverage, label)


def _joined(element: Element, name: str, report: Report) -> Quantity | None:
    """Return a list of single reals as one quantity; all must have the same unit."""
    found = [q for q in (_numbers(child, name, report) for child in element if child.tag == "real") if q is not None]
    if not found or len({q.unit for q in found}) != 1:
        what = msg("%(name)s has values in different units in one list.")
        report("unit", what, msg("Ask for one quantity in one unit."), name=name)
        return None
    sides = []
    for side in ("uncertainty", "coverage"):
        each = [getattr(q, side) for q in found]
        sides.append(None if any(e is None for e in each) else np.concatenate(each))
    return Quantity(np.concatenate([q.value for q in found]), found[0].unit, sides[0], sides[1])


def _beside(
    element: Element, tags: frozenset[str], value: NDArray[np.float64], name: str, report: Report
) -> NDArray[np.float64] | None:
    """Return what stands beside the values (an uncertainty, a factor); one of it serves all of them."""
    text = next((text_in(e) for e in element.iter() if e.tag in tags), "")
    if not text:
        return None
    given = _floats(text, name, report)
    if given is None:
        return None
    if len(given) not in (1, len(value)):
        what = msg("%(name)s has %(values)s values but %(given)s uncertainties or factors.")
        remedy = msg("Ask the laboratory for a corrected certificate.")
        report("length", what, remedy, name=name, values=len(value), given=len(given))
        return None
    return np.broadcast_to(given, value.shape).copy()


def _floats(text: str, name: str, report: Report) -> NDArray[np.float64] | None:
    try:
        values = np.array([float(word) for word in text.split()], dtype=np.float64)
    except ValueError:
        values = np.array([np.inf])
    if np.isinf(values).any():
        what = msg('"%(text)s" is not a number (%(where)s).')
        report("not_a_number", what, msg("Ask the laboratory for a corrected certificate."), text=text[:40], where=name)
        return None
    return values
