"""The steps that the page of an officer offers, and what is recorded beside its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Grant, Person
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Officer, OfficerAct
from qualipolis.city.talent.officers.facts import HELD
from qualipolis.city.talent.officers.visibility import FILERS
from qualipolis.faces.desk.rooms.flow_page import Act, FileOfLimit
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line, uploaded
from qualipolis.law.talent.conditions import EDUCATION, TITLES

Field = Callable[[], forms.Field]


def choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """Return a table of law as choices."""
    return [(code, _(text)) for code, text in words.items()]


def seconds(actor: Any, roles: tuple[str, ...]) -> Any:
    """Return who may decide along: people with one of ``roles``, never oneself."""
    today = timezone.localdate()
    held = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), role__in=roles, valid_from__lte=today)
    people = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return people.exclude(pk=getattr(actor, "pk", None) or 0).order_by("username")


def second_field(actor: Any, roles: tuple[str, ...]) -> Field:
    """Return a field for the second person."""
    return lambda: forms.ModelChoiceField(seconds(actor, roles), label=_("Decided together with"))


def years_field(initial: Any = None) -> Field:
    """Return a field for years of quality work."""
    return lambda: forms.DecimalField(
        label=_("Years of quality work"), min_value=0, max_value=60, max_digits=3, decimal_places=1, initial=initial
    )


def acts_of(actor: Any, row: Officer) -> list[Act]:
    """Return the steps of an officer in the order in which they lead on."""
    again: dict[str, Field] = {
        "document_no": line(gettext_lazy("Number of the appointment"), 60, False, initial=row.document_no),
        "education": lambda: forms.ChoiceField(label=_("Education"), choices=choices(EDUCATION), initial=row.education),
        "title": lambda: forms.ChoiceField(label=_("Professional title"), choices=choices(TITLES), initial=row.title),
        "years": years_field(row.years),
    }
    return [
        Act("file", "talent.file_officer", lambda actor, one, said: service.file_officer(actor, one), for_good=True,
            help=gettext_lazy("From this day the firm counts as one with a chief quality officer.")),
        Act("hand_in_again", "talent.hand_in_officer_again",
            lambda actor, one, said: service.hand_in_officer_again(actor, one, **{name: said[name] for name in again}),
            again, for_good=True),
        Act("activate", "talent.activate_officer", lambda actor, one, said: service.activate_officer(actor, one)),
        Act("return", "talent.return_officer", lambda actor, one, said: service.return_officer(actor, one, said["reason"])),
        Act("replace", "talent.replace_officer",
            lambda actor, one, said: service.replace_officer(actor, one, said["left_on"], said["reason"]),
            {"left_on": day(gettext_lazy("Left on"), initial=timezone.localdate), "reason": line(gettext_lazy("Reason"), 400)},
            help=gettext_lazy("Name a successor within 30 days of that day."), for_good=True),
        Act("withdraw", "talent.withdraw_officer",
            lambda actor, one, said: service.withdraw_officer(actor, one, said["reason"]), for_good=True),
        Act("remove", "talent.remove_officer",
            lambda actor, one, said: service.remove_officer(actor, one, said["reason"], said["second_person"]),
            {"reason": area(gettext_lazy("Reason"), 400), "second_person": second_field(actor, FILERS)},
            help=gettext_lazy("For a bar that was found later or papers that were forged. Two people decide.")),
    ]  # fmt: skip


LEAD = ("file", "hand_in_again", "activate")


def marks_of(row: Officer) -> list[Mark]:
    """Return what is recorded beside the way: papers, acts of the office, advice to remove."""
    return [
        Mark("attach", "talent.attach_appointment", gettext_lazy("Attach the paper of appointment"),
             {"paper": lambda: FileOfLimit(label=_("Paper of appointment"))},
             lambda actor, one, said: service.attach_appointment(actor, one, uploaded(said["paper"])),
             lambda one: one.status in ("nominated", "returned")),
        Mark("act", "talent.record_act", gettext_lazy("Record a decision of the officer"), _act_fields(row), _recorded,
             lambda one: one.status in (*HELD, "replaced")),
        Mark("advise", "talent.advise_removal", gettext_lazy("Advise the firm to remove the officer"),
             {"reason": area(gettext_lazy("Reason"), 400), "document_no": line(gettext_lazy("Number of the document"), 60)},
             lambda actor, one, said: service.advise_removal(actor, one, said["reason"], said["document_no"]),
             lambda one: one.status in HELD and not one.advices.filter(answered_on=None).exists(),
             help=gettext_lazy("The firm decides, and answers within 15 working days.")),
        Mark("answer", "talent.answer_advice", gettext_lazy("Answer the advice to remove the officer"),
             {"follows": lambda: forms.TypedChoiceField(
                 label=_("Do you follow it?"), coerce=lambda said: said == "yes", choices=[("yes", _("yes")), ("no", _("no"))],
                 widget=forms.RadioSelect),
              "answer": area(gettext_lazy("Answer"), 1000)}, _answered,
             lambda one: one.advices.filter(answered_on=None).exists()),
    ]  # fmt: skip


def _act_fields(row: Officer) -> dict[str, Field]:
    earlier = OfficerAct.objects.filter(officer__enterprise=row.enterprise_id)
    return {
        "kind": lambda: forms.ChoiceField(label=_("What the officer did"), choices=OfficerAct.Kind.choices),
        "on": day(gettext_lazy("Day"), initial=timezone.localdate),
        "said": area(gettext_lazy("What was decided and why"), 2000),
        "product": line(gettext_lazy("Product"), 160, False),
        "batch": line(gettext_lazy("Batch"), 120, False),
        "quantity": lambda: forms.IntegerField(label=_("Pieces held back"), min_value=1, max_value=10**9 - 1, required=False),
        "about": lambda: forms.ModelChoiceField(
            earlier if row.pk else earlier.none(), label=_("Earlier line"), required=False,
            help_text=_("Only to lift a veto or to correct a line.")),
        "paper": lambda: FileOfLimit(label=_("Paper or photo"), required=False),
    }  # fmt: skip


def _recorded(actor: Any, row: Officer, said: dict[str, Any]) -> OfficerAct:
    more = {name: said[name] for name in ("product", "batch", "quantity", "about")}
    return service.record_act(actor, row, said["kind"], said["on"], said["said"], paper=uploaded(said["paper"]), **more)


def _answered(actor: Any, row: Officer, said: dict[str, Any]) -> Any:
    waiting = row.advices.filter(answered_on=None).latest("pk")
    return service.answer_advice(actor, waiting, said["follows"], said["answer"])
