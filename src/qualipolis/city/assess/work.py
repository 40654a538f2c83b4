"""What waits for someone in this room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.assess.cycle_work import MAKERS
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.policy import roles_of
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.measure.queries import WorkItem
from qualipolis.city.measure.service import may_take

Status = Assessment.Status


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in assess: the next step of the latest run, rounds that have none, the cycle."""
    roles = roles_of(actor)
    makers = dict.fromkeys(make for role, make in MAKERS if role in roles)
    found = [item for make in makers for item in make(actor)]
    if "planner" in roles:
        rows = CollectionRound.objects.filter(status=CollectionRound.Status.LOCKED, assessments=None)
        found += [
            WorkItem(
                "assess",
                _("Assess the round %(period)s") % {"period": row.period},
                _("It is locked and has not been computed yet."),
                None,
                "assess:run",
                (row.period,),
                "assess.run",
            )
            for row in rows.order_by("period")
        ]
    steps = {
        Status.RUN: ("preview", "assess.preview", _("It is computed; send the preview to the units.")),
        Status.PREVIEWED: (
            "decide",
            "assess.decide",
            _("The preview is out; decide when the objections are answered."),
        ),
        Status.DECIDED: ("publish", "assess.publish", _("It is decided; publish the release.")),
    }
    seen: set[str] = set()
    rows_ = Assessment.objects.select_related("round").filter(release=None).order_by("-run_at")
    for row in rows_.exclude(round__assessments__status=Status.PUBLISHED):
        if row.round.period in seen or row.status not in steps:
            continue
        seen.add(row.round.period)
        step, name, why = steps[row.status]
        if may_take(actor, "assessment", step, row.status):
            title = _("Assessment %(period)s") % {"period": row.round.period}
            found.append(WorkItem("assess", title, why, None, "assess:assessment", (row.pk,), name))
    return found
