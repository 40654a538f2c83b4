"""Rounds of the quality award in the synthetic city: last year's was granted, this year's papers are being scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.utils import timezone

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.core.roles import Role
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardApplication, AwardRound, Reviewer, ScoreSheet
from qualipolis.demo.clock import telling
from qualipolis.demo.streams import stream
from qualipolis.demo.supervision_people import add_person, played
from qualipolis.demo.supervision_words import SAID
from qualipolis.law.talent.excellence import ITEMS

ANY_FIRM = System("demo")
Dated = tuple[date, Callable[[], Any]]
PAGE = b"%PDF-1.4\n%%EOF\n"
REVIEWERS, TEAM, APPLICANTS = 7, 4, 5
SEVERITY = (-6.0, 0.0, 2.0, -2.0, 9.0, 0.0, -3.0)  # how far each reviewer stands above the others; true, and invented


@dataclass
class Jury:
    """Who runs the award, who scores, and who applies."""

    planner: Person
    leader: Person
    officer: Person
    firm: Enterprise
    others: list[Enterprise]
    reviewers: list[Reviewer]
    quality: np.ndarray
    noise: np.random.Generator


def award_firms(actor: Any, seed: int) -> None:
    """Tell two rounds, each step on its own day until today."""
    today = timezone.localdate()
    jury = _jury(actor, seed)
    last = Round(jury, today.year - 1, today - timedelta(days=330))
    this = Round(jury, today.year, today - timedelta(days=46))
    days = [one for one in [*last.whole(), *this.under_way()] if one[0] <= today]
    with telling(min(day for day, _happens in days) - timedelta(days=1)) as clock:
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()


def _jury(actor: Any, seed: int) -> Jury:
    people = [played(Role.REVIEWER)]
    section = Organisation.objects.get(code="AMR-QD")
    people += [
        add_person(actor, f"demo-reviewer-{n}", f"卓越绩效评审员{n}{SAID}", Role.REVIEWER, section, f"reviewer-{n}")
        for n in range(2, REVIEWERS + 1)
    ]
    reviewers = [
        Reviewer.objects.create(
            person=person, number=f"PS-{place:03d}", status="level_2" if place <= 2 else "level_1", agreed=True, public=place != 3,
            employer=f"示例单位{place}{SAID}", fields=("电子", "服装", "家具", "模具", "食品", "造纸", "玩具")[place - 1],
        )
        for place, person in enumerate(people, 1)
    ]  # fmt: skip
    officer = played(Role.ENTERPRISE)
    assert officer.organisation
    firm = Enterprise.objects.get(credit_code=officer.organisation.code)
    others = list(
        Enterprise.objects.filter(closed_on=None, above_scale=True).exclude(pk=firm.pk).order_by("-pk")[:APPLICANTS]
    )
    noise = stream(seed, "award")
    return Jury(played(Role.PLANNER), played(Role.LEADER), officer, firm, others, reviewers,
                noise.normal(52, 12, APPLICANTS + 1), noise)  # fmt: skip


class Round:
    """One round; each method is one day of it."""

    def __init__(self, jury: Jury, year: int, begins: date) -> None:
        self.jury, self.year, self.begins = jury, year, begins
        self._key = 0

    @property
    def row(self) -> AwardRound:
        """The round as it is now."""
        return AwardRound.objects.get(pk=self._key)

    @property
    def applications(self) -> list[AwardApplication]:
        """The applications by number."""
        return list(
            AwardApplication.objects.filter(round=self._key).select_related("enterprise", "round").order_by("pk")
        )

    def _on(self, after: int, *steps: Callable[[], Any]) -> list[Dated]:
        return [(self.begins + timedelta(days=after), step) for step in steps]

    def under_way(self) -> list[Dated]:
        """This year: papers are scored; of the visitor's firm three of four sheets are in."""
        return [
            *self._on(0, self.announce), *self._on(5, self.apply), *self._on(16, self.close), *self._on(24, self.admit),
            *self._on(28, self.teams), *self._on(40, lambda: self.score(waiting=True)),
        ]  # fmt: skip

    def whole(self) -> list[Dated]:
        """Last year: to the grant, with a conflict found late."""
        return [
            *self._on(0, self.announce), *self._on(5, self.apply), *self._on(16, self.close), *self._on(24, self.admit),
            *self._on(28, self.teams), *self._on(38, self.score), *self._on(40, self.agree), *self._on(44, self.drop),
            *self._on(50, self.visit), *self._on(60, self.propose), *self._on(63, self.object), *self._on(78, self.grant), *self._on(79, self.model),
        ]  # fmt: skip

    def announce(self) -> None:
        """The round is announced."""
        made = service.draft_round(
            self.jury.planner, None, year=self.year, name_zh=f"{self.year}年市政府质量奖{SAID}", name_en=f"Quality award {self.year} (demo)",
            conditions="注册满三年，近三年无重大质量安全事故" + SAID, apply_until=timezone.localdate() + timedelta(days=15),
        )  # fmt: skip
        self._key = made.pk
        service.announce_round(self.jury.planner, made, f"示例质奖〔{self.year}〕1号")

    def apply(self) -> None:
        """Firms apply: that of the visitor and five others."""
        for firm in (self.jury.firm, *self.jury.others):
            who = self.jury.officer if firm.pk == self.jury.firm.pk else ANY_FIRM
            made = service.begin_application(who, self.row, firm)
            file = ContentFile(PAGE, name="自评报告.pdf")
            service.edit_application(
                who, made, contact="质量部" + SAID, summary="推行卓越绩效模式六年" + SAID, files=[file]
            )
            service.submit_application(who, made)

    def close(self) -> None:
        """No more applications; a regulator is asked about each."""
        service.close_applications(self.jury.planner, self.row, [Organisation.objects.get(code="AMR-QS")])

    def admit(self) -> None:
        """The regulators have nothing to say against the applicants, but one."""
        rows = self.applications
        for row in rows:
            for opinion in row.opinions.all():
                says = "against" if row.pk == rows[-1].pk else "nothing"
                service.give_opinion(
                    self.jury.planner, opinion, says, "一年内监督抽查不合格" + SAID if says == "against" else ""
                )
        for row in rows[:-1]:
            service.admit_applicant(self.jury.planner, row)
        service.reject_applicant(self.jury.planner, rows[-1], "监管部门提出意见" + SAID)

    def teams(self) -> None:
        """Four reviewers for each applicant, the first leads."""
        seats = self.jury.reviewers
        taken = [row for row in self.applications if row.status == "eligible"]
        for place, row in enumerate(taken):
            ring = [seats[place % 2], *(seats[2 + (place + n) % (REVIEWERS - 2)] for n in range(REVIEWERS - 2))]
            free = [one for one in ring if not one.ties.filter(enterprise=row.enterprise).exists()]
            for n, one in enumerate(free[:TEAM]):
                service.assign_reviewer(self.jury.planner, row, one, lead=n == 0)
        service.begin_documents(self.jury.planner, self.row)
        for row in taken:
            service.begin_review(self.jury.planner, row)

    def score(self, *, waiting: bool = False) -> None:
        """Everybody scores alone; with ``waiting`` the visitor's own sheets and some others are still open."""
        for place, row in enumerate(self._reviewed()):
            for sheet in row.sheets.select_related("reviewer__person").order_by("pk"):
                left = waiting and (sheet.reviewer_id == self.jury.reviewers[0].pk or place == 3)
                self._sheet(sheet, place, hand_in=not left)

    def _reviewed(self) -> list[AwardApplication]:
        return [row for row in self.applications if row.status == "reviewing"]

    def _sheet(self, sheet: ScoreSheet, place: int, *, hand_in: bool) -> None:
        who, seat = sheet.reviewer.person, [one.pk for one in self.jury.reviewers].index(sheet.reviewer_id)
        service.open_sheet(who, sheet)
        level = self.jury.quality[place] + SEVERITY[seat] + self.jury.noise.normal(0, 6, len(ITEMS))
        scores = {
            item.code: int(np.clip(5 * round(value / 5), 0, 100)) for item, value in zip(ITEMS, level, strict=True)
        }
        given = scores if hand_in else dict(list(scores.items())[:6])
        service.save_sheet(who, sheet, given, dict.fromkeys(given, "有做法，有数据" + SAID))
        if hand_in:
            service.hand_in_sheet(who, sheet)

    def agree(self) -> None:
        """The teams meet over the items whose scores lie apart."""
        for row in self._reviewed():
            sheets = list(row.sheets.filter(status="handed_in").select_related("reviewer__person"))
            lead = next(sheet.reviewer.person for sheet in sheets if sheet.lead)
            for item in ITEMS:
                known = [sheet.scores[item.code] for sheet in sheets]
                if max(known) - min(known) > row.round.spread:
                    middle = int(5 * round(float(np.median(known)) / 5))
                    service.settle_item(lead, row, item.code, middle, "合议后按证据确定" + SAID)

    def drop(self) -> None:
        """A tie becomes known late: the scores of that reviewer are dropped and everything is computed anew."""
        row = self._reviewed()[1]
        sheet = row.sheets.filter(status="handed_in", lead=False).select_related("reviewer").order_by("pk").last()
        assert sheet is not None
        service.tell_tie(
            self.jury.planner, sheet.reviewer, row.enterprise, "consultant", since=self.begins - timedelta(days=300)
        )
        if ScoreSheet.objects.get(pk=sheet.pk).status == "handed_in":
            service.drop_scores(self.jury.planner, sheet, "评审员两年前为该企业做过咨询" + SAID)

    def visit(self) -> None:
        """The three best are visited."""
        self.agree()
        rows = sorted(self._reviewed(), key=lambda row: -float(row.runs.latest("pk").total or 0))
        for row in rows[3:]:
            service.leave_out_applicant(self.jury.planner, row, "材料评审未入围" + SAID)
        for row in rows[:3]:
            service.shortlist_applicant(self.jury.planner, row)
        service.begin_visits(self.jury.planner, self.row)
        for row in rows[:3]:
            sheets = list(row.sheets.filter(status="handed_in").select_related("reviewer__person"))
            lead = next(sheet.reviewer for sheet in sheets if sheet.lead)
            service.hand_in_visit(
                lead.person, row, timezone.localdate(), "现场与材料一致" + SAID, [one.reviewer for one in sheets[:2]]
            )

    def propose(self) -> None:
        """The meeting proposes one award and two nominations; the notice begins."""
        service.begin_deliberation(self.jury.planner, self.row)
        rows = sorted(
            (row for row in self.applications if row.status == "visited"),
            key=lambda row: -float(row.runs.latest("pk").total or 0),
        )
        for place, row in enumerate(rows):
            service.propose_award(self.jury.planner, row, "nomination" if place else "award")
        service.give_notice(self.jury.planner, self.row, timezone.localdate())

    def object(self) -> None:
        """Somebody objects to a proposal; the office looks into it and finds nothing."""
        row = next(one for one in self.applications if one.status == "proposed")
        made = service.object_to_award(
            ANY_FIRM, self.row, sender=f"示例来信人{SAID}", contact="0000-9000000", words="请核实近三年的事故记录" + SAID,
            application=row,
        )  # fmt: skip
        service.check_objection(self.jury.planner, made)
        service.reject_objection(self.jury.planner, made, "经核实没有重大质量安全事故" + SAID)

    def grant(self) -> None:
        """The notice is over; the award is granted."""
        service.end_notice(self.jury.planner, self.row)
        service.grant_awards(self.jury.leader, self.row, f"示例府质〔{self.year}〕9号")

    def model(self) -> None:
        """How severe each reviewer was."""
        service.model_severity(self.jury.planner, self.row)
