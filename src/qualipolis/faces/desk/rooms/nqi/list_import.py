"""Lists as people keep them taken over: certificates by their body, instruments by the firm, standards by the office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences import taking_over as of_certificates
from qualipolis.city.nqi.licences.list_reading import LIMITS, MOST_ROWS, Column
from qualipolis.city.nqi.metrology import taking_over as of_instruments
from qualipolis.city.nqi.standards import taking_over as of_standards
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.certificate import _bodies
from qualipolis.faces.desk.rooms.nqi.instrument import firm_field
from qualipolis.faces.desk.rooms.upload import Bounded


@dataclass(frozen=True)
class Kind:
    """One kind of list: its verb, its columns, where it leads, and whose list it is."""

    verb: str
    heading: Any
    columns: Sequence[Column]
    back: str
    take: Callable[..., Any]
    whose: str = ""


KINDS = {
    "certificates": Kind("nqi.take_certificates", gettext_lazy("Take a list of certificates over"), of_certificates.COLUMNS,
                         "nqi_certificates", service.take_certificates, "body"),
    "instruments": Kind("nqi.take_instruments", gettext_lazy("Take a list of instruments over"), of_instruments.COLUMNS,
                        "nqi_instruments", service.take_instruments, "firm"),
    "standards": Kind("nqi.take_standards", gettext_lazy("Take a list of standards over"), of_standards.COLUMNS,
                      "nqi_standards", service.take_standards),
}  # fmt: skip


class ListForm(Bounded, forms.Form):
    """The list itself, and whose it is."""

    MOST = LIMITS.bytes
    TOO_LARGE = gettext_lazy("The file is over 10 MB. Split it and take the parts over.")

    def __init__(self, user: Any, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.whose == "firm":
            self.fields["of"] = firm_field(user)
        elif kind.whose == "body":
            bodies = _bodies(user)
            self.fields["of"] = forms.ModelChoiceField(
                bodies, label=_("Certification body"), initial=bodies.first(), empty_label=None
            )
            if bodies.count() == 1:
                self.fields["of"].widget = forms.HiddenInput()
        self.fields["file"] = forms.FileField(
            label=_("File"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
            help_text=_("xlsx or csv, at most 10 MB and %(n)s rows. The first row holds the names of the columns.") % {"n": MOST_ROWS},
        )  # fmt: skip


@page(*STAFF)
def take_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a list over in whole; a single bad row keeps all of it out, and every one is named."""
    found = KINDS.get(kind)
    if (
        found is None
        or not can(request.user, found.verb)
        or (found.whose == "body" and not _bodies(request.user).exists())
    ):
        raise Http404
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(request.user, found, *posted)
    made: list[Any] = []

    def act(said: dict[str, Any]) -> None:
        of: Institution | Any = said.get("of")
        made.append(found.take(request.user, of, said["file"].read(), said["file"].name))

    if posted and attempt(request, form, act, _("The list was taken over.")):
        messages.info(request, _("%(n)s rows of %(file)s were taken over.") % {"n": made[0].rows, "file": made[0].file})
        return redirect(f"desk:{found.back}")
    facts = [(one.heads[0], _needs(one)) for one in found.columns]
    lead = _("In whole or not at all: a row that cannot be taken keeps the list out, and every such row is named.")
    return pages.form_page(
        request,
        found.heading,
        lead,
        form,
        _("Take the list in"),
        [pages.crumb(_("Back to the list"), found.back)],
        facts=facts,
    )


def _needs(column: Column) -> str:
    """Return what a person must know of a column: whether it is needed, its other names, its choices."""
    said = [_("must be there") if column.required else _("may be left out")]
    if others := [head for head in column.heads[1:] if not head.isascii()]:
        said.append(_("also: %(names)s") % {"names": "、".join(others)})
    if column.choices:
        words = dict.fromkeys(words for _value, words in column.choices if not words.isascii())
        said.append(_("one of: %(choices)s") % {"choices": "、".join(words)})
    return "\n".join(said)
