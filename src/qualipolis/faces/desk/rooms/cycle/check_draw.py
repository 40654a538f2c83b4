"""The draw of a check on site as a page shows it: the rule, every ticket in its order, and the draw made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries
from qualipolis.city.assess.cycle_visibility import OVERSEERS
from qualipolis.city.assess.drawing import ticket
from qualipolis.city.assess.models import SiteCheck, SiteVisit
from qualipolis.city.assess.queries import reason_text
from qualipolis.city.assess.site_check import CHECKERS
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.models import Person
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import city_wide
from qualipolis.city.core.roles import STAFF
from qualipolis.city.registry import queries as registry
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import listed
from qualipolis.faces.desk.rooms.flow_page import SeveralOf

NEEDED = 2
BEYOND = 5


def people() -> Any:
    """Return who may be named to check on site."""
    today = timezone.localdate()
    running = Q(grants__valid_to=None) | Q(grants__valid_to__gte=today)
    rows = Person.objects.filter(running, is_active=True, grants__role__in=CHECKERS, grants__valid_from__lte=today)
    return rows.distinct().order_by("display_name", "username")


class DrawForm(forms.Form):
    """Who checks: at least two people."""

    do = forms.CharField(widget=forms.HiddenInput, initial="draw")
    checkers = SeveralOf(
        queryset=Person.objects.none(),
        label=gettext_lazy("Checkers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("At least two people, none of them from the unit that is checked."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checkers"].queryset = people()

    def clean_checkers(self) -> Any:
        """A check on site is made by two people at least."""
        found = self.cleaned_data["checkers"]
        if len(found) < NEEDED:
            raise forms.ValidationError(_("Name at least two people."))
        return found


def reasons_of(row: SiteVisit) -> list[str]:
    """Return why risk chose a unit, in the language of the page."""
    return [words for reason in row.reasons if (words := reason_text(reason, _))]


@dataclass(frozen=True)
class Ticket:
    """One unit in the order of the tickets; ``cut`` is drawn above it: from here on nobody is drawn."""

    place: int
    code: str
    name: str
    ticket: str
    state: str
    cut: bool = False


def open_to(actor: Any, check: SiteCheck) -> bool:
    """Whether somebody may see the whole draw: overseers at once, who sees a visit when every check has begun."""
    if check.drawn_at is None:
        return False
    return city_wide(actor, OVERSEERS) or not check.visits.filter(status=SiteVisit.Status.PLANNED).exists()


def all_tickets(check: SiteCheck) -> list[Ticket]:
    """Return every assessed unit by its ticket, the smallest first, with what became of it."""
    how = dict(check.visits.values_list("unit__code", "chosen"))
    units = registry.units(assessed=True)
    order = sorted((ticket(check.seed, one.code), one.code, one.name) for one in units)
    words = {"risk": _("by risk, before the lots"), "lot": _("drawn by lot")}
    found, drawn, cut = [], 0, False
    for place, (lot, code, name) in enumerate(order, 1):
        first = drawn == check.at_random and not cut and how.get(code) != "risk"
        cut = cut or first
        found.append(Ticket(place, code, name, lot, words.get(how.get(code, ""), _("not drawn")), first))
        drawn += how.get(code) == "lot"
    return found


def tickets_of(check: SiteCheck) -> list[Ticket]:
    """Return the tickets up to the cut and a few beyond it."""
    found = all_tickets(check)
    at = next((n for n, one in enumerate(found) if one.cut), len(found))
    return found[: at + BEYOND]


def verdict_of(check: SiteCheck) -> parts.Verdict:
    """Draw the lots again and say whether they come out the same."""
    again = queries.verify_draw(check)
    if again.lots_hold and again.population_holds:
        words = _("From the seed and the codes of the units the same units come out: %(units)s.")
        return parts.Verdict("ok", _("Drawn again: the same units"), words % {"units": listed(again.units)})
    if again.lots_hold:
        words = _("The assessed units have changed since the draw; the lots come out the same all the same.")
        return parts.Verdict("warn", _("Drawn again: the same units"), words)
    words = _("Now these units would be drawn: %(units)s. Compare the list of units with that of the day of the draw.")
    return parts.Verdict("bad", _("Drawn again: other units"), words % {"units": listed(again.units)})


def _of_plan(params: Mapping[str, str]) -> list[str]:
    row = SiteCheck.objects.filter(pk=whole(params.get("check")) or 0).first()
    return [_("seed %(seed)s (%(source)s)") % {"seed": row.seed, "source": row.seed_source}] if row else []


@listing("site-tickets", gettext_lazy("Tickets of the draw"), roles=STAFF, describe=_of_plan)
def ticket_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return every ticket of a plan that the person sees, in their order."""
    row = queries.site_checks(actor).filter(pk=whole(params.get("check")) or 0, drawn_at__isnull=False).first()
    found = all_tickets(row) if row and open_to(actor, row) else []
    kinds = {
        _("Place"): (pl.Int64, [one.place for one in found]),
        _("Unit code"): (pl.String, [one.code for one in found]),
        _("Unit"): (pl.String, [one.name for one in found]),
        _("Ticket"): (pl.String, [one.ticket for one in found]),
        _("Drawn"): (pl.String, [one.state for one in found]),
    }
    return table(kinds)
