"""The steps and records that the page of an incident offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Incident, Investigation
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line

PRODUCT = ("name", "brand", "model", "barcode")


def facts_of(row: Incident) -> dict[str, Any]:
    """Return what the guards of the steps read."""
    return {"serious": row.serious}


def acts_of(row: Incident) -> list[Act]:
    """Return the steps of an incident in the order in which they lead on."""
    close = Act(
        "close" if row.status == "reported_up" else "close_slight", "listen.close_incident",
        lambda actor, one, said: service.close_incident(actor, one, said["report"]),
    )  # fmt: skip
    return [_verify(row), *([_upward()] if row.serious else []), *([] if row.serious and row.status == "verified" else [close]),
            _dismiss(), _reopen()]  # fmt: skip


def _verify(row: Incident) -> Act:
    fields = {} if row.harm is not None else {"harm": harm_field, "people": people_field}
    if row.product is None:
        fields |= product_fields(required=False)
    return Act("verify", "listen.verify_incident", _verified, fields,
               help=gettext_lazy("A death or serious injury must then be reported to the authority above at once."))  # fmt: skip


def _verified(actor: Any, row: Incident, said: dict[str, Any]) -> None:
    if "harm" in said:
        service.grade_incident(actor, row, said["harm"], said["people"])
    product = service.name_product(actor, **{name: said[name] for name in PRODUCT}) if said.get("name") else None
    service.verify_incident(actor, row, product=product)


def _upward() -> Act:
    return Act("report_up", "listen.report_upward",
               lambda actor, row, said: service.report_upward(actor, row, said["authority"], said["document_no"]))  # fmt: skip


def _dismiss() -> Act:
    return Act(
        "dismiss",
        "listen.dismiss_incident",
        lambda actor, row, said: service.dismiss_incident(actor, row, said["reason"]),
    )


def _reopen() -> Act:
    return Act(
        "reopen", "listen.reopen_incident", lambda actor, row, said: service.reopen_incident(actor, row, said["reason"])
    )


def marks_of(actor: Any, row: Incident) -> list[Mark]:
    """Return what may be recorded beside the way of an incident."""
    found = [] if row.ended else [_grade()]
    found.append(_firm_report(row))
    teams = visible(actor, Investigation.objects.filter(status__in=("opened", "reopened"))).order_by("-pk")
    if row.investigation is None and teams.exists():
        found.append(_link(teams))
    return found


def _grade() -> Mark:
    return Mark("grade", "listen.grade_incident", gettext_lazy("Grade the harm"), {"harm": harm_field, "people": people_field},
                lambda actor, row, said: service.grade_incident(actor, row, said["harm"], said["people"]))  # fmt: skip


def _firm_report(row: Incident) -> Mark:
    return Mark(
        "firm_report", "listen.note_firm_report", gettext_lazy("Note when the firm learned of it and reported"),
        {"learned_on": day(gettext_lazy("The firm learned of it on"), required=False, initial=row.learned_on),
         "reported_on": day(gettext_lazy("The firm reported on"), required=False, initial=row.firm_reported_on)},
        lambda actor, one, said: service.note_firm_report(actor, one, said["reported_on"], said["learned_on"]),
        help=gettext_lazy("Its two working days run from the day it learned of the danger."),
    )  # fmt: skip


def _link(teams: Any) -> Mark:
    field = lambda: forms.ModelChoiceField(teams, label=gettext_lazy("Investigation"))  # noqa: E731
    return Mark("link", "listen.link_incident", gettext_lazy("Put it into an investigation"), {"investigation": field},
                lambda actor, row, said: service.link_incident(actor, row, said["investigation"]))  # fmt: skip


def harm_field(required: bool = True) -> forms.Field:
    """Return the field for the harm; it is never guessed."""
    first = [("", gettext_lazy("not known yet"))]
    return forms.TypedChoiceField(
        label=gettext_lazy("How badly people were hurt"), coerce=int, empty_value=None, required=required,
        choices=[*first, *Incident.Harm.choices],
    )  # fmt: skip


def people_field() -> forms.Field:
    """Return the field for the number of people hurt."""
    return forms.IntegerField(
        label=gettext_lazy("How many people were hurt"), min_value=0, max_value=9999, required=False
    )


def product_fields(*, required: bool = True) -> dict[str, Any]:
    """Return the fields that name a product."""
    return {
        "name": line(gettext_lazy("Product"), 120, required),
        "brand": line(gettext_lazy("Brand"), 80, False),
        "model": line(gettext_lazy("Model"), 80, False),
        "barcode": line(gettext_lazy("Barcode"), 20, False),
    }


def narrative_field() -> forms.Field:
    """Return the field for what happened."""
    words = gettext_lazy("No names of people who were hurt, and no telephone numbers.")
    return area(gettext_lazy("What happened"), 4000, 5, help_text=words)()
