"""How the pages of officers write what they hold: states, the way, acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.talent.models import Officer
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import progress
from qualipolis.law.talent.conditions import EDUCATION, SIZES, TITLES, conditions_on

CHIPS = {
    "nominated": "wait", "returned": "warn", "withdrawn": "idle", "filed": "wait", "trained": "wait", "certified": "wait",
    "active": "ok", "lapsed": "bad", "replaced": "idle", "removed": "bad", "ent_deregistered": "idle",
}  # fmt: skip
WAY = (
    (gettext_lazy("Named by the firm"), ("returned",), ("talent.nominate_officer", "talent.hand_in_officer_again")),
    (gettext_lazy("Appointment filed"), ("nominated",), ("talent.file_officer",)),
    (gettext_lazy("Course passed"), ("filed",), ("talent.officer_trained",)),
    (gettext_lazy("Certificate"), ("trained",), ("talent.officer_certified",)),
    (gettext_lazy("In post"), ("certified",), ("talent.activate_officer",)),
)
WAITS_FIRM = {
    "nominated": gettext_lazy("The office of your town checks the appointment and files it."),
    "filed": gettext_lazy("The officer takes the course and passes its examination. Enrol under Training."),
    "trained": gettext_lazy("The training office issues the certificate."),
    "active": gettext_lazy("The officer is in post. A refresher within two years keeps it so."),
    "lapsed": gettext_lazy("Two years have passed without training. After a refresher the officer is active again."),
}
WAITS_OFFICE = {
    "returned": gettext_lazy("The firm hands the appointment in again."),
    "filed": gettext_lazy("The officer is to be trained."),
    "trained": gettext_lazy("The training office issues the certificate."),
    "certified": gettext_lazy("The firm confirms that the officer has taken up the post."),
    "active": gettext_lazy("The officer is in post."),
    "lapsed": gettext_lazy("The officer is to be trained again."),
    "replaced": gettext_lazy("The officer has left; the firm names a successor within its term."),
    "removed": gettext_lazy("The filing was struck; the firm names a successor within its term."),
}


def state_chip(row: Officer) -> parts.Chip:
    """Return the state of an officer as a chip."""
    return parts.Chip(CHIPS[row.status], _(row.flow.labels[row.status]))


def way(row: Officer, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of an officer."""
    if row.status in ("withdrawn", "replaced", "removed", "ent_deregistered", "lapsed"):
        return []
    return progress(row, [(str(name), states, verbs) for name, states, verbs in WAY], told, mine=mine)


def facts_of(row: Officer) -> list[tuple[str, str]]:
    """Return what was said of the person, and by which conditions it was judged."""
    conditions = conditions_on(row.appointed_on, row.conditions.partition("@")[0] or "city")
    years = "—" if row.years is None else f"{row.years.normalize():f}"
    return [
        (
            _("Appointed on"),
            f"{row.appointed_on:%Y-%m-%d}" + (f"{_(', ')}{row.document_no}" if row.document_no else ""),
        ),
        (_("Education"), _(EDUCATION.get(row.education, "no certificate"))),
        (_("Professional title"), _(TITLES.get(row.title, "no title"))),
        (_("Years of quality work"), years),
        (_("Size of the firm"), _(SIZES.get(row.size, "size not known"))),
        (
            _("Conditions applied"),
            f"{_(conditions.source)}{'' if not conditions.note else _(' – ') + _(conditions.note)}",
        ),
    ]


def act_lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the acts of an officer, each with what answered it."""
    found = []
    for row in rows:
        lifted = next((one for one in row.answers.all() if one.kind == "release"), None)
        found.append(
            {
                "row": row,
                "kind": row.get_kind_display(),
                "lifted": lifted,
                "standing": row.kind == "veto" and lifted is None,
            }
        )
    return found
