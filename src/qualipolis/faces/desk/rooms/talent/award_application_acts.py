"""The steps and records that the page of an applicant offers to the office, the leader and who leads the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qualipolis.city.talent import service
from qualipolis.city.talent.awards.eligibility import opinion_facts
from qualipolis.city.talent.awards.models import Tier
from qualipolis.city.talent.awards.parties import counted
from qualipolis.city.talent.awards.summing import scoring_facts
from qualipolis.city.talent.awards.teams import SCORING, TAKES, team_facts
from qualipolis.city.talent.models import AwardApplication, Reviewer
from qualipolis.city.talent.reviewers.models import LEVELS
from qualipolis.faces.desk.rooms.flow_page import Act, SeveralOf
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day
from qualipolis.faces.desk.rooms.talent.award_words import seconds
from qualipolis.law.talent.excellence import ITEMS, scores

Field = Callable[[], forms.Field]
LEAD = ("accept", "begin_review", "shortlist", "visit", "propose", "monitor")
RELEASES = tuple(
    f"release_{state}" for state in ("submitted", "eligible", "reviewing", "shortlisted", "visited", "proposed")
)


def facts_of(row: AwardApplication) -> dict[str, Any]:
    """Return what the guards of the steps read."""
    held = {"held_from": row.held_from, "held_because": row.held_because}
    seen = {"visited_on": row.visited_on, "report": row.visit_report, "tier": row.tier}
    if row.status == "shortlisted":  # the form of the visit gives these
        seen = {"visited_on": timezone.localdate(), "report": "-", "visitors": 2, "tier": row.tier}
    return {**opinion_facts(row), **team_facts(row), **scoring_facts(row), **held, **seen}


def _said(
    step: str, verb: str, call: Callable[..., Any], *names: str, fields: Mapping[str, Field] | None = None, **more: Any
) -> Act:
    return Act(
        step, verb, lambda actor, row, said: call(actor, row, *(said[name] for name in names)), fields or {}, **more
    )


def tier() -> forms.Field:
    """Return the field of the tier."""
    return forms.ChoiceField(choices=Tier.choices, label=gettext_lazy("Proposed for"), widget=forms.RadioSelect)


def acts_of(actor: Any, row: AwardApplication) -> list[Act]:
    """Return the steps of an application in the order in which they lead on."""
    override = {"override": area(gettext_lazy("Why it is admitted although a regulator objects"), 1000, required=False)}
    second: dict[str, Field] = {
        "second_person": lambda: forms.ModelChoiceField(seconds(actor), label=gettext_lazy("Decided together with"))
    }
    return [
        _said("accept", "talent.admit_applicant", service.admit_applicant, "override", fields=override),
        _said("begin_review", "talent.begin_review", service.begin_review, for_good=True),
        _said("shortlist", "talent.shortlist_applicant", service.shortlist_applicant),
        _visit(row),
        _said("propose", "talent.propose_award", service.propose_award, "tier", fields={"tier": tier}),
        _said("monitor", "talent.monitor_holder", service.monitor_holder, "report", for_good=True),
        _said("complete", "talent.end_monitoring", service.end_monitoring, "report", for_good=True),
        *(_said(name, "talent.release_application", service.release_application, "reason", for_good=True) for name in RELEASES),
        _said("drop", "talent.drop_held", service.drop_held, "reason"),
        _said("return", "talent.return_application", service.return_application, "reason", for_good=True),
        _said("reject", "talent.reject_applicant", service.reject_applicant, "reason"),
        _said("leave_out", "talent.leave_out_applicant", service.leave_out_applicant, "reason"),
        _said("pass_over", "talent.pass_over_applicant", service.pass_over_applicant, "reason"),
        _said("take_back", "talent.take_back_proposal", service.take_back_proposal, "reason"),
        _said("hold", "talent.hold_application", service.hold_application, "reason"),
        _said("revoke", "talent.revoke_award", service.revoke_award, "reason", "document_no", "second_person", fields=second,
              help=gettext_lazy("Two people decide. The revocation and its reason are published.")),
    ]  # fmt: skip


def _visit(row: AwardApplication) -> Act:
    def team() -> forms.Field:
        rows = Reviewer.objects.filter(pk__in=counted(row).values("reviewer")).select_related("person")
        return SeveralOf(rows, label=gettext_lazy("Who was there"), widget=forms.CheckboxSelectMultiple)

    fields: dict[str, Field] = {
        "visited_on": day(gettext_lazy("Day of the visit"), initial=timezone.localdate),
        "visitors": team,
        "report": area(gettext_lazy("Report of the visit"), 4000, 6),
    }
    return Act("visit", "talent.hand_in_visit",
               lambda actor, one, said: service.hand_in_visit(actor, one, said["visited_on"], said["report"], list(said["visitors"])),
               fields, for_good=True)  # fmt: skip


# --- records beside the way -----------------------------------------------------------------------------------------
def item_field(rows: Any = None) -> forms.Field:
    """Return the field of an item of the scheme."""
    from django.utils.translation import gettext as _

    known = [(item.code, f"{item.code} {_(item.name)}") for item in (rows if rows is not None else ITEMS)]
    return forms.ChoiceField(choices=known, label=gettext_lazy("Item"))


def score_field() -> forms.Field:
    """Return the field of a score in steps of 5 per cent."""
    return forms.TypedChoiceField(choices=[(n, f"{n} %") for n in scores()], coerce=int, label=gettext_lazy("Score"))


def office_marks(row: AwardApplication) -> list[Mark]:
    """Return what the office records about the team."""
    taken = row.sheets.values("reviewer")
    free = Reviewer.objects.filter(status__in=LEVELS).exclude(pk__in=taken).select_related("person")
    team = row.sheets.exclude(status__in=("declined", "dropped")).select_related("reviewer__person", "application")
    lead = lambda: forms.BooleanField(required=False, label=gettext_lazy("Leads the team"))  # noqa: E731
    return [
        Mark("assign", "talent.assign_reviewer", gettext_lazy("Put a reviewer on the team"),
             {"reviewer": lambda: ReviewerField(free), "lead": lead},
             lambda actor, one, said: service.assign_reviewer(actor, one, said["reviewer"], lead=said["lead"]),
             lambda one: one.status in TAKES and one.round.status in ("eligibility", *SCORING),
             gettext_lazy("Who is tied to the firm, its group, or advised it within three years is refused.")),
        Mark("name_lead", "talent.name_lead", gettext_lazy("Let another member lead"), {"sheet": lambda: SheetField(team)},
             lambda actor, one, said: service.name_lead(actor, said["sheet"]),
             lambda one: one.round.status in ("eligibility", *SCORING) and team.exists()),
        Mark("drop_scores", "talent.drop_scores", gettext_lazy("Conflict found: drop the scores"),
             {"sheet": lambda: SheetField(team), "reason": area(gettext_lazy("The conflict and how it was found"), 400)},
             lambda actor, one, said: service.drop_scores(actor, said["sheet"], said["reason"]),
             lambda one: one.round.status in SCORING and team.exists(),
             gettext_lazy("The scores stay to be read and no longer count; everything is summed up anew. With fewer than three left the application is held.")),
    ]  # fmt: skip


def lead_marks(row: AwardApplication, wide: list[str]) -> list[Mark]:
    """Return what who leads the team records: consensus, findings on site."""
    items = [item for item in ITEMS if item.code in wide]
    said: dict[str, Field] = {"score": score_field, "words": area(gettext_lazy("Why"), 1000)}
    return [
        Mark("settle", "talent.settle_item", gettext_lazy("Record a consensus"), {"item": lambda: item_field(items), **said},
             lambda actor, one, given: service.settle_item(actor, one, given["item"], given["score"], given["words"]),
             lambda one: bool(items) and one.status in ("reviewing", "held"),
             gettext_lazy("The agreed score lies between the lowest and the highest independent score. The originals stay.")),
        Mark("finding", "talent.record_finding", gettext_lazy("Record a finding on site"), {"item": item_field, **said},
             lambda actor, one, given: service.record_finding(actor, one, given["item"], given["score"], given["words"]),
             lambda one: one.status == "shortlisted" and one.round.status in ("on_site", "deliberation")),
    ]  # fmt: skip


class ReviewerField(forms.ModelChoiceField):
    """A reviewer with name, level and employer."""

    def __init__(self, rows: Any) -> None:
        super().__init__(rows, label=gettext_lazy("Reviewer"))

    def label_from_instance(self, obj: Any) -> str:
        """Say who it is."""
        from qualipolis.city.core.moves import state_words

        return f"{obj.person} · {state_words(obj)} · {obj.employer}"


class SheetField(forms.ModelChoiceField):
    """A member of the team."""

    def __init__(self, rows: Any) -> None:
        super().__init__(rows, label=gettext_lazy("Reviewer"))

    def label_from_instance(self, obj: Any) -> str:
        """Say whose sheet it is."""
        return f"{obj.reviewer.person} · {obj.reviewer.number}"
