"""What a person handed on and now waits for: whose turn it is, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess.models import Rectification, SelfEvaluation, SiteVisit
from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation
from qualipolis.city.measure.rounds import own_part
from qualipolis.city.measure.work import OPEN
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import deadline

MOST = 4
Status = Observation.Status


@dataclass(frozen=True)
class Waiting:
    """Something that lies with somebody else."""

    title: str
    who: str
    due: date | None = None

    @property
    def term(self) -> parts.Deadline | None:
        """The term of whoever has it now."""
        return deadline(self.due)


def waiting(user: Any) -> list[Waiting]:
    """Return what lies with others, at most four lines."""
    roles = roles_of(user)
    found = [line for role, make in _MAKERS if role in roles for line in make(user)]
    return found[:MOST]


def _open() -> Any:
    return Observation.objects.filter(round__status__in=OPEN).order_by()


def _town(user: Any) -> Iterator[Waiting]:
    rows = own_part(user, _open(), ("town_officer",))
    handed = rows.filter(status=Status.SUBMITTED, computed=False)
    by_owner = handed.values_list("indicator__owner__name_zh", "indicator__owner__name_en")
    for zh, en, n in by_owner.annotate(n=Count("pk")).order_by("-n")[:3]:
        title = ngettext("%(n)s value being checked", "%(n)s values being checked", n) % {"n": n}
        yield Waiting(title, _bilingual(zh, en))
    disputed = rows.filter(status=Status.DISPUTED).aggregate(n=Count("pk"), due=Min("due_on"))
    if n := disputed["n"]:
        title = ngettext("%(n)s objection being answered", "%(n)s objections being answered", n) % {"n": n}
        yield Waiting(title, _("Office of the leading group"), disputed["due"])


def _bilingual(zh: str | None, en: str | None) -> str:
    from django.utils.translation import get_language

    chinese = (get_language() or "zh").startswith("zh")
    return ((zh or en) if chinese else (en or zh)) or _("the owner department")


def _town_cycle(user: Any) -> Iterator[Waiting]:
    """What a town has handed on in the processes of the year."""
    sent = visible(user, SelfEvaluation.objects.filter(status=SelfEvaluation.Status.SUBMITTED))
    for row in sent.select_related("round")[:1]:
        yield Waiting(_("%(period)s: self-evaluation being checked") % {"period": row.round.period}, _("the office"))
    objected = visible(user, SiteVisit.objects.filter(status=SiteVisit.Status.OBJECTED))
    for visit in objected.select_related("check_plan__round")[:1]:
        title = _("%(period)s: objection to the check on site") % {"period": visit.check_plan.round.period}
        yield Waiting(title, _("the office"), visit.due_on)
    reported = visible(user, Rectification.objects.filter(status=Rectification.Status.REPORTED))
    for one in reported.select_related("round")[:1]:
        title = _("%(period)s: rectification being checked") % {"period": one.round.period}
        yield Waiting(title, _("the owner departments"))


def _department(user: Any) -> Iterator[Waiting]:
    rows = own_part(user, _open().filter(status=Status.RETURNED), ("department",))
    for zh, en, n, due in (
        rows.values_list("unit__name_zh", "unit__name_en")
        .annotate(n=Count("pk"), due=Min("due_on"))
        .order_by("due")[:3]
    ):
        title = ngettext("%(n)s returned value", "%(n)s returned values", n) % {"n": n}
        yield Waiting(title, _bilingual(zh, en), due)


def _planner(user: Any) -> Iterator[Waiting]:
    for row in CollectionRound.objects.filter(status__in=OPEN).order_by("due_on"):
        counts = row.observations.order_by().filter(
            status__in=(Status.EMPTY, Status.DRAFT, Status.RETURNED, Status.SUBMITTED)
        )
        found = counts.values_list("status").annotate(n=Count("pk"), units=Count("unit", distinct=True))
        by = {status: (n, units) for status, n, units in found}
        handed = by.pop(Status.SUBMITTED, None)
        if by:
            n, units = sum(v[0] for v in by.values()), max(v[1] for v in by.values())
            yield Waiting(
                _("%(period)s: %(n)s values to hand in") % {"period": row.period, "n": n},
                ngettext("%(n)s unit", "%(n)s units", units) % {"n": units},
                row.due_on,
            )
        if handed:
            yield Waiting(
                _("%(period)s: %(n)s values to check") % {"period": row.period, "n": handed[0]},
                _("the owner departments"),
            )
    for row in IndicatorSet.objects.filter(status=IndicatorSet.Status.CONSULTED):
        yield Waiting(_("Indicator set %(year)s, to be approved") % {"year": row.year}, _("Leading group"))


def _leader(user: Any) -> Iterator[Waiting]:
    for row in CollectionRound.objects.exclude(reopening={}):
        if row.reopening.get("by") == user.username:
            yield Waiting(_("Round %(period)s: reopening asked") % {"period": row.period}, _("a second person"))
    for row in IndicatorSet.objects.filter(status=IndicatorSet.Status.APPROVED):
        yield Waiting(_("Indicator set %(year)s, to be published") % {"year": row.year}, _("Bureau planner"))


_MAKERS: tuple[tuple[str, Callable[[Any], Iterator[Waiting]]], ...] = (
    ("town_officer", _town),
    ("town_officer", _town_cycle),
    ("department", _department),
    ("planner", _planner),
    ("leader", _leader),
)
