"""How the pages of signals speak: what is unusual, why, how sure, and how a number of weeks is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.city.listen.signals.lists import VOICES
from qualipolis.city.listen.signals.running import ALPHA, RECENT
from qualipolis.city.listen.signals.work import title_of
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import chip
from qualipolis.faces.desk.templatetags.desk import span

CHIPS = {"raised": ("warn", "flag"), "looking": ("wait", ""), "acted": ("wait", "hourglass"), "confirmed": ("ok", ""),
         "dismissed": ("idle", ""), "merged": ("idle", "")}  # fmt: skip
DO = {
    Proposal.Kind.SAMPLE: gettext_lazy("The planner gets it as the draft of a campaign."),
    Proposal.Kind.HOSPITAL: gettext_lazy("The product hospital looks whether many firms share the fault. No case comes back here."),
    Proposal.Kind.WARNING: gettext_lazy("A department drafts a public warning; another person publishes it."),
    Proposal.Kind.RECALL: gettext_lazy("A department looks for the product and its producer, then for the defect."),
    Proposal.Kind.INVESTIGATION: gettext_lazy("A department opens an investigation that names this signal."),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A signal as the board shows it."""

    row: Signal
    title: str
    state: parts.Chip
    what: str
    why: str
    sure: str
    url: str


def title(row: Signal) -> str:
    """Return what a signal is about; one that names nothing is called by its number."""
    return title_of(row)


def state_chip(row: Signal) -> parts.Chip:
    """Return the state of a signal as a chip."""
    kind, icon = CHIPS[row.status]
    return parts.Chip(kind, chip("signal", row.status).text, icon)


def what(row: Signal) -> str:
    """Return in one sentence how many came, and how many were to be expected."""
    told = {"n": row.count, "weeks": RECENT, "expected": number(row.expected)}
    if row.kind == Signal.Kind.ABROAD:
        return ngettext("%(n)s alert from elsewhere this week; the class is made here.",
                        "%(n)s alerts from elsewhere this week; the class is made here.", row.count) % told  # fmt: skip
    if row.expected is None:
        return _("%(n)s records in %(weeks)s weeks.") % told
    if row.expected >= 0.5 and row.count / row.expected >= 1.2:
        told["times"] = number(row.count / row.expected)
        return (
            _("%(n)s records in %(weeks)s weeks, about %(expected)s were to be expected: %(times)s times as many.")
            % told
        )
    return _("%(n)s records in %(weeks)s weeks, about %(expected)s were to be expected.") % told


def why(row: Signal) -> str:
    """Return which methods spoke, in words."""
    return _("; ").join(str(VOICES.get(name, name)) for name, _p in row.evidence)


def sure(row: Signal) -> str:
    """Return how sure a signal is: the share of false ones down to it, and whether several methods agree."""
    if row.q_value is None:
        return _("An alert is no count: it says nothing about how likely the danger is here.")
    share = _("of signals as strong as this, at most %(share)s are false") % {"share": small(row.q_value)}
    if len(row.evidence) > 1 and row.q_value <= ALPHA / 10:
        return _("Strong: several methods agree; %(share)s.") % {"share": share}
    return _("Fair: %(share)s.") % {"share": share}


def small(q: float) -> str:
    """Return an upper end of a share in per cent, never less than a tenth of one: nothing is that sure.

    >>> small(0.0312), small(0.00002)
    ('3.2%', '0.1%')
    """
    return f"{max(0.1, ceil(1000 * q) / 10):.1f}%"


def probability(p: float | None) -> str | None:
    """Return a p-value with two digits that count.

    >>> probability(0.0312), probability(1e-9)
    ('0.031', '<0.000001')
    """
    return None if p is None else "<0.000001" if p < 1e-6 else f"{p:.2g}" if p >= 1e-4 else f"{p:.6f}"


def number(value: float | None) -> str:
    """Return an expected number: one decimal below ten, none above.

    >>> number(2.96), number(41.2), number(None)
    ('3.0', '41', '—')
    """
    return "—" if value is None else f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def week(monday: date) -> str:
    """Return a week by its first and last day."""
    return span(f"{monday:%Y-%m-%d}", f"{monday + timedelta(days=6):%Y-%m-%d}")


def towns(row: Signal, names: dict[str, Any]) -> str:
    """Return the towns of a cluster by name."""
    return _(", ").join(str(names.get(code, code)) for code in row.units)
