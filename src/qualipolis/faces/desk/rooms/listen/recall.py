"""Recalls for the offices: the list, a new clue, and the page of one from the clue to the effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, READERS
from qualipolis.city.listen.models import Incident, Recall
from qualipolis.city.listen.safety import clocks, queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.city.listen.safety.lists import RECALL_SHOWS, product_words
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.listen import incident_acts, recall_acts
from qualipolis.faces.desk.rooms.listen import safety_words as words
from qualipolis.faces.desk.rooms.listen.incident import chip_cell
from qualipolis.faces.desk.rooms.measure.pieces import figure, history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *RECALL_SHOWS.items())
RELATED = ("product", "enterprise__unit", "investigation")
WAITS = {
    **dict.fromkeys(queries.TO_PLAN, gettext_lazy("The producer files its plan. Without one in its term, order the recall.")),
    **dict.fromkeys(("announced", "executing"), gettext_lazy("The producer recalls and reports its progress.")),
    "no_defect": gettext_lazy("No defect was found."),
    "closed": gettext_lazy("This recall is closed."),
}  # fmt: skip


def _columns() -> list[parts.Column]:
    return [
        parts.Column("recall", _("Recall"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("producer", _("Producer")),
        parts.Column("corrected", _("Corrected"), numeric=True),
    ]


def _cells(row: Recall) -> Mapping[str, Any]:
    said = _("%(number)s, clue of %(day)s") % {"number": row.number, "day": f"{row.clue_on:%Y-%m-%d}"}
    ordered = (
        parts.Chip("bad", _("recall ordered by the authority"))
        if row.ordered and row.status not in ("ordered", "ordered_again")
        else None
    )
    of = _("%(n)s of %(all)s") % {"n": figure(row.corrected, 0), "all": figure(row.units, 0)}
    return {
        "recall": format_html('{}<br><span class="muted">{}</span>', product_words(row), said),
        "state": chip_cell(words.state_chip(row), ordered),
        "due": after.due_cell(row),
        "producer": words.firm_of(row),
        "corrected": None if row.corrected is None else of,
        "url": reverse("desk:listen_recall", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Recalls"),
    gettext_lazy("From the clue to the effect. What is due first stands first; the public reads a recall once it is announced."),
    _columns, _cells, SHOW, "listen-recalls",
    (gettext_lazy("No recall here"), gettext_lazy("A recall begins with a clue that a product may be defective.")), search=True,
)  # fmt: skip


@page(*READERS)
def recalls(request: HttpRequest) -> HttpResponse:
    """The recalls, what is due first."""
    rows = queries.recalls(request.user, request.GET.dict())
    tools = [(_("Public page"), url, "external-link")] if (url := address("portal:recalls")) else []
    if can(request.user, "listen.note_recall_clue"):
        tools.append((_("Note a clue"), reverse("desk:listen_recall_new"), "plus"))
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Recalls"), "")])


class ClueForm(forms.Form):
    """A clue that a product may be defective."""

    def __init__(self, *args: Any, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not named:
            for name, make in incident_acts.product_fields().items():
                self.fields[name] = make()
        self.fields["clue"] = after.area(_("The clue"), 2000)()
        self.fields["credit_code"] = after.line(_("Credit code of the producer"), 18, False)()
        self.fields["producer_name"] = after.line(
            _("Name of the producer"), 160, False, help_text=_("Only where it is not in the register.")
        )()

    def clean_credit_code(self) -> Enterprise | None:
        """Return the producer with that code; an unknown code is named."""
        code = self.cleaned_data["credit_code"].strip().upper()
        found = Enterprise.objects.filter(credit_code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("No firm of the register has this code."))
        return found


@page(*INVESTIGATORS)
def recall_new(request: HttpRequest) -> HttpResponse:
    """Note a clue; from an incident its product and firm are known."""
    before = _incident(request)
    known = {"credit_code": before.enterprise.credit_code} if before and before.enterprise else {}
    form = ClueForm(request.POST or None, named=before is not None, initial=known)
    made: list[Recall] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(_noted(request.user, before, said))
    ):
        return redirect("desk:listen_recall", made[0].pk)
    shown = {
        "stage": "listen", "heading": _("Clue for a recall"), "form": form, "button": _("Note the clue"),
        "lead": _("A defect is an unreasonable danger that a batch or a model has in common."),
        "facts": [(_("Product"), product_words(before)), (_("Incident"), before.number)] if before else [],
        "crumbs": [(_("Recalls"), reverse("desk:listen_recalls")), (_("Clue for a recall"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _incident(request: HttpRequest) -> Incident | None:
    rows = visible(request.user, Incident.objects.select_related("product", "enterprise")).exclude(product=None)
    return rows.filter(pk=whole(request.GET.get("incident", "")) or 0).first()


def _noted(actor: Any, before: Incident | None, said: dict[str, Any]) -> Recall:
    if before is not None:
        product = before.product
    else:
        product = service.name_product(actor, **{name: said[name] for name in incident_acts.PRODUCT})
    return service.note_recall_clue(
        actor, product, said["clue"], enterprise=said["credit_code"], producer_name=said["producer_name"]
    )


@page(*READERS)
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one recall."""
    row = get_object_or_404(visible(request.user, Recall.objects.select_related(*RELATED)), pk=pk)
    found = offers(request, row, recall_acts.acts_of(request.user, row), recall_acts.facts_of(row))
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:listen_recall", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/recall.html", _context(request, row, found), status=status)


def _context(request: HttpRequest, row: Recall, found: list[Any]) -> dict[str, Any]:
    lead = [one for one in found if recall_acts.leads(one.act.step, row)]
    aside = [one for one in found if one not in lead]
    shown, told = page_of(request, row, lead, "desk:listen_recall"), history(row)
    return shown | {
        "stage": "listen",
        "state": words.state_chip(row),
        "title": product_words(row),
        "firm": words.firm_of(row),
        "beside": [*shown["beside"], *(one for one in aside if not one.blocked)],
        "steps": words.recall_way(row, told, mine=bool(shown["box"])),
        "waits": WAITS.get(row.status, ""),
        "clocks": words.clock_rows(clocks.of_recalls([row])[row.pk]),
        "effect": words.effect_lines(effect_of(row)) if row.announced_on else [],
        "progress": list(row.progress.all()),
        "warnings": list(queries.warnings(request.user).filter(recall=row)),
        "links": _links(request, row),
        "investigation": words.link_of(request.user, row.investigation, "desk:listen_investigation"),
        "product_url": words.link_of(request.user, row.product, "desk:listen_product"),
        "history": told,
        "undo": undo_offer(request.user, f"listen.recall:{row.pk}"),
        "crumbs": [(_("Recalls"), reverse("desk:listen_recalls")), (row.number, "")],
    }


def _links(request: HttpRequest, row: Recall) -> list[tuple[str, str]]:
    found = []
    if row.defect and can(request.user, "listen.draft_warning"):
        found.append((_("Draft a public warning"), f"{reverse('desk:listen_warning_new')}?recall={row.pk}"))
    if row.announced_on:
        found.append((_("Public page"), address("portal:recall", row.number)))
        for lang, label in (("zh", _("Notice, PDF in Chinese")), ("en", _("Notice, PDF in English"))):
            found.append((label, address("portal:recall_pdf", row.number, lang)))
    return [(label, url) for label, url in found if url]
