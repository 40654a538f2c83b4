"""What waits for someone in reports: to take, to check, to decide, to tell the informant, to close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.reports import queries
from qualipolis.city.listen.reports.models import Report

STOP, MOST = "listen", 20


def _item(row: Report, title: str, why: str, verb: str) -> WorkItem:
    named = {"number": row.number, "about": row.respondent_name}
    return WorkItem(STOP, title % named, why, row.due_on, "desk:listen_report", (row.pk,), verb)


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the reports that wait at the desk, the next day first."""
    rows = queries.reports(actor)
    return [*_new(rows), *_checked_here(actor, rows), *_decided(rows)]


def _new(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(status="received")[:MOST]:
        yield _item(
            row, _("New report about %(about)s"), _("Take it and have the clue checked in time."), "listen.check_report"
        )


def _checked_here(actor: Any, rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(queries.shown("checking"), inspector=None, officer=getattr(actor, "pk", None))[:MOST]:
        yield _item(
            row, _("Clue to decide on: %(about)s"), _("Open a case or not, before the term ends."), "listen.file_report"
        )


def _decided(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(queries.shown("tell"))[:MOST]:
        if row.named:
            yield _item(
                row,
                _("Tell the informant of report %(number)s"),
                _("The decision is made; the term runs."),
                "listen.inform_informant",
            )
        else:
            yield _item(
                row,
                _("Close the anonymous report %(number)s"),
                _("The decision is made; nobody can be told."),
                "listen.close_report",
            )


def inspector_work(actor: Any) -> list[WorkItem]:
    """Return the reports that an inspector checks."""
    rows = queries.reports(actor).filter(
        inspector=getattr(actor, "pk", None), status__in=("received", *queries.IN_CHECK)
    )
    return [
        _item(
            row,
            _("Check the clue about %(about)s"),
            _("Open a case or not, before the term ends."),
            "listen.file_report",
        )
        for row in rows[:MOST]
    ]


MAKERS: Makers = (("complaint_desk", desk_work), ("inspector", inspector_work))
