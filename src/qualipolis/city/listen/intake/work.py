"""What waits for someone with letters: those whose town is not known."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.intake import queries

STOP, MOST = "listen", 10


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the letters that no desk of a town serves yet."""
    return [
        WorkItem(STOP, _("Where does this letter belong? About %(about)s") % {"about": row.respondent_name},
                 _("Name the town or the firm; the desk there takes over."), None, "desk:listen_letter", (row.pk,),
                 "listen.place_letter")
        for row in queries.unplaced(actor)[:MOST]
    ]  # fmt: skip


MAKERS: Makers = (("complaint_desk", desk_work),)
