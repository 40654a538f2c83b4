"""The firm's own pages on the phone: report an incident, declare a defect, file the plan, report the progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import own_codes, page
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Incident, Recall
from qualipolis.city.listen.safety import clocks, queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.city.listen.safety.incidents import MOST_FILES
from qualipolis.city.listen.safety.lists import product_words
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import FILES, attempt, too_large
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.listen import incident_acts, recall_acts
from qualipolis.faces.desk.rooms.listen import safety_words as words
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after

MOST = 60
ASKED = {
    **dict.fromkeys(queries.TO_PLAN, gettext_lazy("File the plan")),
    "announced": gettext_lazy("Report the progress"),
    "executing": gettext_lazy("Report the progress"),
}
WAITS = {
    **dict.fromkeys(("clue", "assessing"), gettext_lazy("The authority assesses whether the product is defective.")),
    "plan_filed": gettext_lazy("The authority checks the plan and announces the recall."),
    **dict.fromkeys(("completed", "evaluated"), gettext_lazy("The authority checks the effect with a sample.")),
}


class Several(forms.ClearableFileInput):
    """Several photos at once."""

    allow_multiple_selected = True


class Photos(forms.FileField):
    """Photos or papers, each within the limit of evidence files."""

    def __init__(self) -> None:
        widget = Several(attrs={"accept": FILES, "multiple": True})
        super().__init__(label=_("Photos or papers"), required=False, widget=widget,
                         help_text=_("Up to %(n)s files. No faces of people who were hurt.") % {"n": MOST_FILES})  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; too many or too large ones are refused."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Up to %(n)s files.") % {"n": MOST_FILES})
        for one in files:
            super().clean(one, initial)
            if said := too_large(one):
                raise forms.ValidationError(said)
        return files


def _firms(user: Any) -> Any:
    return Enterprise.objects.filter(credit_code__in=own_codes(user)).order_by("credit_code")


def _firm_field(user: Any) -> forms.Field:
    firms = _firms(user)
    field = forms.ModelChoiceField(firms, label=_("Firm"), initial=firms.first(), empty_label=None)
    if firms.count() == 1:
        field.widget = forms.HiddenInput()
    return field


@page("enterprise")
def my_safety(request: HttpRequest) -> HttpResponse:
    """What the firm owes in its recalls, and what it has reported."""
    recalls = [_line(row) for row in queries.of_own_firm(request.user, Recall)[:MOST]]
    recalls.sort(key=lambda one: (not one["next"], one["row"].ended, -one["row"].pk))
    reported = queries.of_own_firm(request.user, Incident)[:MOST]
    shown = {
        "stage": "listen", "recalls": recalls, "waiting": sum(bool(one["next"]) for one in recalls),
        "incidents": [{"row": row, "title": words.title_of(row), "state": words.state_chip(row)} for row in reported],
        "crumbs": [(_("Safety of our products"), "")],
    }  # fmt: skip
    return render(request, "listen/my_safety.html", shown)


def _line(row: Recall) -> dict[str, Any]:
    next_ = str(ASKED.get(row.status, ""))
    return {"row": row, "title": product_words(row), "state": words.state_chip(row), "next": next_,
            "due": deadline(row.due_on) if next_ else None}  # fmt: skip


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Safety of our products"), reverse("desk:my_safety")), (last, "")]


class IncidentForm(forms.Form):
    """An incident with one's own product."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"] = _firm_field(user)
        self.fields |= {name: make() for name, make in incident_acts.product_fields().items()}
        self.fields["narrative"] = incident_acts.narrative_field()
        self.fields["harm"] = incident_acts.harm_field(False)
        self.fields["people"] = incident_acts.people_field()
        self.fields["happened_on"] = after.day(_("Happened on"), required=False)()
        self.fields["learned_on"] = after.day(
            _("We learned of it on"), help_text=_("Your two working days run from here.")
        )()
        self.fields["files"] = Photos()


@page("enterprise")
def my_incident_new(request: HttpRequest) -> HttpResponse:
    """Report an incident with one's own product."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = IncidentForm(request.user, *posted)
    made: list[Incident] = []
    if posted and attempt(request, form, lambda said: made.append(_reported(request.user, said)), _("Reported.")):
        return redirect("desk:my_incident", made[0].pk)
    shown = {
        "stage": "listen", "heading": _("Report an incident"), "form": form, "button": _("Send the report"),
        "lead": _("Somebody was hurt or something was damaged? Report within two working days of learning of it; what you do not know yet stays empty."),
        "crumbs": _crumbs(_("Report an incident")),
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _reported(actor: Any, said: dict[str, Any]) -> Incident:
    product = service.name_product(actor, **{name: said.pop(name) for name in incident_acts.PRODUCT})
    files = [_Given(one) for one in said.pop("files")]
    return service.report_incident(
        actor, "firm", product=product, enterprise=said.pop("enterprise"), files=files, **said
    )


class _Given:
    """A file of the form with a name and pieces, as the verb takes it."""

    def __init__(self, file: Any) -> None:
        self.name, self.chunks = file.name, file.chunks


@page("enterprise")
def my_incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One incident that the firm reported."""
    row = get_object_or_404(queries.of_own_firm(request.user, Incident), pk=pk)
    first = [one for one in clocks.of_incidents([row])[row.pk] if one.rule == clocks.FIRM]
    shown = {
        "stage": "listen", "row": row, "title": words.title_of(row), "state": words.state_chip(row),
        "clocks": words.clock_rows(first), "files": files_of([row])[row.pk], "crumbs": _crumbs(row.number),
        "recall_url": reverse("desk:my_recall_new"),
    }  # fmt: skip
    return render(request, "listen/my_incident.html", shown)


class DefectForm(forms.Form):
    """The firm declares a defect of its own product."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"] = _firm_field(user)
        self.fields |= {name: make() for name, make in incident_acts.product_fields().items()}
        self.fields["clue"] = after.area(_("How you found out"), 2000, 2)()
        self.fields["defect"] = after.area(_("The defect, and the harm it may do"), 2000)()


@page("enterprise")
def my_recall_new(request: HttpRequest) -> HttpResponse:
    """Declare a defect; the plan is due then."""
    posted = (request.POST,) if request.method == "POST" else ()
    form = DefectForm(request.user, *posted)
    made: list[Recall] = []
    if posted and attempt(request, form, lambda said: made.append(_declared(request.user, said)), _("Declared.")):
        return redirect("desk:my_recall", made[0].pk)
    shown = {
        "stage": "listen", "heading": _("Declare a defect"), "form": form, "button": _("Declare the defect"),
        "lead": _("Who recalls by itself acts as the law asks. The plan is due ten working days later."),
        "help": _("Stop making, selling and importing the product at once."),
        "crumbs": _crumbs(_("Declare a defect")),
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _declared(actor: Any, said: dict[str, Any]) -> Recall:
    product = service.name_product(actor, **{name: said[name] for name in incident_acts.PRODUCT})
    row = service.note_recall_clue(actor, product, said["clue"], enterprise=said["enterprise"])
    return service.declare_defect(actor, row, said["defect"])


@page("enterprise")
def my_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """One recall of the firm, with the one thing it is asked for now."""
    row = get_object_or_404(queries.of_own_firm(request.user, Recall), pk=pk)
    acts = [_declare(row), recall_acts.file_plan(row), recall_acts.progress(row), recall_acts.complete()]
    found = offers(request, row, acts, recall_acts.facts_of(row))
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:my_recall", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/my_recall.html", _context(request, row, found), status=status)


def _declare(row: Recall) -> Any:
    from qualipolis.faces.desk.rooms.flow_page import Act

    fields = {"reason": after.area(gettext_lazy("The defect, and the harm it may do"), 2000)}
    return Act("declare_defect", "listen.declare_defect",
               lambda actor, one, said: service.declare_defect(actor, one, said["reason"]), fields)  # fmt: skip


def _context(request: HttpRequest, row: Recall, found: list[Any]) -> dict[str, Any]:
    shown, told = page_of(request, row, found, "desk:my_recall"), history(row)
    box: parts.NextStep | None = shown["box"]
    return shown | {
        "stage": "listen",
        "state": words.state_chip(row),
        "title": product_words(row),
        "box": box,
        "steps": words.recall_way(row, told, mine=bool(box)),
        "waits": str(WAITS.get(row.status, "")),
        "effect": words.effect_lines(effect_of(row)) if row.announced_on else [],
        "progress": list(row.progress.all()),
        "clocks": words.clock_rows(clocks.of_recalls([row])[row.pk]),
        "links": _links(row),
        "history": told,
        "undo": undo_offer(request.user, f"listen.recall:{row.pk}"),
        "crumbs": _crumbs(row.number),
    }


def _links(row: Recall) -> list[tuple[str, str]]:
    if row.announced_on is None:
        return []
    found = [(_("Public page"), address("portal:recall", row.number)),
             (_("Notice, PDF in Chinese"), address("portal:recall_pdf", row.number, "zh")),
             (_("Notice, PDF in English"), address("portal:recall_pdf", row.number, "en"))]  # fmt: skip
    return [(label, url) for label, url in found if url]
