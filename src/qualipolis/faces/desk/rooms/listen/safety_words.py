"""How the pages of incidents, recalls and warnings write what they hold: states, clocks, the way, the effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.clocks import Clock, clock_name
from qualipolis.city.core.policy import visible
from qualipolis.city.listen.models import Incident, PublicWarning, Recall
from qualipolis.city.listen.safety.effect import Effect
from qualipolis.city.listen.safety.lists import product_words
from qualipolis.city.listen.statistics.naming import class_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.deadlines import clock_chip
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.flow_page import progress
from qualipolis.faces.desk.rooms.measure.pieces import figure
from qualipolis.faces.desk.shares import percent
from qualipolis.law.rules import rule_on
from qualipolis.methods.signal.risk import LEVEL_NAMES, LEVELS

CHIPS = {
    "incident": {
        "reported": "wait", "verified": "warn", "dismissed": "idle", "reported_up": "ok", "closed": "ok",
    },
    "recall": {
        "clue": "idle", "assessing": "wait", "no_defect": "idle", "defect_found": "warn", "ordered": "bad",
        "plan_filed": "wait", "announced": "warn", "executing": "wait", "completed": "wait", "evaluated": "wait",
        "ordered_again": "bad", "closed": "ok",
    },
    "public_warning": {
        "drafted": "idle", "reviewing": "wait", "discarded": "idle", "published": "warn", "replaced": "idle",
        "taken_down": "idle", "lapsed": "idle",
    },
}  # fmt: skip
LEVEL_CHIPS = {"low": "idle", "medium": "warn", "high": "bad", "serious": "bad"}
RECALL_WAY = (
    (gettext_lazy("Clue"), ("clue",), ("listen.note_recall_clue",)),
    (gettext_lazy("Defect assessment"), ("assessing",), ("listen.find_defect", "listen.declare_defect", "listen.find_no_defect")),
    (gettext_lazy("Recall plan"), ("defect_found", "ordered", "ordered_again"), ("listen.file_recall_plan",)),
    (gettext_lazy("Announcement"), ("plan_filed",), ("listen.announce_recall",)),
    (gettext_lazy("Carrying out"), ("announced", "executing"), ("listen.complete_recall",)),
    (gettext_lazy("Check of the effect"), ("completed",), ("listen.evaluate_recall",)),
    (gettext_lazy("End of the recall"), ("evaluated",), ("listen.close_recall",)),
)  # fmt: skip
WARNING_WAY = (
    (gettext_lazy("Draft"), ("drafted",), ("listen.hand_in_warning",)),
    (gettext_lazy("Reading by another"), ("reviewing",), ("listen.publish_warning",)),
    (gettext_lazy("Published"), ("published",), ("listen.take_down_warning", "listen.replace_warning", "listen.lapse_warning")),
)  # fmt: skip


def state_chip(row: Any) -> parts.Chip:
    """Return the state of an incident, a recall or a warning as a chip."""
    return parts.Chip(CHIPS[row.flow_code][row.status], _(row.flow.labels[row.status]))


def harm_chip(row: Incident) -> parts.Chip | None:
    """Return the harm where somebody died or was seriously hurt, or where nobody knows yet."""
    if row.harm is None:
        return parts.Chip("warn", _("harm not known"))
    return parts.Chip("bad", _("fatal") if row.harm == Incident.Harm.FATAL else _("serious")) if row.serious else None


def level_chip(row: PublicWarning) -> parts.Chip | None:
    """Return the level of risk of a warning as a chip."""
    return parts.Chip(LEVEL_CHIPS[row.level], _(LEVEL_NAMES[row.level])) if row.level in LEVEL_CHIPS else None


def level_choices() -> list[tuple[str, str]]:
    """Return the levels of risk to choose from, the highest first."""
    return [("", _("not assessed")), *((level, _(LEVEL_NAMES[level])) for level in reversed(LEVELS))]


def firm_of(row: Any) -> str:
    """Return the firm of the register, or the name that was given."""
    return row.enterprise.name if row.enterprise else getattr(row, "producer_name", "") or "—"


def title_of(row: Any) -> str:
    """Return what the page of an incident or a recall is called: the product, or what kind of danger."""
    return product_words(row) or class_words("hazard", getattr(row, "hazard", "")) or str(row)


def incident_way(row: Incident, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of an incident; only a serious one goes upward."""
    upward = (_("Reported upward"), ("verified",), ("listen.report_upward",))
    last = ("reported_up",) if row.serious else ("verified", "reported_up")
    path = [
        (_("Reported"), (), ("listen.report_incident",)),
        (_("Incident verified"), ("reported",), ("listen.verify_incident", "listen.dismiss_incident")),
        *([upward] if row.serious else []),
        (_("Incident closed"), last, ("listen.close_incident",)),
    ]
    return _way(row, path, told, mine=mine)


def recall_way(row: Recall, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of a recall; one without a defect ends after its assessment."""
    path = [(str(name), states, verbs) for name, states, verbs in RECALL_WAY]
    return _way(row, path[:2] if row.status == "no_defect" else path, told, mine=mine)


def warning_way(row: PublicWarning, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of a warning."""
    path = [(str(name), states, verbs) for name, states, verbs in WARNING_WAY]
    return _way(row, path[:1] if row.status == "discarded" else path, told, mine=mine)


def _way(row: Any, path: list[Any], told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    return progress(row, path, told, mine=mine)


def clock_rows(found: Sequence[Clock]) -> list[dict[str, Any]]:
    """Return every clock with its rule, as the ledger tells it."""
    today, shown = timezone.localdate(), []
    for one in found:
        rule = rule_on(one.rule, one.started_on)
        shown.append({"name": clock_name(one), "clock": one, "law": _(rule.source), "chip": clock_chip(one, today)})
    return shown


def effect_lines(effect: Effect) -> list[tuple[str, str, str]]:
    """Return the effect as (name, figure, how it was found)."""
    whole = _("%(n)s of %(all)s pieces, as the firm reports") % {
        "n": figure(effect.corrected, 0), "all": figure(effect.units, 0),
    }  # fmt: skip
    lines = [(_("Corrected"), percent(effect.rate), whole if effect.rate is not None else _("not reported yet"))]
    if effect.share is None:
        return [*lines, (_("Owners reached"), "—", _("no sample has been taken"))]
    how = _("%(n)s of %(all)s checked; 95 %% interval %(low)s to %(high)s, exact") % {
        "n": effect.reached, "all": effect.checked, "low": percent(effect.low), "high": percent(effect.high),
    }  # fmt: skip
    return [*lines, (_("Owners reached"), percent(effect.share), how)]


def link_of(actor: Any, thing: Any, name: str) -> str:
    """Return the page of another thing, where it stands and this person sees the thing; nothing otherwise."""
    if thing is None or not visible(actor, type(thing)._default_manager.filter(pk=thing.pk)).exists():
        return ""
    return address(name, thing.pk)
