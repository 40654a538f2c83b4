"""CMA certificates: the list, what ends first standing first, and the page of one in its life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences import queries
from qualipolis.city.nqi.licences.lists import LICENCE_SHOWS
from qualipolis.city.nqi.licences.models import Licence, Signatory
from qualipolis.city.nqi.licences.visibility import OFFICE, READERS
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.nqi import licence_acts
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence_page import Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.nqi.licence_rules import DUTIES

SEERS = (*READERS, "laboratory")
PATH = (
    (gettext_lazy("Certificate stands"), ("valid",), ("nqi.apply_renewal",)),
    (gettext_lazy("Renewal applied for"), ("renewal_applied",), ("nqi.renew_licence",)),
    (gettext_lazy("Renewed"), (), ("nqi.renew_licence",)),
)
WAITS = {
    "valid": gettext_lazy("Nothing to decide now. Reminders go out 180, 90 and 30 days before the end."),
    "renewal_applied": gettext_lazy("The authority decides on the renewal."),
    "cancellation_asked": gettext_lazy("The authority decides on the cancellation."),
    "suspended": gettext_lazy("The certificate covers nothing until it is restored."),
    "expired": gettext_lazy("The certificate has expired: it covers nothing."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("body", _("Institution"), title=True),
        parts.Column("number", _("Certificate")),
        parts.Column("state", _("State")),
        parts.Column("valid_to", _("Valid to")),
        parts.Column("renewal", _("Renewal until")),
        parts.Column("town", _("Town")),
    ]


def _cells(row: Licence) -> Mapping[str, Any]:
    days = queries.days_of(row)
    return {
        "body": row.institution.name, "number": str(row), "state": pages.state_cell(row), "town": row.institution.unit.name,
        "valid_to": day(days["valid_to"]), "renewal": day(days["renewal_until"]),
        "url": reverse("desk:nqi_licence", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("CMA certificates"),
    gettext_lazy("What ends first stands first. Renewal is applied for at least three months before the end."),
    _columns, _cells, (("", gettext_lazy("All")), *LICENCE_SHOWS.items()), "nqi-licences",
    (gettext_lazy("No certificate here"), gettext_lazy("Certificates of the registry appear here by themselves.")), search=True,
)  # fmt: skip


@page(*SEERS)
def licences(request: HttpRequest) -> HttpResponse:
    """The certificates, what ends first."""
    tools = [(_("Changes"), reverse("desk:nqi_filings"), "pencil")]
    if can(request.user, "nqi.note_licence"):
        tools.append((_("Note a certificate"), reverse("desk:nqi_licence_new"), "plus"))
    rows = queries.licences(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage=pages.STAGE, tools=tools, crumbs=[(_("CMA certificates"), "")])


class LicenceForm(forms.Form):
    """A certificate that was granted."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=gettext_lazy("Institution"))
    number = forms.CharField(label=gettext_lazy("Number of the certificate"), max_length=40)
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label=gettext_lazy("Valid to"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Left empty, six years."),
    )  # fmt: skip
    document_no = forms.CharField(label=gettext_lazy("Number of the document"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = Institution.objects.order_by("name_zh")  # type: ignore[attr-defined]


@page(*OFFICE)
def licence_new(request: HttpRequest) -> HttpResponse:
    """Note a certificate that the authority granted."""
    form, made = LicenceForm(request.POST or None), []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.note_licence(request.user, said.pop("institution"), **said))
    ):
        return redirect("desk:nqi_licence", made[0].pk)
    lead = _("After a revocation for cheating a body may apply again after three years only.")
    crumbs = [pages.crumb(_("CMA certificates"), "nqi_licences")]
    return pages.form_page(request, _("Note a certificate"), lead, form, _("Note it"), crumbs)


def _row(request: HttpRequest, pk: int) -> Licence:
    rows = Licence.objects.select_related("qualification__institution__unit", "previous", "next")
    return get_object_or_404(visible(request.user, rows), pk=pk)


@page(*SEERS)
def licence(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: its days, its scope, its signatories, its changes."""
    row = _row(request, pk)
    return pages.row_page(
        request, row,
        pages.RowPage(
            "desk:nqi_licence", row.institution.name, _("CMA certificate %(number)s") % {"number": row},
            licence_acts.acts_of(request.user, row), licence_acts.facts_of(row), _sections(request, row), _path(row),
            [pages.crumb(_("CMA certificates"), "nqi_licences"), (str(row), "")], str(WAITS.get(row.status, "")),
            _marks(request, row), _links(request, row), _lead(row),
        ),
    )  # fmt: skip


def _soon(row: Licence) -> bool:
    left = queries.days_of(row)["left"]
    return row.status == "valid" and left is not None and left <= queries.SOON.days


def _path(row: Licence) -> tuple[Any, ...]:
    return PATH if row.status in ("renewal_applied", "renewed") or _soon(row) else ()


def _lead(row: Licence) -> list[str]:
    """Return which steps lead on: nobody is offered to end a certificate that simply stands."""
    return ["renew", "restore", "cancel", *(["apply_renewal"] if _soon(row) else [])]


def _sections(request: HttpRequest, row: Licence) -> list[Section]:
    days, held = queries.days_of(row), row.qualification
    facts = [
        (_("Institution"), pages.body_link(row.institution)),
        (_("Valid"), _("%(from)s to %(to)s") % {"from": day(held.valid_from), "to": day(held.valid_to)}),
        (_("Renewal until"), _renewal(row, days)),
        (_("Lines of the scope"), held.scope_items.filter(valid_to=None).count()),
        (_("Late filings and suspensions"), days["blemishes"]),
    ]
    if row.applied_on:
        facts.append((_("Renewal applied for on"), day(row.applied_on)))
    if row.suspended_until:
        facts.append((_("Suspended until"), day(row.suspended_until)))
    if held.ended_on:
        facts.append((_("Ended on"), day(held.ended_on)))
    if row.reason:
        facts.append((_("Reason"), row.reason))
    found = [
        Section(_("The certificate"), facts=facts),
        *_older(row),
        _signatories(request, row),
        *_filings(request, row),
    ]
    found += [*_yearly(row), _reminders(request, row)]
    return [*found, _duties()]


def _renewal(row: Licence, days: dict[str, Any]) -> Any:
    last, today = days["renewal_until"], timezone.localdate()
    if last is None or row.status not in ("valid", "suspended"):
        return day(last)
    if last < today:
        return pages.chip_cell("bad", _("%(day)s, that day is over") % {"day": day(last)})
    return day(last)


def _older(row: Licence) -> list[Section]:
    found = [
        _("%(old)s: replaced by %(new)s, %(n)s lines")
        % {"old": number, "new": one.replaced_by or _("nothing"), "n": count}
        for number, one, count in queries.older_editions(row.institution)
    ]
    note = _("A line that lists an older edition needs a change filing before the new edition may be used.")
    return [Section(_("Older editions in the scope"), rows=found, note=note)] if found else []


def _signatories(request: HttpRequest, row: Licence) -> Section:
    today = timezone.localdate()
    seen = [_signatory(one, today) for one in queries.signatories(request.user, row.institution)]
    words = "" if seen else _("No authorised signatory is on the list.")
    return Section(
        _("Authorised signatories"), rows=seen, words=words, note=_("Who left signs nothing from that day on.")
    )


def _signatory(one: Signatory, today: Any) -> str:
    if one.left_on:
        state = _("left on %(day)s") % {"day": day(one.left_on)}
    elif one.valid_from is None:
        state = _("not approved yet")
    else:
        state = _("since %(day)s") % {"day": day(one.valid_from)}
    return _("%(name)s: %(fields)s (%(state)s)") % {"name": one.name, "fields": one.fields, "state": state}


def _filings(request: HttpRequest, row: Licence) -> list[Section]:
    rows = [
        after.linked(
            f"{one.number} {one.get_kind_display()} · {_(one.flow.labels[one.status])}", "desk:nqi_filing", one.pk
        )
        for one in visible(request.user, row.filings.all())[:20]
    ]
    return [Section(_("Changes"), rows=rows)] if rows else []


def _yearly(row: Licence) -> list[Section]:
    lines = [
        _("%(year)s: %(reports)s reports, %(good)s of %(all)s proficiency tests satisfactory")
        % {
            "year": one.year,
            "reports": "—" if one.reports is None else one.reports,
            "good": "—" if one.satisfactory is None else one.satisfactory,
            "all": "—" if one.proficiency is None else one.proficiency,
        }
        for one in queries.yearly_reports(row.institution)[:6]
    ]
    return [Section(_("Yearly reports"), rows=lines)] if lines else []


def _reminders(request: HttpRequest, row: Licence) -> Section:
    name = f"registry.qualification:{row.qualification_id}"
    sent = [
        _("%(day)s: %(n)s days before the end") % {"day": day(one.sent_on), "n": one.days}
        for one in queries.reminders(request.user, 200)
        if one.thing == name
    ]
    return Section(_("Reminders sent"), rows=sent, words="" if sent else _("No reminder has been sent yet."))


def _duties() -> Section:
    rows = [
        " · ".join(part for part in (_(one.words), _(one.clause), _(one.follows) if one.follows else "") if part)
        for one in DUTIES
    ]
    note = _("From a summary that was checked against the text of 2021; the text itself was not seen.")
    return Section(_("Duties of a laboratory"), rows=rows, note=note)


def _links(request: HttpRequest, row: Licence) -> list[tuple[str, str]]:
    found = []
    if own_institutions(request.user).filter(pk=row.institution.pk).exists() and not row.ended:
        found.append((_("File a change"), f"{reverse('desk:nqi_filing_new')}?licence={row.pk}"))
    if can(request.user, "nqi.note_change", row.institution):
        found.append((_("Note a change that was not filed"), f"{reverse('desk:nqi_filing_new')}?licence={row.pk}"))
    for other, words in (
        (row.previous, _("The certificate before")),
        (getattr(row, "next", None), _("The new certificate")),
    ):
        if other is not None:
            found.append((words, reverse("desk:nqi_licence", args=[other.pk])))
    public = address("portal:nqi_certificates")
    return [*found, *([(_("Public look-up"), f"{public}?number={row}")] if public else [])]


def _marks(request: HttpRequest, row: Licence) -> list[after.Mark]:
    rows = queries.signatories(request.user, row.institution).filter(left_on=None).exclude(valid_from=None)
    found = [licence_acts.propose()] if not row.ended else []
    if rows.exists():
        found.append(licence_acts.left(rows))
    return [*found, licence_acts.yearly()]
