"""What the pages of the federation share: sections, fields, and the page of a row that moves through its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Grant, Person
from qualipolis.city.core.policy import is_staff
from qualipolis.city.govern.bodies import FEDERATION
from qualipolis.city.govern.models import Member
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line, marks, take_mark

STAGE = "govern"
ENDS_BADLY = ("refused", "removed", "broken", "stopped", "struck", "lost", "inquorate", "annulled")
WARNS = ("suspended", "doubted", "checking", "raised", "coaching", "late")
GOOD = ("active", "published", "monitored", "carried", "done", "coached", "fulfilled", "answered", "closed", "confirmed", "cleared")  # fmt: skip
CHIP_OF = {**dict.fromkeys(ENDS_BADLY, "bad"), **dict.fromkeys(WARNS, "warn"), **dict.fromkeys(GOOD, "ok")}
SET_ASIDE = {
    "return",
    "stop",
    "discard",
    "check_again",
    "end",
    "refuse",
    "suspend",
    "remove",
    "withdraw",
    "leave",
    "drop",
    "decline",
    "cancel",
    "dismiss",
    "strike",
    "break",
    "doubt",
    "lapse",
    "take_back",
    "give_back",
    "reopen",
    "annul",
}  # steps that nobody is led to: they stand beside the one that leads on
LEADING_MARKS = ("vote", "answer", "sign")  # what leads on where no step of the table does
Fields = dict[str, Callable[[], forms.Field]]
__all__ = ["Act", "Mark", "area", "day", "line"]


@dataclass(frozen=True)
class Section:
    """A card of a page: facts, a text, a table, a list of lines, links."""

    title: Any
    facts: Sequence[tuple[Any, Any]] = ()
    text: str = ""
    lang: str = ""
    table: parts.Table | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    links: Sequence[tuple[Any, str]] = ()
    small: Any = ""
    empty: Any = ""
    note: Any = ""


@dataclass(frozen=True)
class Page:
    """What the page of one row says: its words, its way, its steps, what is recorded beside them."""

    row: Any
    url_name: str
    title: str
    lead: str
    way: Sequence[tuple[Any, tuple[str, ...], tuple[str, ...]]]
    acts: Sequence[Act]
    facts: Mapping[str, Any]
    sections: Sequence[Section]
    crumbs: Sequence[tuple[str, str]]
    marks: Sequence[Mark] = ()
    asides: Sequence[Section] = ()
    links: Sequence[tuple[Any, str]] = ()
    waits: Mapping[str, Any] = field(default_factory=dict)


def chip_of(row: Any) -> parts.Chip:
    """Return the state of a row as a chip."""
    kind = CHIP_OF.get(row.status, "idle" if row.status in (row.flow.initial, *row.flow.finals) else "wait")
    return parts.Chip(kind, _(row.flow.labels[row.status]))


def state_cell(row: Any) -> Any:
    """Return the state of a row for a table."""
    found = chip_of(row)
    return after.tags.chip(found.kind, found.text, found.icon or None)


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Answer with the page of a row; a step or a mark that was posted is taken first."""
    row = page.row
    found = offers(request, row, page.acts, page.facts)
    noted = marks(request, row, page.marks)
    if request.method == "POST" and (take_mark(request, row, noted) or take(request, row, found)):
        return redirect(page.url_name, row.pk)
    told = history(row) if is_staff(request.user) else []
    shown = page_of(request, row, [one for one in found if one.act.step not in SET_ASIDE], page.url_name)
    aside = [one for one in found if one.act.step in SET_ASIDE and not one.blocked]
    box, noted = _leading(request, page, shown["box"], noted)
    context = shown | {
        "stage": STAGE, "state": chip_of(row), "title": page.title, "lead": page.lead, "sections": page.sections,
        "asides": page.asides, "marks": noted, "links": page.links, "history": told, "box": box,
        "beside": [*shown["beside"], *aside], "steps": progress(row, [(str(name), at, ends) for name, at, ends in page.way], told, mine=bool(box)),
        "undo": undo_offer(request.user, name_of(row)), "waits": str(page.waits.get(row.status, "")),
        "crumbs": crumbs(*page.crumbs),
    }  # fmt: skip
    return render(request, "federation/row.html", context, status=400 if request.method == "POST" else 200)


def _leading(request: HttpRequest, page: Page, box: Any, noted: list[Any]) -> tuple[Any, list[Any]]:
    """Return the one next step, and what else may be recorded: a vote, a signature or an answer leads where no step does."""
    first = next((pair for pair in noted if pair[0].name in LEADING_MARKS), None)
    if box is not None or first is None:
        return box, noted
    mark, form = first
    action = reverse(page.url_name, args=[page.row.pk])
    made = parts.NextStep(mark.title, mark.title, action, _("yours"), form=form, missing=mark.help,
                          deadline=deadline(page.row.due_on), method="post")  # fmt: skip
    return made, [pair for pair in noted if pair is not first]


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the crumbs of a page, under the home of the federation."""
    return [(_("Co-governance federation"), reverse("desk:federation")), *more]


class PlainForm(forms.Form):
    """A form of the fields it is given."""

    def __init__(self, fields: Mapping[str, Callable[[], forms.Field]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, make in fields.items():
            self.fields[name] = make()


def form_page(
    request: HttpRequest, heading: Any, fields: Fields, act: Callable[[dict[str, Any]], Any], button: Any,
    *above: tuple[str, str], lead: Any = "", help: Any = "", sections: Sequence[Section] = (), words: Any = "",
) -> HttpResponse:  # fmt: skip
    """Answer with a form of its own page; ``act`` returns where to go on."""
    form = PlainForm(fields, request.POST if request.method == "POST" else None)
    gone: list[str] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: gone.append(act(said)), str(words or _("Done."))
    ):
        return redirect(gone[0])
    shown = {
        "stage": STAGE, "heading": heading, "form": form, "button": button, "lead": lead, "help": help,
        "sections": sections, "crumbs": crumbs(*above, (str(heading), "")),
    }  # fmt: skip
    return render(request, "federation/form.html", shown, status=400 if form.errors else 200)


class MemberField(forms.ModelChoiceField):
    """A member to choose, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.name)


class MembersField(forms.ModelMultipleChoiceField):
    """Members to choose, by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.name)


def member_field(label: Any, rows: Any = None, required: bool = True, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for one active member."""
    found = Member.objects.filter(status="active") if rows is None else rows
    return lambda: MemberField(found.select_related("organisation"), label=label, required=required, **more)


def members_field(label: Any, rows: Any = None, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for several active members."""
    found = Member.objects.filter(status="active") if rows is None else rows
    return lambda: MembersField(found.select_related("organisation"), label=label, required=False,
                                widget=forms.CheckboxSelectMultiple, **more)  # fmt: skip


def choice(label: Any, choices: Any, required: bool = True, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for one of several words."""

    def make() -> forms.Field:
        said = [(code, _(str(words)) if words else "") for code, words in choices]
        return forms.ChoiceField(
            label=label, choices=said if required else [("", "—"), *said], required=required, **more
        )

    return make


def whole(label: Any, most: int, required: bool = False, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for a whole number."""
    return lambda: forms.IntegerField(label=label, min_value=0, max_value=most, required=required, **more)


def colleagues(actor: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for the second person of the secretariat."""
    held = Grant.objects.filter(role="secretary", scope__code=FEDERATION).values("person")
    people = Person.objects.filter(pk__in=held, is_active=True).exclude(pk=getattr(actor, "pk", None) or 0)
    return lambda: forms.ModelChoiceField(people.order_by("username"), label=_("Decided together with"))


def texts(title: Any, zh: str, en: str) -> list[Section]:
    """Return a text in the language of the page, and in the other where that is all there is, marked as such."""
    chinese = (get_language() or "zh").startswith("zh")
    shown, lang = (zh, "zh-Hans") if chinese or not en else (en, "en")
    return [Section(title, text=shown, lang=lang)] if shown else []


def day_words(day: Any) -> str:
    """Return a day, or a dash."""
    return f"{day:%Y-%m-%d}" if day else "—"
