"""The steps of a signal and of a proposal that their pages offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import teams_of
from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.city.listen.signals import queries
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, line

HOSPITAL_TAKES = _("The hospital consults on the class of product; no case of a firm is named here.")


def kinds() -> forms.Field:
    """Return the choice of what is proposed, each with what happens then."""
    choices = [(kind.value, f"{kind.label}{_(': ')}{words.DO[kind]}") for kind in Proposal.Kind]
    return forms.ChoiceField(label=_("What is proposed"), choices=choices, widget=forms.RadioSelect)


PROPOSE: dict[str, Callable[[], forms.Field]] = {
    "kind": kinds,
    "words": area(_("What is proposed and why"), rows=4),
}


def _propose(actor: Any, row: Signal, said: dict[str, Any]) -> Any:
    return service.propose(actor, row, said["kind"], said["words"])


def acts_of(request: HttpRequest, row: Signal) -> list[Act]:
    """Return the steps of a signal in the order in which they lead on."""
    found = [
        Act("look", "listen.look_at_signal", lambda who, one, said: service.look_at_signal(who, one),
            help=_("Look at the series and at the records, then propose something or dismiss it.")),
        Act("act", "listen.propose", _propose, PROPOSE, title=str(_("Propose what to do")), for_good=True,
            help=_("The office that answers sees the signal and your words.")),
    ]  # fmt: skip
    if not row.proposals.filter(status="proposed").exists():
        found += [
            Act("confirm", "listen.confirm_signal",
                lambda who, one, said: service.confirm_signal(who, one, said["reason"]),
                {"reason": area(_("What was found"), rows=3)}),
            Act("refute", "listen.refute_signal", lambda who, one, said: service.refute_signal(who, one, said["reason"]),
                {"reason": area(_("What was found"), rows=3)}),
        ]  # fmt: skip
    found.append(
        Act("dismiss", "listen.dismiss_signal", lambda who, one, said: service.dismiss_signal(who, one, said["reason"]),
            help=_("The same series speaks again only when it grows."))
    )  # fmt: skip
    others = queries.like(request.user, row).filter(status__in=(*queries.OPEN, "acted"))
    if others.exists():
        found.append(Act("merge", "listen.merge_signal", _merge, {"reason": _into(others)}))
    return found


def _merge(actor: Any, row: Signal, said: dict[str, Any]) -> Any:
    return service.merge_signal(actor, row, said["reason"])


def _into(others: Any) -> Callable[[], forms.Field]:
    """The other signal stands for the reason that the step needs."""
    return lambda: forms.ModelChoiceField(label=_("Join with"), queryset=others, empty_label=None)


MORE = (
    Mark("more", "listen.propose", _("Propose something else as well"), PROPOSE, _propose,
         when=lambda row: row.status == "acted"),
)  # fmt: skip


def proposal_acts(request: HttpRequest, row: Proposal) -> list[Act]:
    """Return the steps of a proposal: taken up by what it becomes, declined, or withdrawn."""
    found = [
        *_takes(request, row),
        Act("decline", "listen.decline_proposal",
            lambda who, one, said: service.decline_proposal(who, one, said["reason"])),
        Act("withdraw", "listen.withdraw_proposal",
            lambda who, one, said: service.withdraw_proposal(who, one, said["reason"])),
    ]  # fmt: skip
    mine = queries.to_answer(request.user).filter(pk=row.pk).exists()
    return found if mine else found[-1:]


def _takes(request: HttpRequest, row: Proposal) -> list[Act]:
    kind, name = row.kind, "listen.take_up_proposal"
    if kind in (Proposal.Kind.INVESTIGATION, Proposal.Kind.RECALL):
        teams = Organisation.objects.filter(pk__in=teams_of(request.user)).order_by("code")
        return [
            Act("take_up", name, lambda who, one, said: service.investigate_on_proposal(who, one, said["owner"]),
                {"owner": lambda: forms.ModelChoiceField(label=_("In the name of"), queryset=teams, empty_label=None)},
                title=str(_("Open an investigation")), for_good=True,
                help=_("Its file names this signal. A recall begins there, once product and producer are known."))
        ]  # fmt: skip
    if kind == Proposal.Kind.WARNING:
        start = _("Warning about %(about)s") % {"about": words.title(row.signal)}
        return [
            Act("take_up", name, lambda who, one, said: service.warn_on_proposal(who, one, said["title_zh"]),
                {"title_zh": line(_("Chinese title of the warning"), 160, initial=start)},
                title=str(_("Draft a public warning")), for_good=True,
                help=_("Class and danger are filled in. You finish the draft; another person publishes it."))
        ]  # fmt: skip
    label = (
        _("What it became (number of the campaign)") if kind == Proposal.Kind.SAMPLE else _("What the hospital will do")
    )
    return [
        Act("take_up", name, lambda who, one, said: service.take_up_proposal(who, one, said["became"]),
            {"became": line(label, 60)}, help="" if kind == Proposal.Kind.SAMPLE else HOSPITAL_TAKES, for_good=True)
    ]  # fmt: skip
