"""The home of each role: what is due by deadline, what waits for others, what was done today, and where to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qualipolis.city.assess import queries as assess
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import may_enter, page, roles_of
from qualipolis.city.core.roles import STAFF
from qualipolis.city.core.sentences import sentence
from qualipolis.city.govern import work as govern
from qualipolis.city.hospital import work as hospital
from qualipolis.city.listen import work as listen
from qualipolis.city.measure import queries as measure
from qualipolis.city.measure.work import WorkItem
from qualipolis.city.nqi import work as nqi
from qualipolis.city.supervise import work as supervise
from qualipolis.city.talent import work as talent
from qualipolis.faces.desk import loop, parts
from qualipolis.faces.desk.rooms.measure.pieces import deadline, undo_offer
from qualipolis.faces.desk.rooms.work_links import address_of
from qualipolis.faces.desk.rooms.work_waiting import waiting

MOST = 5
Room = Callable[[Any], list[WorkItem]]
ROOMS: tuple[Room, ...] = (
    measure.work,
    supervise.work,
    listen.work,
    hospital.work,
    nqi.work,
    talent.work,
    govern.work,
    assess.work,
)
# what counts as done: steps that end something, not the drafts on the way
UNDERWAY = (
    "measure.save_draft",
    "measure.mark_missing",
    "attachment.store",
    "measure.attach_evidence",
    "step.undo",
    "assess.save_self_evaluation",
)
VERBS = {
    "measure.submit": gettext_lazy("Fill in"),
    "measure.verify": gettext_lazy("Check"),
    "measure.decide_dispute": gettext_lazy("Answer"),
    "measure.lock_round": gettext_lazy("Open"),
    "measure.confirm_reopen": gettext_lazy("Decide"),
    "measure.consult_set": gettext_lazy("Look through"),
    "measure.publish_set": gettext_lazy("Publish"),
    "measure.freeze_set": gettext_lazy("Freeze"),
    "measure.approve_set": gettext_lazy("Approve"),
    "assess.run": gettext_lazy("Compute"),
    "assess.preview": gettext_lazy("Send"),
    "assess.decide": gettext_lazy("Decide"),
    "assess.publish": gettext_lazy("Publish"),
    "assess.submit_self_evaluation": gettext_lazy("Fill in"),
    "assess.accept_self_evaluation": gettext_lazy("Check"),
    "assess.record_finding": gettext_lazy("Look at it"),
    "assess.sign_visit": gettext_lazy("Sign or object"),
    "assess.answer_visit": gettext_lazy("Answer"),
    "assess.draw_site_check": gettext_lazy("Draw now"),
    "assess.plan_rectification": gettext_lazy("Fill in"),
    "assess.report_rectification": gettext_lazy("Report"),
    "assess.check_item": gettext_lazy("Check"),
    "assess.close_rectification": gettext_lazy("Close it"),
    "measure.comment_set": gettext_lazy("Comment"),
    "measure.answer_comment": gettext_lazy("Answer"),
    "measure.acknowledge": gettext_lazy("Acknowledge"),
    "assess.draft_notice": gettext_lazy("Write"),
    "assess.issue_notice": gettext_lazy("Issue"),
    "supervise.submit_plan": gettext_lazy("Fill in"),
    "supervise.approve_plan": gettext_lazy("Decide"),
    "supervise.publish_plan": gettext_lazy("Publish"),
    "supervise.contract_campaign": gettext_lazy("Fill in"),
    "supervise.approve_campaign": gettext_lazy("Decide"),
    "supervise.publish_campaign_rules": gettext_lazy("Publish"),
    "supervise.begin_campaign": gettext_lazy("Draw now"),
    "supervise.freeze_draw": gettext_lazy("Freeze"),
    "supervise.draw": gettext_lazy("Draw now"),
    "supervise.publish_draw": gettext_lazy("Publish"),
    "supervise.take_sample": gettext_lazy("Go to the task"),
    "supervise.serve_result": gettext_lazy("Serve it"),
    "supervise.accept_objection": gettext_lazy("Decide"),
    "supervise.draft_publication": gettext_lazy("Write"),
    "supervise.report_correction": gettext_lazy("Report"),
    "supervise.receive_sample": gettext_lazy("Receive"),
    "supervise.begin_test": gettext_lazy("Begin the test"),
    "supervise.enter_items": gettext_lazy("Fill in"),
    "supervise.sign_report": gettext_lazy("Sign the report"),
    "supervise.issue_report": gettext_lazy("Issue the report"),
    "supervise.accept_report": gettext_lazy("Look through"),
    "hospital.register_case": gettext_lazy("Go on"),
    "hospital.triage": gettext_lazy("Triage"),
    "hospital.propose_expert": gettext_lazy("Choose"),
    "hospital.report_duty": gettext_lazy("Write"),
    "hospital.resume_case": gettext_lazy("Answer"),
    "hospital.accept_case": pgettext_lazy("a request", "Answer"),
    "hospital.take_offer": gettext_lazy("Look at it"),
    "hospital.examine": gettext_lazy("Look at it"),
    "hospital.diagnose": gettext_lazy("Go on"),
    "hospital.give_opinion": gettext_lazy("Give your opinion"),
    "hospital.conclude_panel": gettext_lazy("Record the decision"),
    "hospital.call_panel": gettext_lazy("Choose"),
    "hospital.give_second_opinion": gettext_lazy("Give your opinion"),
    "hospital.appoint_second_expert": gettext_lazy("Choose"),
    "hospital.accept_examination": pgettext_lazy("a request", "Answer"),
    "hospital.report_examination": gettext_lazy("Fill in"),
    "hospital.agree_to_knowledge": gettext_lazy("Read"),
    "hospital.publish_knowledge": gettext_lazy("Publish"),
    "hospital.take_up_group": gettext_lazy("Decide"),
    "hospital.rate_case": pgettext_lazy("a treatment", "Rate"),
    "listen.look_at_signal": gettext_lazy("Look at it"),
    "listen.propose": gettext_lazy("Decide"),
    "listen.confirm_signal": gettext_lazy("Say how it ended"),
    "listen.take_up_proposal": pgettext_lazy("a request", "Answer"),
    "listen.add_products": pgettext_lazy("button", "Add"),
    "listen.accept_action": gettext_lazy("Look through"),
    "listen.order_action": gettext_lazy("Look at it"),
    "listen.assess_risk": pgettext_lazy("button", "Assess"),
    "listen.send_request": gettext_lazy("Send"),
    "listen.answer_request": gettext_lazy("Look at it"),
    "listen.close_investigation": gettext_lazy("End the investigation"),
    "listen.prove_action": gettext_lazy("Hand in the proof"),
    "listen.accept_complaint": gettext_lazy("Decide"),
    "listen.refuse_complaint": gettext_lazy("Look at it"),
    "listen.settle_competence": gettext_lazy("Decide"),
    "listen.mediate": gettext_lazy("Call the parties"),
    "listen.note_meeting": gettext_lazy("Go on"),
    "listen.resume_mediation": gettext_lazy("Go on"),
    "listen.close_complaint": gettext_lazy("Tell the parties"),
    "listen.answer_complaint": gettext_lazy("Answer"),
    "listen.sign_agreement": gettext_lazy("Read and sign"),
    "listen.answer_test": gettext_lazy("Answer"),
    "listen.confirm_document": gettext_lazy("Confirm"),
    "listen.pair_same": gettext_lazy("Decide"),
    "listen.confirm_classes": gettext_lazy("Look through"),
    "listen.assess_defect": gettext_lazy("Assess"),
    "listen.find_defect": gettext_lazy("Decide"),
    "listen.order_recall": gettext_lazy("Decide"),
    "listen.file_recall_plan": gettext_lazy("Fill in"),
    "listen.announce_recall": gettext_lazy("Look through"),
    "listen.evaluate_recall": gettext_lazy("Fill in"),
    "listen.close_recall": gettext_lazy("Decide"),
    "listen.report_recall_progress": gettext_lazy("Report"),
    "listen.report_upward": gettext_lazy("Report"),
    "listen.verify_incident": gettext_lazy("Verify"),
    "listen.hand_in_warning": gettext_lazy("Go on"),
    "listen.publish_warning": gettext_lazy("Read"),
}
LINKS: dict[str, tuple[str, ...]] = {
    "leader": ("year", "overview", "ranking", "releases", "signals", "ledger", "sets"),
    "planner": ("year", "rounds", "sets", "ranking", "overview", "signals", "alerts", "enterprises", "institutions"),
    "department": (
        "clear",
        "year",
        "rounds",
        "signals",
        "alerts",
        "investigations",
        "recalls",
        "indicators",
        "enterprises",
    ),
    "town_officer": ("year", "collect", "import", "rounds", "results", "overview"),
    "auditor": ("year", "ledger", "rounds", "releases", "sets"),
    "admin": ("people", "ledger", "enterprises", "units"),
    "inspector": ("field", "tasks", "investigations", "recalls", "incidents", "enterprises", "indicators", "units"),
    "laboratory": ("samples", "institutions", "standards", "indicators"),
    "expert": ("hospital_cases", "standards", "indicators"),
    "hospital_desk": ("hospital_cases", "case_new", "hospital_offers", "hospital_experts", "standards"),
    "hospital_manager": ("hospital_cases", "hospital_experts", "hospital_departments", "duty_reports", "standards"),
    "complaint_desk": ("complaints", "incidents", "signals", "listen_search", "enterprises", "units"),
    "mediator": ("complaints", "standards"),
    "enterprise": (
        "my_cases",
        "case_new",
        "my_complaints",
        "my_actions",
        "my_safety",
        "firm_results",
        "corrections",
        "portal",
        "standards",
        "institutions",
    ),
    "reviewer": ("overview", "indicators", "portal"),
}
# roles whose own rooms are not open yet: the stage they belong to, and why nothing is here
LATER = {
    "inspector": (
        "supervise",
        gettext_lazy("Tasks appear here once the organiser has named you; on site you work on the phone’s page."),
    ),
    "expert": (
        "diagnose",
        gettext_lazy("A case that is proposed to you, or that you treat, appears here with its day."),
    ),
    "hospital_desk": ("diagnose", gettext_lazy("Registered cases and follow-ups appear here with their day.")),
    "hospital_manager": ("diagnose", gettext_lazy("Cases without an expert, panels and second opinions appear here.")),
    "complaint_desk": (
        "listen",
        gettext_lazy("Complaints and reports appear here with the day by which they must be answered."),
    ),
    "mediator": ("listen", gettext_lazy("A complaint entrusted to you appears here with the end of its term.")),
    "enterprise": (
        "supervise",
        gettext_lazy("A result that you may object to, or an order to correct, appears here with its last day."),
    ),
    "reviewer": ("honour", gettext_lazy("Reviews come with the incentives room, which is not open yet.")),
}


@dataclass(frozen=True)
class Link:
    """A place to go from the home of a role."""

    label: Any
    url: str


def items_of(user: Any) -> list[WorkItem]:
    """Return everything that waits for a person, the most urgent first; each room is asked once for a request."""
    found = [item for room in ROOMS for item in _of_room(user, room)]
    return sorted(found, key=lambda item: (item.due is None, item.due or timezone.localdate(), item.title))


def _of_room(user: Any, room: Room) -> list[WorkItem]:
    if not getattr(user, "is_authenticated", False):
        return []
    kept = user.__dict__.setdefault("_work_now", {})
    if room not in kept:
        kept[room] = room(user)
    return list(kept[room])


def count_of(room: Room, *, if_known: bool = False) -> Callable[[Any], int]:
    """Return how to count what waits in a room; ``if_known`` counts only where the page has asked the room anyway."""

    def count(user: Any) -> int:
        known = room in getattr(user, "_work_now", {})
        return len(_of_room(user, room)) if known or not if_known else 0

    return count


loop.count_with("measure", count_of(measure.work))
loop.count_with("supervise", count_of(supervise.work, if_known=True))
loop.count_with("listen", count_of(listen.work, if_known=True))
loop.count_with("diagnose", count_of(hospital.work, if_known=True))
loop.count_with("assess", count_of(assess.work))


@page(*STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """My work: five lines by deadline, what waits for others, what was done today."""
    user = request.user
    items = items_of(user)
    done = _done(user)
    tasks = [task_of(item) for item in items[:MOST]]
    context = {
        "stage": "",
        "today": formats.date_format(timezone.localdate(), "DATE_FORMAT"),
        "weekday": formats.date_format(timezone.localdate(), "l"),
        "tasks": tasks,
        "first": tasks[0] if tasks else None,
        "rest": tasks[1:],
        "more": max(0, len(items) - MOST),
        "done": done,
        "done_count": len(done),
        "left": len(items),
        "all": len(items) + len(done),
        "waiting": waiting(user),
        "links": links(user),
        "empty": _empty(user),
        "undo": undo_offer(user),
    }
    return render(request, "work/home.html", context)


@page(*STAFF)
def everything(request: HttpRequest) -> HttpResponse:
    """Every line of my work, without the cut at five."""
    items = items_of(request.user)
    stage = request.GET.get("stage", "")
    shown = [item for item in items if not stage or item.stop == stage]
    stops = [s for s in loop.STAGES if any(item.stop == s.slug for item in items)]
    segments = [parts.Segment(_("All"), "?", not stage, len(items))]
    segments += [
        parts.Segment(str(s.name), f"?stage={s.slug}", s.slug == stage, sum(i.stop == s.slug for i in items))
        for s in stops
    ]
    context = {"tasks": [task_of(item) for item in shown], "segments": segments, "empty": _empty(request.user)}
    return render(request, "work/all.html", context)


@page(*STAFF)
def registry_home(request: HttpRequest) -> HttpResponse:
    """The register without a table named: the enterprises."""
    return redirect("desk:registry", "enterprises")


def task_of(item: WorkItem) -> parts.Task:
    """Return an item of work as a line of the today list."""
    verb = VERBS.get(item.verb) or gettext_lazy("Open")
    return parts.Task(item.stop, item.title, item.why, str(verb), address_of(item), deadline(item.due))


def _done(user: Any) -> list[tuple[Any, str]]:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Event.objects.filter(actor=user.username, at__gte=start).exclude(verb__in=UNDERWAY)
    rows = rows.exclude(reversal__undone_at__isnull=False)
    return [(timezone.localtime(event.at), sentence(event)) for event in rows.order_by("-seq")[:20]]


def links(user: Any) -> list[Link]:
    """Return the quick links of a person's roles: pages that exist and that the person may open."""
    from qualipolis.faces.desk.rooms.work_links import PLACES

    wanted = [key for role, keys in LINKS.items() if role in roles_of(user) for key in keys]
    found = []
    for key in dict.fromkeys(wanted):
        label, make = PLACES[key]
        url = make(user)
        if url and open_to(user, url):
            found.append(Link(label, url))
    return found[:6]


def open_to(user: Any, url: str) -> bool:
    """Whether the page at an address lets this person in."""
    try:
        roles = getattr(resolve(url.partition("?")[0]).func, "access", None)
    except Resolver404:
        return False
    return roles is None or may_enter(user, roles)


def _empty(user: Any) -> parts.Empty:
    for role, (stage, why) in LATER.items():
        if role in roles_of(user):
            shown = links(user)
            label, url = (str(shown[0].label), shown[0].url) if shown else ("", "")
            return parts.Empty(_("Nothing waits for you today"), str(why), stage, label, url)
    found = links(user)
    label, url = (str(found[0].label), found[0].url) if found else ("", "")
    why = _("Every term you answer for is met. New work appears here by its deadline.")
    return parts.Empty(_("Nothing waits for you today"), why, "measure", label, url)
