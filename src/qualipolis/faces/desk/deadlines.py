"""Deadlines in words: how many days are left, and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qualipolis.city.core.clocks import STATES, Clock
from qualipolis.faces.desk import parts

CLOCK_CHIPS = {
    "kept": ("ok", ""), "late": ("bad", ""), "given_up": ("idle", ""), "paused": ("wait", "player-pause"),
    "running": ("wait", ""), "overdue": ("bad", "alert-octagon"),
}  # fmt: skip


def _day(moment: date, year: bool) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    shape = ("Y年n月j日" if year else "n月j日") if chinese else ("j M Y" if year else "j M")
    return formats.date_format(moment, shape)


def moment_words(until: Any, year: bool = False) -> str:
    """Return day and hour in words; a deadline is near and needs no year, what is on record does."""
    if isinstance(until, datetime):
        local = timezone.localtime(until) if timezone.is_aware(until) else until
        return _("%(day)s, %(clock)s") % {"day": _day(local, year), "clock": f"{local:%H:%M}"}
    return _day(until, year) if isinstance(until, date) else ""


def deadline_words(due: parts.Deadline) -> tuple[str, str, str]:
    """Return kind, icon and words of a deadline: over 3 days idle, 3 or fewer warn, late bad, paused wait."""
    moment = moment_words(due.until)
    if due.paused:
        return "wait", "player-pause", _("Clock stands: %(why)s") % {"why": due.paused}
    if due.days is None:
        return "idle", "calendar", _("until %(moment)s") % {"moment": moment} if moment else _("no deadline")
    if due.days < 0:
        late = -due.days
        one, many = (
            ("%(n)s day late", "%(n)s days late")
            if due.calendar
            else ("%(n)s working day late", "%(n)s working days late")
        )
        return "bad", "alert-octagon", ngettext(one, many, late) % {"n": late}
    if due.days == 0:
        clock = timezone.localtime(due.until).strftime("%H:%M") if isinstance(due.until, datetime) else ""
        return "warn", "clock", _("today %(clock)s") % {"clock": clock} if clock else _("today")
    one, many = (
        ("%(n)s day left", "%(n)s days left") if due.calendar else ("%(n)s working day left", "%(n)s working days left")
    )
    words = ngettext(one, many, due.days) % {"n": due.days}
    if moment:
        words = _("%(left)s, until %(moment)s") % {"left": words, "moment": moment}
    return ("warn", "clock", words) if due.days <= 3 else ("idle", "calendar", words)


def clock_chip(clock: Clock, today: date) -> parts.Chip:
    """Return how a clock of the ledger stands, as a chip."""
    state = clock.state(today)
    kind, icon = CLOCK_CHIPS[state]
    return parts.Chip(kind, _(STATES[state]), icon)


# what makemessages has to see of the variable plurals above
_SEEN = (
    lambda n: ngettext("%(n)s day late", "%(n)s days late", n),
    lambda n: ngettext("%(n)s working day late", "%(n)s working days late", n),
    lambda n: ngettext("%(n)s day left", "%(n)s days left", n),
    lambda n: ngettext("%(n)s working day left", "%(n)s working days left", n),
)
