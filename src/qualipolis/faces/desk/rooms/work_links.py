"""Where an item of work leads, and the places that the homes link to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qualipolis.city.measure import queries
from qualipolis.city.measure.models import CollectionRound, IndicatorSet
from qualipolis.city.measure.work import WorkItem
from qualipolis.faces.desk.loop import address


def _round(period: str) -> int | None:
    rows = CollectionRound.objects.filter(period=period).order_by("-set__version")
    return rows.values_list("pk", flat=True).first()


def _sheet(period: str, unit: str) -> str:
    return f"{reverse('desk:collect', args=[_round(period)])}?unit={unit}"


def _check(period: str, code: str) -> str:
    return f"{reverse('desk:clear')}?round={_round(period)}&indicator={code}"


def _set(year: int, version: int) -> str:
    found = IndicatorSet.objects.filter(year=year, version=version).values_list("pk", flat=True).first()
    return reverse("desk:set", args=[found])


def _assessment(*args: Any) -> str:
    return address("desk:assessment", *args) or address("desk:ranking")


def _of_round(name: str) -> Callable[..., str]:
    return lambda period: reverse(name, args=[_round(period)])


def _plain_page(name: str) -> Callable[..., str]:
    return lambda pk: reverse(name, args=[pk])


ADDRESSES: dict[str, Callable[..., str]] = {
    "measure:unit": _sheet,
    "measure:indicator": _check,
    "measure:round": lambda period: reverse("desk:round", args=[_round(period)]),
    "measure:set": _set,
    "measure:served": _plain_page("desk:served"),
    "assess:notices": lambda number: reverse("desk:notices", args=[number]),
    "assess:notice": _plain_page("desk:notice"),
    "assess:run": lambda period: address("desk:assess_run") or address("desk:ranking"),
    "assess:assessment": _assessment,
    "assess:self_evaluations": _of_round("desk:self_evaluations"),
    "assess:self_evaluation": _plain_page("desk:self_evaluation"),
    "assess:site_check": _plain_page("desk:site_check"),
    "assess:site_visit": _plain_page("desk:site_visit"),
    "assess:rectifications": _of_round("desk:rectifications"),
    "assess:rectification": _plain_page("desk:rectification"),
}


# one thing has several pages: the verb tells which one
BY_VERB: dict[str, Callable[..., str]] = {
    "measure.comment_set": lambda year, version: f"{_set(year, version)}comments/",
    "measure.answer_comment": lambda year, version: f"{_set(year, version)}comments/",
    "assess.decide": lambda pk: reverse("desk:decision", args=[pk]),
}


def address_of(item: WorkItem) -> str:
    """Return the page on which an item of work is done."""
    make = BY_VERB.get(item.verb) or ADDRESSES.get(item.url_name)
    # pages of these rooms have the names that their work gives
    desk = item.url_name.replace("supervise:", "desk:").replace("hospital:", "desk:")
    return (make(*item.url_args) if make else address(desk, *item.url_args)) or reverse("desk:work")


def _current(name: str) -> Callable[[Any], str]:
    def make(user: Any) -> str:
        row = queries.current_round(user)
        return address(name, row.pk) if row else ""

    return make


def _import(user: Any) -> str:
    row = queries.current_round(user)
    open_ = row is not None and row.status in ("open", "checking", "reopened")
    return address("desk:round_import", row.pk) if row and open_ else ""


def _plain(name: str, *args: Any) -> Callable[[Any], str]:
    return lambda user: address(name, *args)


PLACES: dict[str, tuple[Any, Callable[[Any], str]]] = {
    "year": (_("The year in its steps"), _plain("desk:year_now")),
    "overview": (_("Overview of the city"), _plain("desk:overview")),
    "ranking": (_("Ranking with intervals"), _plain("desk:ranking")),
    "releases": (_("Releases and their verification"), _plain("desk:releases")),
    "indicators": (_("Indicators"), _plain("desk:indicators")),
    "sets": (_("Indicator sets"), _plain("desk:sets")),
    "rounds": (_("Collection rounds"), _plain("desk:rounds")),
    "clear": (_("Values to check"), _plain("desk:clear")),
    "collect": (_("Sheet of my unit"), _current("desk:collect")),
    "import": (_("Import values from a file"), _import),
    "ledger": (_("Ledger"), _plain("core:ledger")),
    "people": (_("People and roles"), _plain("core:people")),
    "enterprises": (_("Register of enterprises"), _plain("desk:registry", "enterprises")),
    "field": (_("Sampling on site (phone)"), _plain("field:home")),
    "tasks": (_("Tasks on site"), _plain("desk:tasks")),
    "results": (_("Results of supervision sampling"), _plain("desk:results")),
    "firm_results": (_("Our test results"), _plain("desk:firm_results")),
    "corrections": (_("Our corrections"), _plain("desk:corrections")),
    "samples": (_("Samples in the laboratory"), _plain("desk:lab")),
    "hospital_cases": (_("Cases of the product hospital"), _plain("desk:hospital_cases")),
    "my_cases": (_("My cases at the product hospital"), _plain("desk:my_cases")),
    "case_new": (_("Register a case"), _plain("desk:case_new")),
    "hospital_offers": (_("Offers after failed samples"), _plain("desk:offers")),
    "hospital_experts": (_("Experts"), _plain("desk:hospital_experts")),
    "hospital_departments": (_("Departments"), _plain("desk:hospital_departments")),
    "duty_reports": (_("Reports required by law"), _plain("desk:duty_reports")),
    "signals": (_("Early-warning signals"), _plain("desk:listen_signals")),
    "investigations": (_("Investigations"), _plain("desk:listen_investigations")),
    "my_actions": (_("Orders to us"), _plain("desk:my_actions")),
    "incidents": (_("Injuries and damages"), _plain("desk:listen_incidents")),
    "recalls": (_("Recalls"), _plain("desk:listen_recalls")),
    "my_safety": (_("Safety of our products"), _plain("desk:my_safety")),
    "alerts": (_("Alerts of other authorities"), _plain("desk:listen_alerts")),
    "listen_search": (_("Search what was heard"), _plain("desk:listen_search")),
    "complaints": (_("Complaints"), _plain("desk:listen_complaints")),
    "my_complaints": (_("Complaints about us"), _plain("desk:my_complaints")),
    "institutions": (_("Technical institutions"), _plain("desk:registry", "institutions")),
    "standards": (_("Standards"), _plain("desk:registry", "standards")),
    "units": (_("Units"), _plain("desk:registry", "units")),
    "portal": (_("Public pages"), _plain("portal:home")),
}
