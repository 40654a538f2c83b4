"""Injuries and damages in which a product may have had a part: the list, a new one, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import suggesting
from qualipolis.city.listen.investigations.visibility import READERS
from qualipolis.city.listen.models import Incident
from qualipolis.city.listen.safety import clocks, queries
from qualipolis.city.listen.safety.incidents import HANDLERS
from qualipolis.city.listen.safety.lists import INCIDENT_SHOWS
from qualipolis.city.listen.statistics.naming import class_words
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.listen import incident_acts
from qualipolis.faces.desk.rooms.listen import safety_words as words
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

SHOW = (("", gettext_lazy("All")), *INCIDENT_SHOWS.items())
RELATED = ("product", "enterprise__unit", "unit", "investigation")


def chip_cell(*chips: parts.Chip | None) -> SafeString:
    """Return chips for a table."""
    drawn = [tags.chip(one.kind, one.text, one.icon or None) for one in chips if one is not None]
    return format_html("{} {}", drawn[0], drawn[1]) if len(drawn) > 1 else drawn[0]


def _columns() -> list[parts.Column]:
    return [
        parts.Column("incident", _("Incident"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("firm", _("Firm")),
        parts.Column("people", _("People hurt"), numeric=True),
        parts.Column("source", _("Who reported")),
    ]


def _cells(row: Incident) -> Mapping[str, Any]:
    said = _("%(number)s, reported on %(day)s") % {"number": row.number, "day": f"{row.reported_on:%Y-%m-%d}"}
    town = row.unit.name if row.unit else _("town not known")
    return {
        "incident": format_html('{}<br><span class="muted">{}</span>', words.title_of(row), said),
        "state": chip_cell(words.state_chip(row), words.harm_chip(row)),
        "due": after.due_cell(row),
        "firm": format_html('<span>{}<br><span class="muted">{}</span></span>', words.firm_of(row), town),
        "people": row.people,
        "source": row.get_source_display(),
        "url": reverse("desk:listen_incident", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Injuries and damages"),
    gettext_lazy("Reported by hospitals, firms and consumers. A death or serious injury goes to the authority above at once."),
    _columns, _cells, SHOW, "listen-incidents",
    (gettext_lazy("No incident here"), gettext_lazy("An incident appears as soon as somebody reports one.")), search=True,
)  # fmt: skip


@page(*READERS)
def incidents(request: HttpRequest) -> HttpResponse:
    """The incidents, what is due first."""
    rows = queries.incidents(request.user, request.GET.dict())
    tools = []
    if can(request.user, "listen.report_incident"):
        tools.append((_("Report an incident"), reverse("desk:listen_incident_new"), "plus"))
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Injuries and damages"), "")])


class IncidentForm(forms.Form):
    """An incident as an office takes it down."""

    source = forms.ChoiceField(label=gettext_lazy("Who reported it"), choices=Incident.Source.choices)
    narrative = forms.Field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["narrative"] = incident_acts.narrative_field()
        self.fields["harm"] = incident_acts.harm_field(False)
        self.fields["people"] = incident_acts.people_field()
        self.fields["happened_on"] = after.day(_("Happened on"), required=False)()
        for name, make in incident_acts.product_fields(required=False).items():
            self.fields[name] = make()
        for name, label in (("product_class", _("Class of product")), ("hazard", _("Kind of danger"))):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", "…"), *suggesting.choices(name)], required=False
            )
        self.fields["credit_code"] = after.line(_("Credit code of the firm"), 18, False)()
        self.fields["learned_on"] = after.day(_("The firm learned of it on"), required=False)()
        self.fields["unit"] = forms.ModelChoiceField(Unit.objects.order_by("code"), label=_("Town"), required=False)

    def clean_credit_code(self) -> Enterprise | None:
        """Return the firm with that code; an unknown code is named."""
        code = self.cleaned_data["credit_code"].strip().upper()
        found = Enterprise.objects.filter(credit_code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("No firm of the register has this code."))
        return found


@page(*HANDLERS)
def incident_new(request: HttpRequest) -> HttpResponse:
    """Take an incident down that somebody reported."""
    form = IncidentForm(request.POST or None)
    made: list[Incident] = []
    if request.method == "POST" and attempt(request, form, lambda said: made.append(_reported(request.user, said))):
        return redirect("desk:listen_incident", made[0].pk)
    shown = {
        "stage": "listen", "heading": _("Report an incident"), "form": form, "button": _("Record the incident"),
        "lead": _("Two working days to verify it. What is not known stays empty; it is never guessed."),
        "crumbs": [(_("Injuries and damages"), reverse("desk:listen_incidents")), (_("Report an incident"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _reported(actor: Any, said: dict[str, Any]) -> Incident:
    marks = {name: said.pop(name) for name in incident_acts.PRODUCT}
    product = service.name_product(actor, **marks, product_class=said["product_class"]) if marks["name"] else None
    return service.report_incident(
        actor, said.pop("source"), product=product, enterprise=said.pop("credit_code"), unit=said.pop("unit"), **said
    )


@page(*READERS)
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one incident."""
    row = get_object_or_404(visible(request.user, Incident.objects.select_related(*RELATED)), pk=pk)
    found = offers(request, row, incident_acts.acts_of(row), incident_acts.facts_of(row))
    marks = after.marks(request, row, incident_acts.marks_of(request.user, row))
    if request.method == "POST" and (after.take_mark(request, row, marks) or take(request, row, found)):
        return redirect("desk:listen_incident", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/incident.html", _context(request, row, found, marks), status=status)


def _context(request: HttpRequest, row: Incident, found: list[Any], marks: list[Any]) -> dict[str, Any]:
    lead = [one for one in found if one.act.step not in ("dismiss", "reopen")]
    shown, told = page_of(request, row, lead, "desk:listen_incident"), history(row)
    return shown | {
        "stage": "listen",
        "state": words.state_chip(row),
        "harm": words.harm_chip(row),
        "title": words.title_of(row),
        "firm": words.firm_of(row),
        "hazard": class_words("hazard", row.hazard),
        "beside": [*shown["beside"], *(one for one in found if one not in lead)],
        "marks": marks,
        "steps": words.incident_way(row, told, mine=bool(shown["box"])),
        "waits": _("This incident is closed.") if row.ended else _("Nothing here waits for you."),
        "clocks": words.clock_rows(clocks.of_incidents([row])[row.pk]),
        "files": files_of([row])[row.pk],
        "investigation": words.link_of(request.user, row.investigation, "desk:listen_investigation"),
        "product_url": words.link_of(request.user, row.product, "desk:listen_product"),
        "to_recall": _recall_url(request, row),
        "history": told,
        "undo": undo_offer(request.user, f"listen.incident:{row.pk}"),
        "crumbs": [(_("Injuries and damages"), reverse("desk:listen_incidents")), (row.number, "")],
    }


def _recall_url(request: HttpRequest, row: Incident) -> str:
    """Return where a clue for a recall is noted from this incident, for who may note one."""
    if not row.product_id or row.status == "dismissed" or not can(request.user, "listen.note_recall_clue"):
        return ""
    return f"{reverse('desk:listen_recall_new')}?incident={row.pk}"
