"""Changes that laboratories file: the list, a new one, and the page of one from the change to its effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences import queries
from qualipolis.city.nqi.licences.changes import lines_of_old_standard, open_lines
from qualipolis.city.nqi.licences.lists import FILING_SHOWS
from qualipolis.city.nqi.licences.models import ChangeFiling, Licence
from qualipolis.city.nqi.licences.visibility import OFFICE
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import ScopeItem
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, SeveralOf
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence import SEERS
from qualipolis.faces.desk.rooms.nqi.licence_page import Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import area, line

MOST = 300
Kind = ChangeFiling.Kind
PATH = (
    (gettext_lazy("Change"), ("owed", "ordered"), ("nqi.file_change", "nqi.file_owed_change", "nqi.propose_signatory")),
    (gettext_lazy("Filed"), ("filed", "returned"), ("nqi.accept_filing", "nqi.refuse_filing")),
    (gettext_lazy("Decided"), (), ("nqi.accept_filing",)),
)
WAITS = {
    "owed": gettext_lazy("The laboratory files the change within its term."),
    "ordered": gettext_lazy("The laboratory was ordered to file the change."),
    "filed": gettext_lazy("The authority decides on the change."),
    "returned": gettext_lazy("The laboratory mends the filing."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("filing", _("Change"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("body", _("Institution")),
        parts.Column("changed", _("Changed on")),
    ]


def _cells(row: ChangeFiling) -> Mapping[str, Any]:
    return {
        "filing": f"{row.get_kind_display()} {row.number}", "state": pages.state_cell(row), "due": after.due_cell(row),
        "body": row.licence.institution.name, "changed": day(row.changed_on),
        "url": reverse("desk:nqi_filing", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Changes of laboratories"),
    gettext_lazy("Five kinds of change are filed with the authority. What is due first stands first."),
    _columns, _cells, (("", gettext_lazy("All")), *FILING_SHOWS.items()), "nqi-filings",
    (gettext_lazy("No change here"), gettext_lazy("A change is owed when a signatory leaves or a standard of the scope is replaced.")),
    search=True,
)  # fmt: skip


@page(*SEERS)
def filings(request: HttpRequest) -> HttpResponse:
    """The changes, what is due first."""
    rows = queries.filings(request.user, request.GET.dict())
    crumbs = [pages.crumb(_("CMA certificates"), "nqi_licences"), (_("Changes of laboratories"), "")]
    return after.list_page(request, LIST, rows, stage=pages.STAGE, tools=[], crumbs=crumbs)


class ChangeForm(forms.Form):
    """A change to be filed; what its kind needs is asked below."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of change"), choices=Kind.choices)
    changed_on = forms.DateField(
        label=gettext_lazy("Changed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate
    )  # fmt: skip
    said = forms.CharField(
        label=gettext_lazy("What has changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, lines: Any, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not own:
            return
        self.fields["new_name"] = line(_("New name"), 200, False, help_text=_("Only for a change of name."))()
        self.fields["new_address"] = line(_("New address"), 200, False)()
        self.fields["old_standard"] = line(_("Old standard"), 60, False, help_text=_("Only for a change of method."))()
        self.fields["new_standard"] = line(_("New standard"), 60, False)()
        self.fields["items"] = SeveralOf(
            lines,
            required=False,
            label=_("Lines of the scope"),
            help_text=_("For a cancelled item or a changed method."),
        )


def _of(request: HttpRequest) -> Licence:
    rows = visible(request.user, Licence.objects.select_related("qualification__institution__unit"))
    found = rows.filter(pk=whole(request.GET.get("licence", "")) or 0).first() or (
        rows.filter(qualification__institution__in=own_institutions(request.user)).order_by("-pk").first()
    )
    if found is None:
        raise Http404
    return found


@page("laboratory", *OFFICE)
def filing_new(request: HttpRequest) -> HttpResponse:
    """File a change of one's own, or note one that was not filed."""
    held = _of(request)
    own = can(request.user, "nqi.file_change", held)
    lines = ScopeItem.objects.filter(qualification=held.qualification, valid_to=None).order_by("pk")
    form, made = ChangeForm(lines, request.POST or None, own=own), []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(_made(request.user, held, own, said))
    ):
        return redirect("desk:nqi_filing", made[0].pk)
    heading = _("File a change") if own else _("Note a change that was not filed")
    facts = [(_("Institution"), held.institution.name), (_("Certificate"), str(held))]
    lead = _("A change is filed within 30 days: a term set by the city, the order names none.")
    crumbs = [pages.crumb(_("Changes of laboratories"), "nqi_filings")]
    return pages.form_page(request, heading, lead, form, _("Hand in"), crumbs, facts=facts)


def _made(actor: Any, held: Licence, own: bool, said: dict[str, Any]) -> ChangeFiling:
    if own:
        return service.file_change(actor, held, said.pop("kind"), said.pop("changed_on"), said.pop("said"), **said)
    return service.note_change(actor, held.institution, said["kind"], said["changed_on"], said["said"])


@page(*SEERS)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what, since when, by when, and what was decided."""
    rows = ChangeFiling.objects.select_related("licence__qualification__institution__unit", "signatory")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    facts = {
        "kind": row.kind, "changed_on": row.changed_on, "said": row.said or "-", "open_lines": open_lines(row), "due_on": row.due_on,
    }  # fmt: skip
    crumbs = [pages.crumb(_("Changes of laboratories"), "nqi_filings"), (row.number, "")]
    licence = reverse("desk:nqi_licence", args=[row.licence_id])
    return pages.row_page(
        request, row,
        pages.RowPage(
            "desk:nqi_filing", row.get_kind_display(), _("%(number)s of %(body)s") % {"number": row, "body": row.licence.institution.name},
            _acts(row), facts, _sections(row), () if row.status == "dismissed" else PATH, crumbs, str(WAITS.get(row.status, "")),
            links=[(_("The certificate"), licence)], leading=("file", "accept", "order"),
        ),
    )  # fmt: skip


def _acts(row: ChangeFiling) -> list[Act]:
    number, why = line(gettext_lazy("Number of the document"), 60), area(gettext_lazy("Reason"), 400, 2)
    both = {"document_no": number, "reason": why}
    return [
        _file(row),
        Act("accept", "nqi.accept_filing", lambda actor, one, said: service.accept_filing(actor, one, said["document_no"]),
            {"document_no": number}, help=gettext_lazy("From today the change stands in the registry.")),
        Act("order", "nqi.order_filing", lambda actor, one, said: service.order_filing(actor, one, said["document_no"]),
            {"document_no": number}),
        Act("return", "nqi.return_filing", lambda actor, one, said: service.return_filing(actor, one, said["reason"]),
            {"reason": why}, for_good=True),
        Act("refuse", "nqi.refuse_filing",
            lambda actor, one, said: service.refuse_filing(actor, one, said["document_no"], said["reason"]), both),
        Act("dismiss", "nqi.dismiss_filing", lambda actor, one, said: service.dismiss_filing(actor, one, said["reason"]),
            {"reason": why}),
        *([Act("take_back", "nqi.take_filing_back", lambda actor, one, said: service.take_filing_back(actor, one, said["reason"]),
               {"reason": why}, for_good=True)] if row.origin == ChangeFiling.Origin.LABORATORY else []),
    ]  # fmt: skip


def _file(row: ChangeFiling) -> Act:
    fields = {"said": area(gettext_lazy("What has changed"), 2000, 3, initial=row.said)}
    if row.kind == Kind.METHOD_CHANGED:
        fields["new_standard"] = line(gettext_lazy("New standard"), 60, initial=row.new_standard)
    return Act("file", "nqi.file_owed_change",
               lambda actor, one, said: service.file_owed_change(
                   actor, one, said["said"], new_standard=said.get("new_standard", "")),
               fields, for_good=True)  # fmt: skip


def _sections(row: ChangeFiling) -> list[Section]:
    facts = [
        (_("How it became known"), row.get_origin_display()),
        (_("Changed on"), day(row.changed_on)),
        (_("To be filed by"), day(row.file_by)),
        (
            _("Filed on"),
            pages.chip_cell("bad", _("%(day)s, late") % {"day": day(row.filed_on)}) if row.late else day(row.filed_on),
        ),
    ]
    named = ((_("Old standard"), row.old_standard), (_("New standard"), row.new_standard), (_("New name"), row.new_name),
             (_("New address"), row.new_address), (_("Number of the document"), row.document_no), (_("Reason"), row.reason))  # fmt: skip
    facts += [(name, words) for name, words in named if words]
    if row.signatory:
        facts.append((_("Signatory"), f"{row.signatory} ({row.signatory.fields})"))
    if row.decided_on:
        facts.append((_("Decided on"), day(row.decided_on)))
    return [Section(_("The change"), facts=facts, words=row.said), *_lines(row)]


def _lines(row: ChangeFiling) -> list[Section]:
    taken = list(row.lines.select_related("item", "new_item")[:MOST])
    if taken:
        return [Section(_("Lines of the scope"), rows=[_change(one) for one in taken])]
    waiting = [str(one) for one in lines_of_old_standard(row)[:MOST]] if not row.ended else []
    note = _("All of them go along unless the laboratory chooses some.")
    return [Section(_("Lines that list the old standard"), rows=waiting, note=note)] if waiting else []


def _change(one: Any) -> str:
    return f"{one.item} → {one.new_item.standard}" if one.new_item else str(one.item)
