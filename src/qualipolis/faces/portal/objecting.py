"""How to object to a result, with a counter: the day of receipt gives the last day, and says which calendar it used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.faces.portal import frame
from qualipolis.faces.portal.results import crumbs, links
from qualipolis.law.calendar import FIRST_YEAR, LAST_YEAR, is_known, is_working_day
from qualipolis.law.rules import NoRule, Rule, rule_on
from qualipolis.law.terms import deadline

KINDS = (("product", gettext_lazy("Product")), ("food", gettext_lazy("Food")))
RULES = {"product": "supervision.objection", "food": "food.recheck_apply"}


class ReceiptForm(forms.Form):
    """The day on which somebody received a result."""

    received = forms.DateField(
        label=gettext_lazy("Day on which you received the result"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What was sampled"), choices=KINDS, initial="product")

    def clean_received(self) -> date:
        """A day that has come, and for which a rule is known."""
        day: date = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return day


@dataclass(frozen=True)
class Counted:
    """What the counter found."""

    received: date
    last: date
    rule: Rule
    moved_from: date | None
    left: int
    provisional: bool
    days_off: tuple[date, ...]

    @property
    def over(self) -> bool:
        """Whether the window is closed today."""
        return self.left < 0


def count(received: date, kind: str, today: date) -> Counted:
    """Return the last day to object after a receipt, and how it came about.

    >>> count(date(2026, 9, 16), "product", date(2026, 10, 1)).last, count(
    ...     date(2026, 9, 16), "product", date(2026, 10, 1)).moved_from
    (datetime.date(2026, 10, 8), datetime.date(2026, 10, 1))
    """
    rule = rule_on(RULES[kind], received)
    end = deadline(RULES[kind], received)
    plain = received + timedelta(days=int(str(rule.value))) if rule.unit == "calendar days" else None
    off: tuple[date, ...] = ()
    if plain is None:
        span = (end.due - received).days
        days = (received + timedelta(days=n) for n in range(1, span + 1))
        off = tuple(day for day in days if not is_working_day(day))
    moved = plain if plain is not None and plain != end.due else None
    return Counted(received, end.due, rule, moved, (end.due - today).days, end.provisional, off)


@frame.open_page
def page(request: HttpRequest) -> HttpResponse:
    """How to object, and until when."""
    form = ReceiptForm(request.GET if "received" in request.GET else None)
    counted = None
    if form.is_bound and form.is_valid():
        try:
            counted = count(form.cleaned_data["received"], form.cleaned_data["kind"], timezone.localdate())
        except NoRule:
            form.add_error("received", _("No rule is known for that day."))
    context = {
        "stage": "supervise",
        "form": form,
        "counted": counted,
        "years": (FIRST_YEAR, LAST_YEAR),
        "year_known": is_known(timezone.localdate()),
        "links": [links()[0], links()[2]],
        "crumbs": crumbs((_("How to object"), "")),
    }
    return frame.show(request, "objecting", "supervision", context)
