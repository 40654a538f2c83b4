"""Certificates of certification bodies: the list for offices, bodies and firms, a new one, and the page of one."""

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

from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences import queries
from qualipolis.city.nqi.licences.certificates import hints_of
from qualipolis.city.nqi.licences.lists import CERTIFICATE_SHOWS
from qualipolis.city.nqi.licences.models import IssuedCertificate
from qualipolis.city.nqi.licences.visibility import READERS
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Enterprise, Institution, Qualification
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence_page import Field, Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import area, line
from qualipolis.law.nqi.validity import longest_suspension

SEERS = (*READERS, "laboratory", "enterprise")
WAITS = {
    "valid": gettext_lazy("The certificate stands. The certification body looks at the firm every year."),
    "suspended": gettext_lazy("The certification body restores it or withdraws it."),
    "cancellation_asked": gettext_lazy("The certification body cancels it at the wish of the holder."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("certificate", _("Certificate"), title=True),
        parts.Column("state", _("State")),
        parts.Column("valid_to", _("Valid to")),
        parts.Column("holder", _("Holder")),
        parts.Column("body", _("Certification body")),
    ]


def _cells(row: IssuedCertificate) -> Mapping[str, Any]:
    return {
        "certificate": f"{row.scheme} {row.number}", "state": pages.state_cell(row), "valid_to": day(row.valid_to),
        "holder": holder_of(row), "body": row.certifier.name, "url": reverse("desk:nqi_certificate", args=[row.pk]),
    }  # fmt: skip


def holder_of(row: IssuedCertificate) -> str:
    """Return the holder: the firm of the register, or the name that was given."""
    return row.holder.name if row.holder else row.holder_name


LIST = after.ListPage(
    gettext_lazy("Certificates"),
    gettext_lazy("Certificates of products, systems and services. What ends first stands first; the state is public."),
    _columns, _cells, (("", gettext_lazy("All")), *CERTIFICATE_SHOWS.items()), "nqi-certificates",
    (gettext_lazy("No certificate here"), gettext_lazy("Certification bodies note here what they issue.")), search=True,
)  # fmt: skip


@page(*SEERS)
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates somebody sees."""
    tools = [(_("Public look-up"), url, "external-link")] if (url := address("portal:nqi_certificates")) else []
    if _bodies(request.user).exists():
        tools.append((_("Take a list over"), reverse("desk:nqi_import", args=["certificates"]), "upload"))
        tools.append((_("Note a certificate"), reverse("desk:nqi_certificate_new"), "plus"))
    rows = queries.certificates(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage=pages.STAGE, tools=tools, crumbs=[(_("Certificates"), "")])


def _bodies(user: Any) -> Any:
    """Return the certification bodies for which somebody acts."""
    own = own_institutions(user).filter(qualifications__kind=Qualification.Kind.CNCA)
    return Institution.objects.filter(pk__in=own.values("pk")).order_by("pk")


class CertificateForm(forms.Form):
    """A certificate that a body issued."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = _bodies(user)
        self.fields["certifier"] = forms.ModelChoiceField(
            bodies, label=_("Certification body"), initial=bodies.first(), empty_label=None
        )
        if bodies.count() == 1:
            self.fields["certifier"].widget = forms.HiddenInput()
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=IssuedCertificate.Kind.choices)
        self.fields["number"] = line(_("Number of the certificate"), 60)()
        self.fields["scheme"] = line(_("Scheme"), 120)()
        self.fields["credit_code"] = line(_("Credit code of the holder"), 18, False)()
        self.fields["holder_name"] = line(
            _("Name of the holder"), 160, False, help_text=_("Only where it is not in the register.")
        )()
        self.fields["covers"] = area(
            _("Covers"), 400, 2, help_text=_("Products or activities, as on the certificate.")
        )()
        self.fields["standard"] = line(_("Standard number"), 60, False)()
        self.fields["issued_on"] = after.day(_("Issued on"), initial=timezone.localdate)()
        self.fields["valid_to"] = after.day(_("Valid to"))()

    def clean_credit_code(self) -> Enterprise | None:
        """Return the holder with that code; an unknown code is named."""
        code = self.cleaned_data["credit_code"].strip().upper()
        found = Enterprise.objects.filter(credit_code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("No firm of the register has this code."))
        return found


@page("laboratory")
def certificate_new(request: HttpRequest) -> HttpResponse:
    """Note a certificate that one's own body issued."""
    form, made = CertificateForm(request.user, request.POST or None), []

    def act(said: dict[str, Any]) -> None:
        made.append(
            service.issue_certificate(request.user, said.pop("certifier"), holder=said.pop("credit_code"), **said)
        )

    if request.method == "POST" and attempt(request, form, act):
        return redirect("desk:nqi_certificate", made[0].pk)
    lead = _("A body certifies inside its approval only; its approval must be valid on the day of issue.")
    crumbs = [pages.crumb(_("Certificates"), "nqi_certificates")]
    return pages.form_page(request, _("Note a certificate"), lead, form, _("Note it"), crumbs)


@page(*SEERS)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with its days, suspensions and surveillance."""
    rows = visible(request.user, IssuedCertificate.objects.select_related("certifier__unit", "holder__unit"))
    row = get_object_or_404(rows, pk=pk)
    facts = {"suspended_on": row.suspended_on, "finding": "-", "until": timezone.localdate(), "valid_to": row.valid_to}
    crumbs = [pages.crumb(_("Certificates"), "nqi_certificates"), (row.number, "")]
    public = address("portal:nqi_certificates")
    return pages.row_page(
        request, row,
        pages.RowPage(
            "desk:nqi_certificate", row.scheme, f"{row.get_kind_display()} {row.number}", _acts(request.user, row), facts,
            _sections(row), (), crumbs, str(WAITS.get(row.status, "")), [_follow_up()] if not row.ended else [],
            [(_("Public look-up"), f"{public}?number={row.number}")] if public else [],
            ("restore", "cancel") if row.status != "valid" else (),
        ),
    )  # fmt: skip


def _acts(actor: Any, row: IssuedCertificate) -> list[Act]:
    last = longest_suspension(timezone.localdate())
    why: Field = area(gettext_lazy("Reason"), 400, 2)
    until: Field = after.day(
        gettext_lazy("Suspended until"), initial=last, help_text=_("At the latest %(day)s.") % {"day": last}
    )
    acts = [
        Act("restore", "nqi.restore_certificate", lambda actor, one, said: service.restore_certificate(actor, one, said["finding"]),
            {"finding": area(gettext_lazy("How the fault was mended"), 400, 2)}),
        Act("suspend", "nqi.suspend_certificate", lambda actor, one, said: service.suspend_certificate(actor, one, said["reason"], said["until"]),
            {"reason": why, "until": until}, help=gettext_lazy("The suspension is public at once.")),
        Act("withdraw", "nqi.withdraw_certificate", lambda actor, one, said: service.withdraw_certificate(actor, one, said["reason"]), {"reason": why}),
        Act("cancel", "nqi.cancel_certificate", lambda actor, one, said: service.cancel_certificate(actor, one, said["reason"]), {"reason": why}),
        Act("keep", "nqi.keep_certificate", lambda actor, one, said: service.keep_certificate(actor, one, said["reason"]), {"reason": why}),
        Act("ask_cancellation", "nqi.ask_certificate_cancelled",
            lambda actor, one, said: service.ask_certificate_cancelled(actor, one, said["reason"]), {"reason": why}),
    ]  # fmt: skip
    first = "cancel" if row.status == "cancellation_asked" else ""
    mine = acts if can(actor, "nqi.suspend_certificate", row) or "enterprise" in roles_of(actor) else []
    return sorted(mine, key=lambda one: one.step != first)


def _follow_up() -> after.Mark:
    fields: dict[str, Field] = {
        "on": after.day(gettext_lazy("Day"), initial=timezone.localdate),
        "conforms": lambda: forms.ChoiceField(
            label=_("Result"), choices=[("yes", _("conforms")), ("no", _("does not conform"))]
        ),
        "finding": area(gettext_lazy("Finding"), 1000, 3),
    }
    return after.Mark(
        "follow_up", "nqi.follow_up_certificate", gettext_lazy("Note a surveillance"), fields,
        lambda actor, row, said: service.follow_up_certificate(actor, row, said["on"], said["conforms"] == "yes", said["finding"]),
        help=gettext_lazy("What does not conform is followed by a suspension or a withdrawal."),
    )  # fmt: skip


def _sections(row: IssuedCertificate) -> list[Section]:
    facts = [
        (_("Holder"), holder_of(row)),
        (_("Certification body"), pages.body_link(row.certifier)),
        (_("Covers"), row.covers),
        (_("Standard"), row.standard or "—"),
        (_("Valid"), _("%(from)s to %(to)s") % {"from": day(row.issued_on), "to": day(row.valid_to)}),
        (_("Next surveillance by"), day(row.follow_up_on)),
    ]
    if row.suspended_until:
        facts.append((_("Suspended until"), day(row.suspended_until)))
    if row.reason:
        facts.append((_("Reason"), row.reason))
    hints = [problem_words(one) for one in hints_of(row.number, row.kind)]
    found = [Section(_("The certificate"), facts=facts, note=" ".join(hints))]
    looked = [
        _("%(day)s: %(result)s. %(finding)s")
        % {
            "day": day(one.on),
            "result": _("conforms") if one.conforms else _("does not conform"),
            "finding": one.finding,
        }
        for one in row.follow_ups.order_by("-on", "-pk")
    ]
    paused = [
        _("%(from)s to %(to)s: %(reason)s") % {"from": day(one.starts_on), "to": day(one.ends_on), "reason": one.reason}
        for one in row.pauses.all()
    ]
    found += [Section(_("Surveillance"), rows=looked)] if looked else []
    return found + ([Section(_("Suspensions"), rows=paused)] if paused else [])
