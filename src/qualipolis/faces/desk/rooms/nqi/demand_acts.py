"""The steps that the page of a demand offers to the station and the general platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.nqi import service
from qualipolis.city.nqi.directory.gaps import able
from qualipolis.city.nqi.models import Demand, NeedType
from qualipolis.city.nqi.services.candidates import candidates, near
from qualipolis.city.nqi.services.quotes import STILL_ASKED, unasked
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk.rooms.flow_page import Act, SeveralOf
from qualipolis.faces.desk.rooms.nqi.service_words import money, parse_lines, written_lines
from qualipolis.faces.desk.rooms.supervise.after import area, line

Field = Callable[[], forms.Field]
LINES_HELP = gettext_lazy(
    "One a line: product, item, standard, quantity; parted by commas. The standard with its year."
)


def facts_of(row: Demand) -> dict[str, Any]:
    """Return what the guards of the steps read."""
    lines = list(row.lines.all())
    asked = row.quotes.filter(status__in=STILL_ASKED).count()
    found = {"free": row.free, "need_type": row.need_type, "lines": lines, "conflict": False, "gap": True}
    if row.status in ("triaged", "matched"):
        found["candidates"] = len(unasked(row)) + asked
    if row.status in ("triaged", "unmatched", "escalated") and not row.free:
        found["uncovered"] = 0 if near(row.need_type, lines, timezone.localdate()) else len(lines)
    return found


def acts_of(row: Demand, by: str) -> list[Act]:
    """Return the steps of a demand in the order in which they lead on."""
    return [
        Act("accept", "nqi.accept_demand", lambda actor, one, said: service.accept_demand(actor, one),
            help=gettext_lazy("You serve the firm from here on.")),
        *([_answer()] if row.free else []),
        *([_match(row, by)] if not row.free and row.lines.exists() else []),
        _triage(row),
        Act("escalate", "nqi.escalate_demand", lambda actor, one, said: service.escalate_demand(actor, one)),
        Act("find_none", "nqi.find_nobody", lambda actor, one, said: service.find_nobody(actor, one, said["reason"])),
        Act("record_gap", "nqi.close_demand_with_gap", _gap,
            help=gettext_lazy("Each line becomes a record of what nobody in the city can do; the planners read it.")),
        Act("refer_outside", "nqi.refer_outside",
            lambda actor, one, said: service.refer_outside(actor, one, said["authority"], said["reason"]),
            {"authority": line(gettext_lazy("Institution outside the city"), 160)}),
        Act("close", "nqi.close_demand", lambda actor, one, said: service.close_demand(actor, one)),
        _reject(),
    ]  # fmt: skip


def _answer() -> Act:
    return Act("answer", "nqi.answer_demand", lambda actor, one, said: service.answer_demand(actor, one, said["report"]),
               {"report": area(gettext_lazy("Answer"), 4000, 6)})  # fmt: skip


def _reject() -> Act:
    return Act("reject", "nqi.reject_demand",
               lambda actor, one, said: service.reject_demand(actor, one, said["reason_code"], said["reason"]),
               {"reason_code": lambda: forms.ChoiceField(label=_("Why"), choices=Demand.Refusal.choices)})  # fmt: skip


def _triage(row: Demand) -> Act:
    lines = list(row.lines.all())
    fields: dict[str, Field] = {
        "need_type": lambda: forms.ChoiceField(label=_("Kind of need"), choices=NeedType.choices, initial=row.need_type),
        "free": lambda: forms.BooleanField(
            label=_("Query, advice or printing only"), required=False, initial=row.free,
            help_text=_("It costs nothing, and the station answers it.")),
        "product_class": line(gettext_lazy("Class of product"), 60, False, initial=row.product_class),
        "lines": area(gettext_lazy("Lines"), 8000, 5, False, initial=written_lines(lines), help_text=LINES_HELP),
    }  # fmt: skip
    return Act("triage", "nqi.triage_demand",
               lambda actor, one, said: service.triage_demand(
                   actor, one, said["need_type"], free=said["free"], product_class=said["product_class"],
                   lines=parse_lines(said["lines"])),
               fields, for_good=True)  # fmt: skip


class Chosen(SeveralOf):
    """Institutions with what their scope and catalogue say; those that may not be asked are not offered."""

    def __init__(self, row: Demand, by: str) -> None:
        self.found = {one.institution.pk: one for one in candidates(row, by=by)}
        free = [key for key, one in self.found.items() if not one.kept_away and not one.asked]
        super().__init__(Institution.objects.filter(pk__in=free), label=_("Whom to ask"), widget=forms.CheckboxSelectMultiple,
                         help_text=_("Qualified today, in the order of lots. Nobody is recommended; ask all who can."))  # fmt: skip
        order = {key: place for place, key in enumerate(free)}
        self.choices = [(key, self._words(key)) for key in order]

    def _words(self, key: int) -> str:
        one = self.found[key]
        said = [one.institution.name]
        if one.missing:
            said.append(_("not for lines %(lines)s") % {"lines": "、".join(str(each.position) for each in one.missing)})
        if one.price is not None:
            said.append(_("listed at %(price)s yuan") % {"price": money(one.price)})
        if one.days is not None:
            said.append(_("%(n)s working days") % {"n": one.days})
        return _(", ").join(said)


def _match(row: Demand, by: str) -> Act:
    return Act("match", "nqi.invite_institutions",
               lambda actor, one, said: service.invite_institutions(actor, one, list(said["institution"])),
               {"institution": lambda: Chosen(row, by)}, for_good=True)  # fmt: skip


def _gap(actor: Any, row: Demand, said: dict[str, Any]) -> Any:
    """Record a gap for each line that nobody here may do, and end the demand with the first of them."""
    made = [
        service.record_gap(actor, row, row.need_type, one.product, one.parameter, one.standard)
        for one in row.lines.all()
        if not able(row.need_type, one.product, one.parameter, one.standard)
    ]  # fmt: skip
    return service.close_demand_with_gap(actor, row, made[0].number if made else "", said["reason"])
