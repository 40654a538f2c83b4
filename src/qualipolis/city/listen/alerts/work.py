"""What waits for someone in this part: pairs to be reviewed, imports whose classes are only suggested."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.alerts import queries

STOP, MOST = "listen", 5


def pair_work(actor: Any) -> list[WorkItem]:
    """Return one line for all pairs that wait."""
    count = queries.pairs(actor, {"show": "found"}).count()
    if not count:
        return []
    title = ngettext("%(n)s pair of records may be one", "%(n)s pairs of records may be one", count) % {"n": count}
    why = _("Nothing is joined before a person has decided.")
    return [WorkItem(STOP, title, why, None, "desk:listen_pairs", (), "listen.pair_same", count)]


def class_work(actor: Any) -> list[WorkItem]:
    """Return the imports of one's own in which alerts have no class of product yet."""
    open_ = Count("alerts", filter=Q(alerts__product_class=""))
    rows = queries.batches(actor).filter(imported_by=getattr(actor, "pk", None)).annotate(open=open_).filter(open__gt=0)
    found = []
    for one in rows[:MOST]:
        title = _("Alerts of %(source)s: %(n)s without a class of product") % {"source": one.source, "n": one.open}  # type: ignore[attr-defined]
        why = _("Look at what is suggested and confirm it.")
        found.append(WorkItem(STOP, title, why, None, "desk:listen_alert_batch", (one.pk,), "listen.confirm_classes"))
    return found


def waiting(actor: Any) -> list[WorkItem]:
    """Return both, once for somebody with several roles."""
    return [*pair_work(actor), *class_work(actor)] if roles_of(actor) else []


MAKERS: Makers = (("department", waiting), ("planner", waiting), ("complaint_desk", waiting))
