"""What is asked at each step of a draw."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.draws.frames import SIZES, STRATA, UNITS, FrameRule
from qualipolis.city.supervise.draws.plan import ALLOCATED, METHODS, DrawPlan, draw_plan_in
from qualipolis.city.supervise.models import DrawRun
from qualipolis.faces.desk.rooms.flow_page import Fields
from qualipolis.faces.desk.rooms.supervise.plan_forms import Doing

Source = DrawRun.Source


def words(choices: dict[str, str]) -> list[tuple[str, Any]]:
    """Return choices in the language of the page."""
    return [(key, _(text)) for key, text in choices.items()]


class RuleForm(Doing):
    """Method, numbers and frame of a draw in preparation."""

    DO = "rule"
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the frame"))
    strata = forms.ChoiceField(label=gettext_lazy("Strata"))
    size = forms.ChoiceField(label=gettext_lazy("Measure of size"))
    method = forms.ChoiceField(label=gettext_lazy("Method of drawing"))
    n = forms.IntegerField(label=gettext_lazy("Units to draw"), min_value=1, max_value=100_000)
    allocation = forms.ChoiceField(label=gettext_lazy("Shared out"))
    least = forms.IntegerField(label=gettext_lazy("At least in each stratum"), min_value=0, initial=0)
    most = forms.IntegerField(label=gettext_lazy("At most in each stratum"), min_value=1, required=False)
    reserve = forms.IntegerField(
        label=gettext_lazy("Reserve, % of each stratum"), min_value=0, max_value=99, initial=0,
        help_text=gettext_lazy("Rounded up in each stratum."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {"unit": UNITS, "strata": STRATA, "size": SIZES, "method": METHODS, "allocation": ALLOCATED}
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = words(choices)

    @classmethod
    def of(cls, row: DrawRun) -> RuleForm:
        """Return the form filled with the present rule."""
        plan = draw_plan_in(row.rule)
        start = row.frame_rule | {name: getattr(plan, name) for name in ("method", "n", "allocation", "least", "most")}
        return cls(initial=start | {"reserve": round(100 * plan.reserve) if plan.reserve < 1 else 99})

    def plan(self) -> DrawPlan:
        """Return what the form says of the draw."""
        said = self.cleaned_data
        return DrawPlan(
            said["method"], said["n"], said["allocation"], said["least"] or 0, said["most"], said["reserve"] / 100
        )

    def frame(self) -> FrameRule:
        """Return what the form says of the frame."""
        return FrameRule(*(self.cleaned_data[name] for name in ("unit", "strata", "size")))


def moment_field(start: datetime | None = None) -> forms.DateTimeField:
    """Return a field for a moment of this place, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, initial=start, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


def _source() -> forms.Field:
    return forms.ChoiceField(label=_("Source of the randomness"), choices=Source.choices)


def _source_at() -> forms.Field:
    ahead = timezone.localtime(timezone.now() + timedelta(minutes=15)).replace(second=0, microsecond=0)
    field = moment_field(ahead)
    field.label = _("When it will exist")
    field.help_text = _("For drand the first round at this moment or after it is named.")
    return field


def _words() -> forms.Field:
    return forms.CharField(
        label=_("In words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the numbers are thrown or published, how many, in what order. Not needed for drand."),
    )  # fmt: skip


def _secret() -> forms.Field:
    shown = f"{secrets.token_hex(10)}:{secrets.token_hex(10)}"
    return forms.CharField(
        label=_("Secret of the bureau"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": shown}),
        help_text=_("Only with this source: SALT:SECRET, such as %(example)s. Write it on paper and seal it: only its "
                    "hash is kept here, and without it the draw cannot be made.") % {"example": shown},
    )  # fmt: skip


COMMIT: Fields = {"source": _source, "source_at": _source_at, "words": _words, "secret": _secret}


def _numbers() -> forms.Field:
    return forms.CharField(
        label=_("Numbers in the order announced"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip


def _random_at() -> forms.Field:
    field = moment_field(timezone.localtime())
    field.label = _("When they were thrown or published")
    return field


def _beacon() -> forms.Field:
    example = '{"round":…,"randomness":"…","signature":"…"}'
    return forms.CharField(
        label=_("The round, as the drand server prints it"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": example, "autocomplete": "off"}),
        help_text=_("Its signature is verified here, without a network."),
    )  # fmt: skip


def _revealed() -> forms.Field:
    return forms.CharField(
        label=_("The secret, as it was sealed"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def reveal_fields(row: DrawRun) -> Fields:
    """Return what is asked when the randomness is there, by its source."""
    if row.source == Source.DRAND:
        return {"beacon": _beacon}
    numbers: Fields = {"numbers": _numbers, "random_at": _random_at}
    return {**numbers, "secret": _revealed} if row.source == Source.COMMIT_REVEAL else numbers


def commit(actor: Any, row: DrawRun, said: dict[str, Any]) -> DrawRun:
    """Commit with what the form says."""
    made: DrawRun = ceremony.commit(
        actor, row, said["source"], said["source_at"], words=said["words"], secret=said["secret"]
    )
    return made


def reveal(actor: Any, row: DrawRun, said: dict[str, Any]) -> DrawRun:
    """Draw with what the form says; a moment is known to the minute, the announced one to the second."""
    at = said.get("random_at")
    if at is not None and row.source_at is not None and at.replace(second=59) >= row.source_at > at:
        at = row.source_at
    made: DrawRun = ceremony.reveal(
        actor, row, numbers=said.get("numbers", ""), beacon=said.get("beacon", ""), secret=said.get("secret", ""),
        random_at=at,
    )  # fmt: skip
    return made
