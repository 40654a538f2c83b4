"""The federation for everyone: who takes part, its pacts, notes of meetings, results of joint tasks, pledges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from qualipolis.city.govern.clues import queries as clues
from qualipolis.city.govern.meetings import queries as meetings
from qualipolis.city.govern.members import queries as members
from qualipolis.city.govern.models import FederationMeeting, Resolution
from qualipolis.city.govern.pacts import queries as pacts
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import Section, chip_of, day_words, texts
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.federation_forms import Tracking
from qualipolis.faces.portal.federation_papers import papers
from qualipolis.law.federation.voting import CHOICES, KINDS

PLACE, PER_PAGE, FEW = "listen", 40, 5
YEAR = timedelta(days=365)


def show(
    request: HttpRequest, template: str, crumbs: Sequence[tuple[str, str]], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Answer with a public page of the federation."""
    first = [frame.home_crumb(), (_("Co-governance federation"), reverse("portal:federation") if crumbs else "")]
    shared = {"stage": "govern", "crumbs": [*first, *crumbs]}
    return frame.show(request, f"federation/{template}", PLACE, shared | context, status)


def _data(name: str) -> list[tuple[str, str]]:
    return [(form, reverse("portal:federation_data", args=[name, form])) for form in ("csv", "json")]


@frame.open_page
def start(request: HttpRequest) -> HttpResponse:
    """What the federation is, what it agreed lately, and where a clue is given."""
    today = timezone.localdate()
    found = clues.figures(today - YEAR, today)
    context = {
        "form": Tracking(auto_id="id_%s"), "members": members.public_members().count(), "figures": found,
        "sections": [
            Section(_("Pacts in force"), rows=_pact_rows(pacts.public_pacts().filter(status__in=("published", "monitored"))[:FEW]),
                    links=[(_("All pacts"), reverse("portal:federation_pacts"))]),
            Section(_("Notes of meetings"), rows=_meeting_rows(meetings.public_meetings()[:FEW]),
                    links=[(_("All notes"), reverse("portal:federation_meetings"))]),
            Section(_("Results of joint tasks"), rows=_task_rows(meetings.public_tasks()[:FEW]),
                    links=[(_("All results"), reverse("portal:federation_tasks"))]),
        ],
    }  # fmt: skip
    return show(request, "start", [], context)


def _pact_rows(rows: Any) -> list[dict[str, Any]]:
    return [
        {"words": row.name, "url": reverse("portal:federation_pact", args=[row.number]), "chip": chip_of(row),
         "small": _("%(number)s, published %(day)s, %(n)s members signed")
         % {"number": row.number, "day": day_words(row.published_on), "n": row.signed}}
        for row in rows
    ]  # fmt: skip


def _meeting_rows(rows: Any) -> list[dict[str, Any]]:
    return [
        {"words": row.name, "url": reverse("portal:federation_meeting", args=[row.number]),
         "small": _("%(day)s, %(body)s") % {"day": day_words(row.meets_on), "body": row.committee.name if row.committee else _("all members")}}
        for row in rows
    ]  # fmt: skip


def _task_rows(rows: Any) -> list[dict[str, Any]]:
    return [
        {"words": row.name, "url": reverse("portal:federation_tasks") + f"#{row.number}",
         "small": _("led by %(lead)s, concluded %(day)s") % {"lead": row.lead.name if row.lead else "—", "day": day_words(row.ended_on)}}
        for row in rows
    ]  # fmt: skip


def _listed(
    request: HttpRequest, title: str, lead: str, sections: list[Section], data: str, **more: Any
) -> HttpResponse:
    context = {"title": title, "lead": lead, "sections": sections, "data": _data(data)} | more
    return show(request, "list", [(title, "")], context)


@frame.open_page
def member_list(request: HttpRequest) -> HttpResponse:
    """The members by kind, and the committees."""
    rows = list(members.public_members())
    sections = []
    for kind, words in KINDS.items():
        said = [
            {"words": row.name, "small": _("member since %(day)s") % {"day": day_words(row.joined_on)},
             "chip": chip_of(row) if row.status == "suspended" else None}
            for row in rows if row.kind == kind
        ]  # fmt: skip
        sections.append(Section(_(words), rows=said, small=len(said), empty="" if said else _("None yet.")))
    sections.append(
        Section(_("Committees"), rows=_committee_rows(), empty="" if members.committees() else _("None yet."))
    )
    lead = _("Membership is no recommendation of a firm or its products. Agencies are no members.")
    return _listed(request, _("Members"), lead, sections, "members")


def _committee_rows() -> list[dict[str, Any]]:
    found = []
    for row in members.committees():
        seats = [one for one in row.seats.all() if one.until is None]
        chair = next((one.member.name for one in seats if one.chair), _("no chair"))
        found.append(
            {"words": row.name, "small": _("%(n)s members, chair: %(chair)s") % {"n": len(seats), "chair": chair}}
        )
    return found


@frame.open_page
def pact_list(request: HttpRequest) -> HttpResponse:
    """The pacts, those in force first."""
    rows = _pact_rows(pacts.public_pacts())
    lead = _(
        "Rules that members give themselves. Before one is published, two people check that it does not restrict competition."
    )
    section = Section(_("Pacts"), rows=rows, small=len(rows), empty="" if rows else _("No pact has been published."))
    return _listed(request, _("Pacts"), lead, [section], "pacts")


@frame.open_page
def pact(request: HttpRequest, number: str) -> HttpResponse:
    """One pact: its words, who signed, how it is kept."""
    row = get_object_or_404(pacts.public_pacts(), number=number)
    figures, newer = pacts.figures_of(row), pacts.public_pacts().filter(replaces=row).first()
    signed = [{"words": one.member.name, "small": day_words(one.signed_on)}
              for one in row.signatures.filter(ended_on=None).select_related("member__organisation")]  # fmt: skip
    kept = [
        (_("Members that signed"), figures["signed"]), (_("Breaches being dealt with"), figures["open"]),
        (_("Breaches mended with coaching"), figures["mended"]), (_("Members removed from the pact"), figures["struck"]),
    ]  # fmt: skip
    facts = [
        (_("Number"), row.number), (_("Committee"), row.committee.name if row.committee else "—"),
        (_("Checked for fair competition on"), day_words(row.cleared_on)), (_("Published on"), day_words(row.published_on)),
        *([(_("Ended on"), day_words(row.ended_on))] if row.ended_on else []),
    ]  # fmt: skip
    links = [(newer.name, reverse("portal:federation_pact", args=[newer.number]))] if newer else []
    context = {
        "title": row.name, "state": chip_of(row), "lead": row.number,
        "papers": papers("portal:federation_pact_pdf", number), "sections": texts(_("Text of the pact"), row.text, row.text_en),
        "asides": [
            Section(_("How it is kept"), facts=kept, note=_("Members in a breach are not named while they are coached.")),
            Section(_("Signed by"), rows=signed, empty="" if signed else _("Nobody has signed yet.")),
            Section(_("Facts"), facts=facts, links=links),
        ],
    }  # fmt: skip
    return show(request, "one", [(_("Pacts"), reverse("portal:federation_pacts")), (row.number, "")], context)


@frame.open_page
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The meetings whose notes are published."""
    paged = Paginator(meetings.public_meetings(), PER_PAGE).get_page(request.GET.get("page"))
    rows = _meeting_rows(paged)
    section = Section(_("Notes of meetings"), rows=rows, small=paged.paginator.count,
                      empty="" if rows else _("No notes have been published."))  # fmt: skip
    lead = _("What the members discussed and decided, with the counts of every vote.")
    return _listed(request, _("Notes of meetings"), lead, [section], "resolutions", paged=paged)


@frame.open_page
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    """The notes of one meeting with its resolutions."""
    row: FederationMeeting = get_object_or_404(meetings.public_meetings(), number=number)
    found = [_resolution(one) for one in meetings.public_resolutions(row)]
    facts = [
        (_("Day of the meeting"), day_words(row.meets_on)), (_("Who meets"), row.committee.name if row.committee else _("all members")),
        (_("In the chair"), row.chair.name if row.chair else "—"), (_("Published on"), day_words(row.published_on)),
    ]  # fmt: skip
    context = {
        "title": row.name, "lead": _("%(number)s, %(day)s") % {"number": row.number, "day": day_words(row.meets_on)},
        "papers": papers("portal:federation_meeting_pdf", number),
        "sections": [*texts(_("Notes of the meeting"), row.notes, row.notes_en), *found],
        "asides": [Section(_("Facts"), facts=facts), *texts(_("Agenda"), row.agenda, row.agenda_en)],
    }  # fmt: skip
    return show(
        request, "one", [(_("Notes of meetings"), reverse("portal:federation_meetings")), (row.number, "")], context
    )


def _resolution(row: Resolution) -> Section:
    """Return a resolution with its count; who voted how is for the members."""
    result = row.result or {"by_kind": {}, "all": {}, "why": "", "entitled": 0, "present": 0, "aside": 0}
    columns = [
        parts.Column("kind", _("Kind of member"), title=True),
        *(parts.Column(code, _(words), numeric=True) for code, words in CHOICES.items()),
    ]
    rows = [{"kind": _(KINDS.get(kind, kind)), **one} for kind, one in result["by_kind"].items()]
    rows.append({"kind": _("all together"), **result["all"]})
    aside = _("%(n)s members stood aside.") % {"n": result["aside"]} if result["aside"] else ""
    note = " ".join(one for one in (_(result["why"]) if result["why"] else "", aside, row.words) if one)
    title = _("%(name)s: %(state)s") % {"name": row.name, "state": chip_of(row).text}
    return Section(title, table=parts.Table(row.name, columns, rows), small=row.number, note=note)


@frame.open_page
def task_list(request: HttpRequest) -> HttpResponse:
    """The joint tasks whose result is published."""
    sections = []
    for row in meetings.public_tasks():
        facts = [
            (_("Led by"), row.lead.name if row.lead else "—"), (_("Concluded on"), day_words(row.ended_on)),
            (_("Firms reached"), _counted(row.firms_reached)), (_("Products checked"), _counted(row.products_checked)),
        ]  # fmt: skip
        (said,) = texts(row.name, row.report, row.report_en) or [Section(row.name)]
        sections.append(Section(row.name, text=said.text, lang=said.lang, facts=facts, small=row.number))
    if not sections:
        sections = [Section(_("Results of joint tasks"), empty=_("No result has been published."))]
    lead = _("What associations, firms and consumers did together, and what came of it.")
    return _listed(request, _("Results of joint tasks"), lead, sections, "tasks")


def _counted(n: int | None) -> Any:
    return _("not counted") if n is None else n


@frame.open_page
def pledge_list(request: HttpRequest) -> HttpResponse:
    """The pledges of firms, kept or not."""
    paged = Paginator(members.public_pledges(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"words": Truncator(row.words).chars(400), "chip": chip_of(row),
         "small": _("%(firm)s, until %(day)s") % {"firm": row.enterprise.name, "day": day_words(row.valid_to)}}
        for row in paged
    ]  # fmt: skip
    section = Section(
        _("Pledges of firms"),
        rows=rows,
        small=paged.paginator.count,
        empty="" if rows else _("No pledge has been published."),
    )
    lead = _("What firms promise in public. The federation recommends none of them; the order says nothing.")
    return _listed(request, _("Pledges of firms"), lead, [section], "pledges", paged=paged)
