"""The steps of a report that its page offers, and what is recorded beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import can, roles_of
from qualipolis.city.listen import service
from qualipolis.city.listen.reports.models import Report
from qualipolis.city.listen.reports.queries import earlier
from qualipolis.city.listen.reports.suggestions import suggested
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, line
from qualipolis.law.listening.grounds import NOT_FILED, grounds_on

REASON = {"reason": area(gettext_lazy("Reason"), 1000)}
MOST = 300


def facts_of(row: Report) -> dict[str, Any]:
    """Return what the guards of the steps read; which ground it is, the step asks."""
    return {"named": row.named, "received_on": row.received_on, "reason_code": "other"}


def acts_of(request: HttpRequest, row: Report) -> list[Act]:
    """Return the steps of a report in the order in which they lead on."""
    return [_check(), _inform(row), _close("close"), *([] if row.named else [_close("close_anonymous")]), _file(),
            _not_file(row), _extend(request, row), _merge(request, row), _transfer(row), _reopen()]  # fmt: skip


def _check() -> Act:
    return Act("check", "listen.check_report", lambda actor, row, said: service.begin_check(actor, row),
               help=gettext_lazy("The term runs from the day of receipt. The firm is not told that there is a report."))  # fmt: skip


def _file() -> Act:
    return Act("file", "listen.file_report",
               lambda actor, row, said: service.file_report(actor, row, said["document_no"], said["reason"]),
               {"document_no": line(gettext_lazy("Number of the case"), 60)} | REASON)  # fmt: skip


def _not_file(row: Report) -> Act:
    found = grounds_on(dict(NOT_FILED), row.received_on)
    choices = [("", "…"), *((code, f"{one.number}. {_(one.words)}") for code, one in found.items())]
    return Act("not_file", "listen.not_file_report",
               lambda actor, one, said: service.not_file_report(actor, one, said["reason_code"], said["reason"]),
               {"reason_code": lambda: forms.ChoiceField(label=gettext_lazy("Ground"), choices=choices)} | REASON)  # fmt: skip


def _extend(request: HttpRequest, row: Report) -> Act:
    people = _people(row, "listen.extend_check", ("complaint_desk", "inspector"), request.user)
    return Act("extend", "listen.extend_check",
               lambda actor, one, said: service.extend_check(actor, one, said["reason"], said["second_person"]),
               {"second_person": _person(gettext_lazy("Second person who agrees"), people)} | REASON, for_good=True)  # fmt: skip


def _merge(request: HttpRequest, row: Report) -> Act:
    rows = earlier(request.user, row)
    return Act("merge", "listen.merge_report",
               lambda actor, one, said: service.merge_report(actor, one, said["other"], said["reason"]),
               {"other": lambda: forms.ModelChoiceField(rows, label=gettext_lazy("Earlier report of the same facts"))} | REASON,
               for_good=True)  # fmt: skip


def _transfer(row: Report) -> Act:
    text, text_en = suggested(row, "transfer")
    fields = {"authority": line(gettext_lazy("Competent authority"), 120)} | REASON
    return Act("transfer", "listen.transfer_report",
               lambda actor, one, said: service.transfer_report(
                   actor, one, said["authority"], said["reason"], said["text"], said["text_en"]),
               fields | _words(text, text_en))  # fmt: skip


def _inform(row: Report) -> Act:
    text, text_en = suggested(row, "report_result")
    return Act("inform", "listen.inform_informant",
               lambda actor, one, said: service.inform_informant(actor, one, said["text"], said["text_en"]),
               _words(text, text_en), for_good=True,
               help=gettext_lazy("The words are a suggestion: read them and change what is not right."))  # fmt: skip


def _words(text: str, text_en: str) -> dict[str, Callable[[], forms.Field]]:
    return {
        "text": area(gettext_lazy("Words of the document (Chinese, official)"), 8000, 6, initial=text),
        "text_en": area(gettext_lazy("Reading aid in English"), 8000, 4, required=False, initial=text_en),
    }


def _close(step: str) -> Act:
    return Act(step, "listen.close_report", lambda actor, row, said: service.close_report(actor, row))


def _reopen() -> Act:
    return Act("reopen", "listen.reopen_report",
               lambda actor, row, said: service.reopen_report(actor, row, said["reason"]), dict(REASON))  # fmt: skip


def _people(row: Report, verb: str, roles: tuple[str, ...], but: Any = None) -> list[Person]:
    """Return the people who may take a verb on a report in one of some roles."""
    rows = (
        Person.objects.filter(Q(grants__role__in=roles), is_active=True).distinct().order_by("display_name", "username")
    )
    found = (one for one in rows[:MOST] if but is None or one.pk != but.pk)
    return [one for one in found if roles_of(one) & set(roles) and can(one, verb, row)]


def _person(label: Any, people: list[Person]) -> Callable[[], forms.Field]:
    rows = Person.objects.filter(pk__in=[one.pk for one in people])
    return lambda: forms.ModelChoiceField(rows, label=label)


def marks_of(request: HttpRequest, row: Report) -> list[Mark]:
    """Return what is recorded beside the way of a report."""
    inspectors = _people(row, "listen.check_report", ("inspector",))
    officers = _people(row, "listen.take_report", ("complaint_desk",), request.user)
    return [
        Mark("take", "listen.take_report", gettext_lazy("Take this report"), {},
             lambda actor, one, said: service.take_report(actor, one),
             lambda one: one.officer_id is None and not one.ended,
             gettext_lazy("You alone can then open the seal of the informant; it enters the register.")),
        Mark("assign", "listen.assign_inspector", gettext_lazy("Give it to an inspector"),
             {"inspector": _person(gettext_lazy("Inspector of the branch"), inspectors)},
             lambda actor, one, said: service.assign_inspector(actor, one, said["inspector"]),
             lambda one: one.status in ("received", "checking", "extended")),
        Mark("hand_over", "listen.hand_over_report", gettext_lazy("Hand it over to another officer"),
             {"officer": _person(gettext_lazy("Officer"), officers)},
             lambda actor, one, said: service.hand_over_report(actor, one, said["officer"]),
             lambda one: one.officer_id == request.user.pk and not one.ended),
    ]  # fmt: skip
