"""How the pages of training write what they hold."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.faces.desk import parts

CHIPS = {
    "training_session": {
        "planned": "idle", "open": "ok", "listed": "wait", "running": "wait", "held": "warn", "settled": "ok",
        "cancelled": "idle",
    },
    "enrolment": {
        "applied": "wait", "waiting": "wait", "admitted": "ok", "refused": "bad", "withdrawn": "idle", "called_off": "idle",
        "attended": "wait", "absent": "bad", "passed": "ok", "failed": "bad",
    },
    "examination": {
        "drawn": "idle", "started": "warn", "handed_in": "wait", "marked": "ok", "missed": "bad", "contested": "warn",
        "upheld": "ok", "remarked": "ok", "void": "idle",
    },
    "training_certificate": {"issued": "ok", "revoked": "bad", "replaced": "idle", "expired": "warn"},
}  # fmt: skip


def state_chip(row: Any) -> parts.Chip:
    """Return the state of a row of training as a chip."""
    return parts.Chip(CHIPS[row.flow_code][row.status], _(row.flow.labels[row.status]))


def days_of(row: Any) -> str:
    """Return the days of a session."""
    if row.starts_on is None:
        return ""
    if row.starts_on == row.ends_on:
        return f"{row.starts_on:%Y-%m-%d}"
    return _("%(from)s to %(to)s") % {"from": f"{row.starts_on:%Y-%m-%d}", "to": f"{row.ends_on:%Y-%m-%d}"}


def hour(moment: Any) -> str:
    """Return a moment as day and hour here."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
