"""The page on which a metrology institute notes a verification, by hand or from a digital calibration certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.policy import page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.metrology import queries
from qualipolis.city.nqi.metrology.digital import LIMIT, SIGNED, Read, read
from qualipolis.city.nqi.metrology.models import Instrument, Verification
from qualipolis.city.nqi.metrology.visibility import verifiers
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence_page import Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import line
from qualipolis.law.nqi.validity import valid_until
from qualipolis.methods.problems import InputError

SHOWN = 60


class VerificationForm(forms.Form):
    """What an institute found."""

    def __init__(self, user: Any, row: Instrument, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies, today = verifiers(user), timezone.localdate()
        self.fields["institution"] = forms.ModelChoiceField(
            bodies, label=_("Institution"), initial=bodies.first(), empty_label=None
        )
        if bodies.count() == 1:
            self.fields["institution"].widget = forms.HiddenInput()
        self.fields["result"] = forms.ChoiceField(
            label=_("Result"),
            choices=[("pass", _("It passed")), ("fail", _("It failed"))],
            widget=forms.RadioSelect,
            initial="pass",
        )
        self.fields["verified_on"] = after.day(_("Verified on"), initial=timezone.localdate)()
        self.fields["certificate_no"] = line(_("Number of the certificate"), 80)()
        last = valid_until(today, row.months)
        self.fields["next_due"] = after.day(
            _("Next due by"),
            required=False,
            help_text=_("Left empty, %(n)s months after: %(day)s.") % {"n": row.months, "day": last},
        )()
        self.fields["reason"] = after.area(_("Why it failed"), 400, 2, False)()
        self.fields["file"] = forms.FileField(
            label=_("Digital calibration certificate"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".xml"}),
            help_text=_("XML (DCC), at most 4 MB. It is read and kept; its signature is not verified here."),
        )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse a file over the limit before it is read."""
        file = self.cleaned_data["file"]
        if file and file.size > LIMIT:
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": LIMIT >> 20})
        return file


@page("laboratory")
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a verification of an instrument."""
    row = get_object_or_404(visible(request.user, Instrument.objects.select_related("enterprise", "unit")), pk=pk)
    if not verifiers(request.user).exists() or row.ended:
        raise Http404
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VerificationForm(request.user, row, *posted)
    doubts: list[str] = []
    if posted and attempt(request, form, lambda said: doubts.extend(_noted(request.user, row, said))):
        for words in doubts:
            messages.warning(request, words)
        return redirect("desk:nqi_instrument", row.pk)
    facts = [
        (_("Instrument"), f"{row.name} {row.serial_no}"),
        (_("Firm"), row.enterprise.name),
        (_("Last verified on"), day(row.last_on)),
    ]
    crumbs = [
        pages.crumb(_("Measuring instruments"), "nqi_instruments"),
        (row.number, reverse("desk:nqi_instrument", args=[row.pk])),
    ]
    lead = _(
        "Only an institute whose authorisation is valid on the day verifies. What failed is not used from then on."
    )
    return pages.form_page(request, _("Note a verification"), lead, form, _("Note it"), crumbs, facts=facts)


def _noted(actor: Any, row: Instrument, said: dict[str, Any]) -> list[str]:
    """Note the verification with what its digital certificate said; return what a person must look at."""
    file, found = said.pop("file"), None
    if file:
        found = _read(file, row)
        said["digital"] = found.digital
    made = service.verify_instrument(actor, row, said.pop("institution"), **said)
    if file:
        file.seek(0)
        store(actor, made, file.name, file.chunks(), limit=LIMIT, typed=lambda path, name: ("application/xml", "xml"))
    return [problem_words(one) for one in found.problems] if found else []


def _read(file: Any, row: Instrument) -> Read:
    tongue = "zh" if (get_language() or "zh").startswith("zh") else "en"
    try:
        return read(file.read(), file.name, row, (tongue, "zh", "en"))
    except InputError as error:
        raise InputError([_at_file(one) for one in error.problems]) from None


def _at_file(problem: Any) -> Any:
    from dataclasses import replace

    return replace(problem, place="file")


def sections_of(user: Any, row: Instrument) -> list[Section]:
    """Return the verifications of an instrument, and the values of the latest digital certificate."""
    found = list(queries.verifications(user, row)[:20])
    if not found:
        return [Section(_("Verifications"), words=_("No verification is noted."))]
    columns = [
        parts.Column("on", _("Verified on"), title=True),
        parts.Column("result", _("Result")),
        parts.Column("body", _("Institution")),
        parts.Column("number", _("Certificate")),
        parts.Column("next", _("Next due by")),
    ]
    table = parts.Table(_("Verifications"), columns, [_line(one) for one in found])
    digital = next((one for one in found if one.digital), None)
    return [Section(_("Verifications"), table=table), *(_digital(digital) if digital else [])]


def _line(one: Verification) -> dict[str, Any]:
    kind = "bad" if one.result == "fail" else "ok"
    return {
        "on": day(one.verified_on), "result": pages.chip_cell(kind, one.get_result_display()), "body": one.institution.name,
        "number": one.certificate_no, "next": day(one.next_due),
    }  # fmt: skip


def _digital(one: Verification) -> list[Section]:
    said = one.digital or {}
    facts = [
        (_("Number of the certificate"), said.get("identifier") or "—"),
        (_("Laboratory"), said.get("laboratory") or "—"),
        (_("Made on"), said.get("end") or said.get("begin") or "—"),
        (_("Serial number named"), "、".join(part["number"] for part in said.get("parts", ())) or "—"),
        (
            _("Signature"),
            pages.chip_cell("wait" if said.get("signed") else "warn", _(SIGNED[bool(said.get("signed"))])),
        ),
        (_("Schema"), said.get("schema") or "—"),
        (_("SHA-256 of the file"), said.get("sha256", "")),
    ]
    rows = said.get("rows", [])[:SHOWN]
    columns = [
        parts.Column("name", _("Quantity"), title=True),
        parts.Column("value", _("Value"), numeric=True),
        parts.Column("unit", _("Unit")),
        parts.Column("uncertainty", _("Expanded uncertainty"), numeric=True),
        parts.Column("k", _("Coverage factor"), numeric=True),
        parts.Column("inside", _("Within the limits")),
    ]
    table = parts.Table(_("Values of the certificate"), columns, [_value(row) for row in rows])
    note = _("%(shown)s of %(all)s values are shown.") % {"shown": len(rows), "all": said.get("all_rows", len(rows))}
    return [
        Section(_("Digital calibration certificate"), facts=facts),
        Section(_("Values of the certificate"), table=table, note=note),
    ]


WITHIN = {True: gettext_lazy("yes"), False: gettext_lazy("no"), None: gettext_lazy("not stated")}


def _value(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: None if row.get(name) is None else f"{row[name]:g}" for name in ("value", "uncertainty", "k")}
    return {**said, "name": row["name"], "unit": row["unit"], "inside": str(WITHIN[row.get("inside")])}
