"""The ten steps of a year: where each stands, how far it is, who acts next, and where that is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.measure.queries import HANDED_IN
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.decide import facts_of
from qualipolis.faces.desk.rooms.cycle.year_facts import Year
from qualipolis.faces.desk.rooms.measure.pieces import day, deadline
from qualipolis.faces.desk.rooms.measure.sets import MAIN
from qualipolis.law.flows import ALL

AHEAD, BEGUN, WAITING, DONE = "todo", "begun", "waiting", "done"
ENTRY = ("open", "reopened")


@dataclass(frozen=True)
class YearStep:
    """One step of the year. ``mine`` says that this person acts next, ``verb`` what they do."""

    key: str
    name: str
    state: str
    told: str
    when: str = ""
    due: parts.Deadline | None = None
    who: str = ""
    url: str = ""
    mine: bool = False
    verb: str = ""

    @property
    def chip(self) -> parts.Chip:
        """The state in a word."""
        words = {
            AHEAD: ("idle", _("not started"), "circle-dashed"),
            BEGUN: ("ok", _("under way"), "circle-dot"),
            WAITING: ("wait", _("waiting for others"), "hourglass"),
            DONE: ("ok", _("done"), "circle-check"),
        }
        return parts.Chip(*words[self.state])


def steps_of(told: Year) -> list[YearStep]:
    """Return the ten steps in their order."""
    makers = (
        _targets,
        _collection,
        _self,
        _desk_check,
        _site_check,
        _preview,
        _window,
        _decision,
        _notice,
        _rectification,
    )
    return [make(told) for make in makers]


def _state(done: bool, begun: bool, mine: bool) -> str:
    if done:
        return DONE
    if mine and begun:
        return BEGUN
    return WAITING if begun else AHEAD


def _units() -> str:
    return _("the units")


def _office() -> str:
    return _("the office")


def _of(done: int, total: int) -> str:
    return _("%(done)s of %(n)s") % {"done": f"{done:,}", "n": f"{total:,}"}


def _with_unit(url: str, told: Year) -> str:
    return f"{url}?unit={told.own[0].code}" if told.own else url


def _locked(told: Year) -> bool:
    return told.round is not None and told.round.status == "locked"


def _reopened(told: Year) -> bool:
    return told.round is not None and told.round.status == "reopened"


def _over(told: Year) -> bool:
    return _locked(told) or _reopened(told)


def _targets(told: Year) -> YearStep:
    frozen = told.set.status in ("frozen", "closed")
    done = frozen and (told.targets >= told.units or _over(told))
    mine = bool(told.own) and frozen and not done and told.may("measure.file_targets")
    url = _with_unit(reverse("desk:set_targets", args=[told.set.pk]), told) if told.units else ""
    words = _("%(n)s units have filed targets") % {"n": _of(told.targets, told.units)}
    if not frozen:
        return _set_first(told)
    if told.own:
        words = _("Your targets are filed.") if told.targets else _("You have filed no targets.")
    verb = _("File the targets")
    state = _state(done, bool(told.targets) or mine, mine)
    return YearStep("targets", _("Targets"), state, words, who="" if done else _units(), url=url, mine=mine, verb=verb)


def _set_first(told: Year) -> YearStep:
    """The year begins with its set: whoever brings it further is told so."""
    words, url = _("Targets are filed once the set is frozen."), reverse("desk:set", args=[told.set.pk])
    step = ALL["indicator_set"].find(told.set.status, MAIN[told.set.status])
    roles = set(step.roles) if step is not None else set()
    who, verb = _("the leader") if "leader" in roles else _office(), _(step.label) if step is not None else ""
    return YearStep("targets", _("Targets"), AHEAD, words, who=who, url=url, mine=bool(told.roles & roles), verb=verb)


def _collection(told: Year) -> YearStep:
    if told.round is None:
        mine = told.set.status == "frozen" and told.may("measure.open_round")
        url = reverse("desk:set", args=[told.set.pk])
        words, verb = _("The collection has not been opened."), _("Open the collection")
        return YearStep("collection", _("Collection"), AHEAD, words, who=_office(), url=url, mine=mine, verb=verb)
    row, total = told.round, sum(told.cells.values())
    handed = sum(told.cells[state] for state in HANDED_IN)
    entry = row.status in ENTRY
    done = not entry
    mine = entry and bool(told.own) and handed < total
    home = reverse("desk:round", args=[row.pk])
    url = _with_unit(reverse("desk:collect", args=[row.pk]), told) if told.own else home
    words = _("%(n)s values are in") % {"n": _of(handed, total)}
    due = deadline(row.due_on) if entry else None
    who = _units() if entry else ""
    state = _state(done, True, mine)
    when = _("from %(day)s") % {"day": day(row.opens_on)}
    return YearStep("collection", _("Collection"), state, words, when, due, who, url, mine, _("Fill in the sheet"))


def _self(told: Year) -> YearStep:
    name, counts = _("Self-evaluation"), told.selves
    total, accepted = sum(counts.values()), counts["accepted"]
    if told.round is None or not total:
        mine = told.round is not None and told.may("assess.call_self_evaluations") and not _over(told)
        url = reverse("desk:self_evaluations", args=[told.round.pk]) if told.round else ""
        words = _("The units have not been asked for it.")
        return YearStep("self", name, AHEAD, words, who=_office(), url=url, mine=mine, verb=_("Call for it"))
    handed = counts["submitted"] + accepted
    own = told.self_own
    owed = own is not None and own.status in ("draft", "returned")
    mine = owed or (counts["submitted"] > 0 and told.may("assess.accept_self_evaluation"))
    page = reverse("desk:self_evaluation", args=[own.pk]) if own else ""
    url = page or reverse("desk:self_evaluations", args=[told.round.pk])
    words = _("%(n)s handed in, %(ok)s accepted") % {"n": _of(handed, total), "ok": accepted}
    if own is not None:
        words = str(own.get_status_display())
    done = accepted == total
    who = "" if done else (_units() if handed < total else _office())
    due = deadline(told.self_due) if not done and (owed or not mine) else None
    verb = _("Score, sign and hand in") if owed else _("Check the self-evaluations")
    return YearStep("self", name, _state(done, True, mine), words, "", due, who, url, mine, verb)


def _desk_check(told: Year) -> YearStep:
    name, counts = _("Desk check"), told.cells
    decided = sum(counts[state] for state in ("verified", "disputed", "corrected", "locked"))
    waiting, total = counts["submitted"] + counts["reopened"], decided + counts["submitted"] + counts["reopened"]
    if told.round is None or not total:
        return YearStep("desk", name, AHEAD, _("No value has been handed in."), who=_units())
    done = not waiting and told.round.status not in ENTRY
    if counts["reopened"] and not counts["submitted"]:
        return _reopened_values(told, name, decided, total)
    mine = counts["submitted"] > 0 and told.may("measure.verify_many")
    clear = f"{reverse('desk:clear')}?round={told.round.pk}"
    home = f"{reverse('desk:round', args=[told.round.pk])}?show=undecided"
    words = _("%(n)s values are checked") % {"n": _of(decided, total)}
    if counts["returned"]:
        back = ngettext("%(n)s came back to its unit", "%(n)s came back to their units", counts["returned"])
        words = f"{words}{_(', ')}{back % {'n': counts['returned']}}"
    who = "" if done else (_("the departments") if waiting else _units())
    url = clear if mine else home
    return YearStep("desk", name, _state(done, True, mine), words, "", None, who, url, mine, _("Check the values"))


def _reopened_values(told: Year, name: str, decided: int, total: int) -> YearStep:
    """What two people have opened again is kept or corrected by the office, in writing."""
    mine = told.may("measure.decide_dispute")
    words = _("%(n)s values are checked") % {"n": _of(decided, total)}
    url = f"{reverse('desk:round', args=[told.round.pk])}?show=undecided" if told.round else ""
    verb = _("Keep or correct what was reopened")
    return YearStep("desk", name, _state(False, True, mine), words, "", None, _office(), url, mine, verb)


def _site_check(told: Year) -> YearStep:
    name, counts = _("On-site check"), told.visits
    total, concluded = sum(counts.values()), counts["concluded"]
    url = reverse("desk:site_checks", args=[told.round.pk]) if told.round else ""
    office = told.may("assess.plan_site_check")
    if not total:
        words = _("The units to visit have not been drawn.") if told.plans else _("No check on site is planned.")
        if told.own:
            words = _("There is no check on site in your unit so far.")
        mine = office and told.round is not None and not _over(told)
        state = _state(_over(told) and not told.plans, bool(told.plans), mine)
        if state == DONE:
            words, mine = _("There was no check on site this year."), False
        who = _office() if state != DONE and not told.own else ""
        return YearStep("site", name, state, words, who=who, url=url, mine=mine, verb=_("Plan the checks"))
    done = concluded == total
    own = told.visit_own
    signs = own is not None and own.status == "running"
    mine = not done and (signs or (office and bool(counts["signed"] + counts["objected"])))
    words = _("%(n)s visits are concluded") % {"n": _of(concluded, total)}
    who = ""
    if not done:
        who = _office() if counts["signed"] + counts["objected"] else _("checkers and units")
    page = reverse("desk:site_visit", args=[own.pk]) if own else url
    verb = _("Look at the record") if signs else _("Conclude the checks")
    return YearStep("site", name, _state(done, True, mine), words, "", None, who, page, mine, verb)


def _preview(told: Year) -> YearStep:
    name, lines = _("Preview"), told.preview
    own = lines.own
    if not lines.total:
        return _no_preview(told)
    decided = told.run is not None and told.run.status in ("decided", "published", "superseded", "withdrawn")
    done = decided or lines.acknowledged == lines.total
    mine = not done and own is not None and own.acknowledged_at is None and told.may("measure.acknowledge")
    words = _("%(n)s units have acknowledged it") % {"n": _of(lines.acknowledged, lines.total)}
    if own is not None and not (decided and own.acknowledged_at is None):
        words = _("You have acknowledged it.") if own.acknowledged_at else _("It waits for your acknowledgement.")
    assert told.round is not None
    listed = f"{reverse('desk:served_list', args=[told.round.pk])}?kind=preview"
    url = reverse("desk:served", args=[own.pk]) if own else listed
    when = _("served on %(day)s") % {"day": day(lines.since)}
    due = deadline(lines.until) if not done and lines.open else None
    who = "" if done else _units()
    return YearStep("preview", name, _state(done, True, mine), words, when, due, who, url, mine, _("Acknowledge it"))


def _no_preview(told: Year) -> YearStep:
    name, run = _("Preview"), told.run
    if _reopened(told):
        words = _("The round was reopened; it is previewed again before it is decided again.")
        return YearStep("preview", name, AHEAD, words, who=_office())
    if run is not None and run.status in ("decided", "published", "superseded"):
        return YearStep("preview", name, DONE, _("It was served before this register was kept."))
    checked = told.round is not None and told.round.status in ("checking", "locked")
    words = _("Nothing has been computed.") if run is None else _("It is computed, and not yet with the units.")
    url = reverse("desk:assessment", args=[run.pk]) if run else (reverse("desk:releases") + "#runs" if checked else "")
    mine = checked and sum(told.visits.values()) == told.visits["concluded"] and told.may("assess.preview")
    verb = _("Compute the year") if run is None else _("Send the preview")
    state = BEGUN if run is not None and mine else AHEAD
    return YearStep("preview", name, state, words, who=_office(), url=url, mine=mine, verb=verb)


def _window(told: Year) -> YearStep:
    name, lines, disputed = _("Dispute window"), told.preview, told.cells["disputed"]
    if told.round is None or (not lines.total and not disputed):
        over = (
            not _reopened(told) and told.run is not None and told.run.status in ("decided", "published", "superseded")
        )
        words = _("It is over.") if over else _("It opens when the preview is served.")
        return YearStep("window", name, DONE if over else AHEAD, words, who="" if over else _office())
    done = not lines.open and not disputed
    answers = disputed > 0 and told.may("measure.decide_dispute")
    mine = answers or (bool(told.own) and lines.open > 0)
    one, many = "%(n)s objection without a reply", "%(n)s objections without a reply"
    said = ngettext(one, many, disputed) % {"n": disputed} if disputed else _("no objection is open")
    words = _("%(n)s units may still object") % {"n": lines.open} if lines.open else _("The term is over")
    if told.own:
        words = _("You may still object") if lines.open else _("Your term is over")
    home = f"{reverse('desk:served_list', args=[told.round.pk])}?kind=preview"
    url = (
        reverse("desk:served", args=[lines.own.pk])
        if lines.own
        else f"{home}&show={'disputed' if disputed else 'open'}"
    )
    who = "" if done else (_office() if disputed else _units())
    when = _("until %(day)s") % {"day": day(lines.until)} if lines.until else ""
    verb = _("Answer the objections") if answers else _("Look at it, object if need be")
    due = deadline(lines.until) if lines.open else None
    return YearStep(
        "window", name, _state(done, True, mine), f"{words}{_(', ')}{said}", when, due, who, url, mine, verb
    )


def _decision(told: Year) -> YearStep:
    name, run = _("Decision"), told.run
    overseer = bool(told.roles & {"leader", "planner", "auditor"})
    if run is not None and run.status in ("decided", "published", "superseded", "withdrawn"):
        page = reverse("desk:decision", args=[run.pk]) if overseer else ""
        words = run.decision_doc or _("decided")
        when = _("meeting of %(day)s") % {"day": day(run.meeting_on)} if run.meeting_on else ""
        publish = run.status == "decided"
        mine = publish and told.may("assess.publish")
        url = reverse("desk:assessment", args=[run.pk]) if mine else page
        who = _office() if publish else ""
        if publish:
            words = f"{words}{_(', ')}{_('not yet published')}"
        state = _state(not publish, True, mine)
        return YearStep("decision", name, state, words, when, None, who, url, mine, _("Publish the release"))
    if run is None or run.status != "previewed":
        return YearStep("decision", name, AHEAD, _("It follows the preview."), who=_office())
    facts = facts_of(run) if overseer else {}
    held = any(facts.get(key) for key in ("open_items", "open_disputes", "open_windows"))
    held = held or bool(told.preview.open or told.cells["disputed"])
    mine = overseer and not held and told.may("assess.decide")
    words = _("Objections or terms are still open.") if held else _("Ready for the leading group.")
    who = _office() if held else _("the leader")
    url = reverse("desk:decision", args=[run.pk]) if overseer else ""
    state = BEGUN if mine else (AHEAD if held else WAITING)
    return YearStep("decision", name, state, words, "", None, who, url, mine, _("Decide"))


def _notice(told: Year) -> YearStep:
    name, row, lines = _("Notice"), told.notice, told.served
    if row is None:
        stands = told.release is not None
        mine = stands and told.may("assess.draft_notice")
        url = reverse("desk:notices", args=[told.release.number]) if told.release is not None else ""
        words = _("The release stands; no notice is written.") if stands else _("It follows the release.")
        return YearStep("notice", name, AHEAD, words, who=_office(), url=url, mine=mine, verb=_("Write the notice"))
    url = reverse("desk:notice", args=[row.pk])
    if row.status == "draft":
        mine = told.may("assess.issue_notice")
        words, verb = _("The draft is written."), _("Issue the notice")
        return YearStep("notice", name, _state(False, True, mine), words, who=_office(), url=url, mine=mine, verb=verb)
    own = lines.own
    done = lines.acknowledged == lines.total
    mine = own is not None and own.acknowledged_at is None and told.may("measure.acknowledge")
    words = _("%(doc)s, %(n)s units have acknowledged it") % {
        "doc": row.document,
        "n": _of(lines.acknowledged, lines.total),
    }
    if own is not None:
        said = _("you have acknowledged it") if own.acknowledged_at else _("it waits for your acknowledgement")
        words = f"{row.document}{_(', ')}{said}"
    page = reverse("desk:served", args=[own.pk]) if mine and own else url
    due = deadline(lines.until) if not done else None
    when = _("issued on %(day)s") % {"day": day(row.issued_on)}
    state = _state(done, True, mine)
    return YearStep("notice", name, state, words, when, due, "" if done else _units(), page, mine, _("Acknowledge it"))


def _rectification(told: Year) -> YearStep:
    name, counts = _("Rectification"), told.rectifications
    total, closed = sum(counts.values()), counts["closed"]
    url = reverse("desk:rectifications", args=[told.round.pk]) if told.round else ""
    issued = told.notice is not None and told.notice.status == "issued"
    if not total:
        words = _("It follows the notice.")
        if told.own and issued:
            return YearStep("rectify", name, DONE, _("Your unit has nothing to rectify."), url=url)
        mine = told.release is not None and told.may("assess.open_rectifications")
        words = _("Nobody has been asked to rectify anything.") if told.release is not None else words
        return YearStep(
            "rectify", name, AHEAD, words, who=_office(), url=url, mine=mine, verb=_("Open the rectifications")
        )
    own = told.rect_own
    owes = own is not None and own.status in ("open", "planned", "returned")
    mine = owes or (counts["reported"] > 0 and bool(told.roles & {"planner", "department"}))
    done = closed == total
    words = _("%(n)s are closed") % {"n": _of(closed, total)}
    if told.rect_late:
        words = f"{words}{_(', ')}{ngettext('%(n)s is overdue', '%(n)s are overdue', told.rect_late) % {'n': told.rect_late}}"
    if own is not None:
        words, url = str(own.get_status_display()), reverse("desk:rectification", args=[own.pk])
    due = deadline(told.rect_due) if told.rect_due and (owes or not mine) else None
    who = ""
    if not done:
        who = _units() if told.rect_due else _("department and office")
    verb = _("Plan or report") if owes else _("Check the reports")
    return YearStep("rectify", name, _state(done, True, mine), words, "", due, who, url, mine, verb)


def first_of(steps: list[YearStep]) -> YearStep | None:
    """Return the step on which this person acts first; the one with the nearest term among those that are under way."""
    mine = [step for step in steps if step.mine and step.url]
    return min(mine, key=_urgency, default=None)


def _urgency(step: YearStep) -> tuple[bool, Any]:
    return (step.due is None, step.due.until.isoformat() if step.due and step.due.until else "")


def line_of(steps: list[YearStep]) -> list[parts.Step]:
    """Return the steps as the line of a flow."""
    acting = (BEGUN, WAITING)
    return [parts.Step(step.name, step.state, step.who if step.state in acting else "") for step in steps]
