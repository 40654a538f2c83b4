"""The steps that the page of a round offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Organisation
from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardRound
from qualipolis.faces.desk.rooms.flow_page import Act, SeveralOf
from qualipolis.faces.desk.rooms.supervise.after import Mark, day

ASKED = ("department", "bureau", "branch")


def _plain(step: str, verb: str, call: Callable[[Any, Any], Any], **more: Any) -> Act:
    return Act(step, verb, lambda actor, row, said: call(actor, row), **more)


def departments() -> forms.Field:
    """Return the field of the authorities that are asked."""
    rows = Organisation.objects.filter(kind__in=ASKED).order_by("kind", "code")
    return SeveralOf(rows, label=gettext_lazy("Authorities to ask"), widget=forms.CheckboxSelectMultiple)


def acts_of(row: AwardRound) -> list[Act]:
    """Return the steps of a round in their order."""
    return [
        Act("announce", "talent.announce_round",
            lambda actor, one, said: service.announce_round(actor, one, said["document_no"]), for_good=False),
        Act("close_applications", "talent.close_applications",
            lambda actor, one, said: service.close_applications(actor, one, list(said["departments"])),
            {"departments": departments}, for_good=True),
        _plain("begin_documents", "talent.begin_documents", service.begin_documents),
        _plain("begin_visits", "talent.begin_visits", service.begin_visits),
        _plain("begin_deliberation", "talent.begin_deliberation", service.begin_deliberation),
        Act("give_notice", "talent.give_notice",
            lambda actor, one, said: service.give_notice(actor, one, said["meeting_on"]),
            {"meeting_on": day(gettext_lazy("Day of the meeting"), initial=timezone.localdate)}, for_good=True,
            help=gettext_lazy("Everyone reads the proposal from now on, for seven working days.")),
        _plain("end_notice", "talent.end_notice", service.end_notice),
        Act("grant", "talent.grant_awards",
            lambda actor, one, said: service.grant_awards(actor, one, said["document_no"])),
        _plain("close", "talent.close_round", service.close_round),
        Act("deliberate_again", "talent.deliberate_again",
            lambda actor, one, said: service.deliberate_again(actor, one, said["reason"]), for_good=True),
        Act("cancel", "talent.cancel_round",
            lambda actor, one, said: service.cancel_round(actor, one, said["reason"], said["document_no"])),
    ]  # fmt: skip


MARKS = (
    Mark(
        "model_severity", "talent.model_severity", gettext_lazy("Model the severity of the reviewers"), {},
        lambda actor, row, said: service.model_severity(actor, row),
        lambda row: row.status not in ("drafted", "announced", "eligibility"),
        gettext_lazy("From the independent scores that count now. No score is changed by it."),
    ),
)  # fmt: skip
