"""What one row must satisfy beyond its cells: codes with check digits, certificate and standard numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qualipolis.law import validators
from qualipolis.methods.problems import Problem, msg

PlaceOf = Callable[[str], str]


def _checked(row: dict[str, Any], field: str, check: Callable[[str], Any], place_of: PlaceOf) -> list[Problem]:
    """Run a validator on ``row[field]``, store the normalised value, and say where each problem is."""
    if not isinstance(row.get(field), str):
        return []
    outcome = check(row[field])
    if outcome.value:
        row[field] = outcome.value
    return [replace(problem, place=place_of(field)) for problem in outcome.problems]


def enterprise(row: dict[str, Any], place_of: PlaceOf) -> list[Problem]:
    """Check the credit code (GB 32100-2015)."""
    return _checked(row, "credit_code", validators.credit_code, place_of)


def standard(row: dict[str, Any], place_of: PlaceOf) -> list[Problem]:
    """Check the number of a standard itself."""
    return _checked(row, "number", validators.standard_number, place_of)


def standard_number(row: dict[str, Any], place_of: PlaceOf) -> list[Problem]:
    """Check a reference to a standard; an unknown form is a warning, as plants cite many."""
    found = _checked(row, "standard", validators.standard_number, place_of)
    return [replace(problem, severity="warning") for problem in found]


def qualification(row: dict[str, Any], place_of: PlaceOf) -> list[Problem]:
    """Check the certificate number for its kind, and that it does not end before it begins."""
    checks = {
        "cma": validators.cma_certificate,
        "cnas": validators.cnas_number,
        "cnca": validators.cnca_approval,
    }
    problems = []
    if row.get("kind") in checks:
        problems += _checked(row, "number", checks[row["kind"]], place_of)
    if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]:
        problems.append(
            Problem(
                "ends_before_it_begins",
                msg("The certificate ends before it begins."),
                msg("Correct one of the two dates."),
                place=place_of("valid_to"),
            )
        )
    return problems


CHECKS: dict[str, Callable[[dict[str, Any], PlaceOf], list[Problem]]] = {
    "enterprise": enterprise,
    "standard": standard,
    "standard_number": standard_number,
    "qualification": qualification,
}
