"""Who somebody is in a case, asked once for each request: the cards of its page all want to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from qualipolis.city.hospital.consultation import parties
from qualipolis.city.hospital.models import Case


def treats(request: HttpRequest, case: Case) -> bool:
    """Whether this person sees the case as a doctor, at the desk or as the manager, and not as the firm."""
    return _once(request, case, parties.treats)


def attends(request: HttpRequest, case: Case) -> bool:
    """Whether this person is the expert who treats the case."""
    return _once(request, case, parties.attends)


def _once(request: HttpRequest, case: Case, ask: Callable[[Any, Case], bool]) -> bool:
    asked: dict[tuple[str, Any], bool] = request.__dict__.setdefault("_who_in_case", {})
    key = (ask.__name__, case.pk)
    if key not in asked:
        asked[key] = ask(request.user, case)
    return asked[key]
