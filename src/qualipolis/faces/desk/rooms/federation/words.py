"""Fields and lines that several pages of the federation share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.govern import service
from qualipolis.city.govern.bodies import guides, in_secretariat
from qualipolis.city.govern.members import queries
from qualipolis.city.govern.members.joining import resolution_about
from qualipolis.city.govern.models import Committee, Member, Opinion
from qualipolis.faces.desk.rooms.federation.pieces import Mark, Section, area


class NamedField(forms.ModelChoiceField):
    """A row to choose, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name with the number."""
        return f"{obj.name} {getattr(obj, 'number', '')}".strip()


def motion_field(member: Member, subject: str) -> Callable[[], forms.Field]:
    """Return what makes a field for the resolution that was carried about a member."""
    return lambda: NamedField(resolution_about(member, subject), label=_("Resolution that was carried"), required=False)


def committee_field(required: bool = True, initial: Any = None) -> Callable[[], forms.Field]:
    """Return what makes a field for a committee."""
    rows = Committee.objects.filter(dissolved_on=None)
    return lambda: NamedField(rows, label=_("Committee"), required=required, initial=initial)


def opinion_section(row: Any, request: HttpRequest) -> list[Section]:
    """Return the opinions of agencies on a thing, for the secretariat, members and the agencies themselves."""
    found = [
        {"words": one.text, "small": _("%(who)s, %(day)s") % {"who": one.person, "day": f"{one.given_on:%Y-%m-%d}"}
         + (f" → {one.answer}" if one.answer else "")}
        for one in queries.opinions_of(row)
    ]  # fmt: skip
    if not found and not (guides(request.user) or in_secretariat(request.user)):
        return []
    note = _("Opinions guide. They bind nobody, and no agency takes a step here.")
    return [Section(_("Opinions of agencies"), rows=found, note=note, empty="" if found else _("No opinion yet."))]


def opinion_marks(row: Any) -> list[Mark]:
    """Return what agencies and the secretariat may write down about opinions."""
    waiting: Opinion | None = queries.opinions_of(row).filter(answered_on=None).first()
    return [
        Mark("opinion", "federation.give_opinion", gettext_lazy("Give an opinion"),
             {"text": area(gettext_lazy("Opinion"), 2000)},
             lambda actor, one, said: service.give_opinion(actor, one, said["text"]),
             help=gettext_lazy("It guides and does not bind.")),
        Mark("answer_opinion", "federation.answer_opinion", gettext_lazy("Answer the opinion"),
             {"answer": area(gettext_lazy("Answer of the federation"), 2000)},
             lambda actor, one, said: service.answer_opinion(actor, waiting, said["answer"]),
             when=lambda one: waiting is not None),
    ]  # fmt: skip


def row_link(row: Any, name: str, small: Any = "") -> dict[str, Any]:
    """Return a line that leads to a row."""
    return {"words": row.name, "url": reverse(f"desk:federation_{name}", args=[row.pk]), "small": small}
