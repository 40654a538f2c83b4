"""The co-governance federation of the synthetic city: members, a pact, a breach, clues, meetings, tasks, pledges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.govern import service
from qualipolis.city.govern.clues.giving import PUBLIC
from qualipolis.city.govern.models import (
    Clue,
    Committee,
    FederationMeeting,
    JointTask,
    Member,
    Pact,
    PactBreach,
    Pledge,
)
from qualipolis.city.registry.models import Enterprise
from qualipolis.demo.clock import telling
from qualipolis.demo.supervision_people import add_person, played
from qualipolis.demo.supervision_words import SAID
from qualipolis.law.calendar import add_days
from qualipolis.law.federation.competition import POINTS

Dated = tuple[date, Callable[[], Any]]
CLEAN = {point.code: "no" for point in POINTS}
BODIES = (
    ("XH2", "服装产业协会", "Garment association"),
    ("XH9", "消费者代表团", "Consumer representatives"),
    ("XH3", "家具产业协会", "Furniture association"),
)
TEXT = "一、出厂前逐批检验并保存记录三年。二、七日内答复消费者投诉。三、发现安全问题立即停止销售并告知消费者。"
TEXT_EN = (
    "1. Each batch is inspected before it leaves and the record kept for three years. 2. A consumer's complaint is answered "
    "within seven days. 3. When a product proves unsafe, its sale stops at once and consumers are told."
)
CLUES = (
    (2, "市场上有无吊牌的童装", "街边店铺销售的童装没有吊牌，标的成分和摸上去的不一样。", ()),
    (9, "充电器外壳发烫", "同一牌子的充电器充电半小时就烫手。", ("screen",)),
    (14, "夜市销售三无小家电", "夜市摊位销售的小家电没有厂名厂址。", ("screen", "forward")),
    (20, "会员互相贬低", "两家会员在直播里互相贬低对方产品。", ("screen", "assign", "report")),
    (34, "内容说不清的反映", "反映某厂产品不好，没有说明是什么产品。", ("screen", "drop", "answer")),
)


@dataclass
class House:
    """The people of the federation and its members by name."""

    secretary: Person
    second: Person
    people: dict[str, Person]
    officer: Person
    firm: Enterprise
    department: Person
    members: dict[str, Member]

    def member(self, name: str) -> Member:
        """The member as it is now."""
        return Member.objects.get(pk=self.members[name].pk)


def govern_together(actor: Any) -> None:
    """Tell the life of the federation, each step on its own day until today."""
    house = _house(actor)
    today = timezone.localdate()
    days = [
        *_founding(house, today),
        *_pact(house, today),
        *_meeting(house, today),
        *_clues(house, today),
        *_works(house, today),
    ]
    with telling(min(day for day, _happens in days) - timedelta(days=1)) as clock:
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()


def _house(actor: Any) -> House:
    officer, secretary, speaker = played(Role.ENTERPRISE), played(Role.SECRETARY), played(Role.MEMBER)
    assert officer.organisation and secretary.organisation
    rows = [
        {"code": code, "kind": "association", "name_zh": zh + SAID, "name_en": f"{en} (demo)"}
        for code, zh, en in BODIES
    ]
    bodies = add_organisations(actor, None, rows=rows)
    second = add_person(
        actor, "demo-secretary-2", f"联合会秘书处复核员{SAID}", Role.SECRETARY, secretary.organisation, "secretary-2"
    )
    people = {"trade": speaker}
    for place, (name, body) in enumerate(zip(("garments", "consumers"), bodies, strict=False), 2):
        people[name] = add_person(
            actor,
            f"demo-member-{place}",
            f"{body.name_zh.removesuffix(SAID)}代表{SAID}",
            Role.MEMBER,
            body,
            f"member-{place}",
        )
    firm = Enterprise.objects.select_related("unit").get(credit_code=officer.organisation.code)
    return House(secretary, second, people, officer, firm, played(Role.DEPARTMENT), {})


def _founding(house: House, today: date) -> list[Dated]:
    def join() -> None:
        for name, who in (*house.people.items(), ("firm", house.officer)):
            kind = {"consumers": "consumer", "firm": "enterprise"}.get(name, "association")
            assert who.organisation is not None
            row = service.apply_for_membership(who, who.organisation, kind, "参与共治" + SAID, house.firm.unit)
            row = service.approve_member(house.secretary, row, "示例共治〔2025〕1号")
            house.members[name] = service.join(who, row, True)
        committee = service.found_committee(
            house.secretary, None, name_zh="电子电器质量专业委员会" + SAID, name_en="Committee for electrical goods (demo)",
            purpose="推动会员提升产品质量" + SAID,
        )  # fmt: skip
        for name, chair in (("trade", True), ("firm", False), ("consumers", False)):
            service.seat_member(house.secretary, committee, house.member(name), chair)

    def ask() -> None:
        made = Organisation.objects.get(code="XH3")
        service.apply_for_membership(house.secretary, made, "association", "希望加入" + SAID, house.firm.unit)

    return [(today - timedelta(days=300), join), (today - timedelta(days=3), ask)]


def _pact(house: House, today: date) -> list[Dated]:
    """A pact in force, and one that waits for its check; a breach that is being coached."""
    kept: dict[str, int] = {}

    def write() -> None:
        committee = Committee.objects.get()
        row = service.draft_pact(
            house.secretary, title="电源类产品质量自律公约" + SAID, title_en="Pact on the quality of power supplies (demo)",
            text=TEXT + SAID, text_en=TEXT_EN, committee=committee,
        )  # fmt: skip
        row = service.hand_in_pact(house.secretary, row)
        service.check_pact(house.second, row, CLEAN)
        service.check_pact(house.people["consumers"], row, CLEAN)
        row = service.publish_pact(house.secretary, service.clear_pact(house.secretary, row))
        for name, who in (
            ("trade", house.people["trade"]),
            ("firm", house.officer),
            ("garments", house.people["garments"]),
        ):
            service.sign_pact(who, row, house.member(name))
        kept["pact"] = service.monitor_pact(house.secretary, Pact.objects.get(pk=row.pk)).pk

    def breach() -> None:
        row = service.raise_breach(house.people["consumers"], Pact.objects.get(pk=kept["pact"]), house.member("garments"),
                                   "两件投诉超过七日没有答复" + SAID, "会员来信")  # fmt: skip
        kept["breach"] = service.examine_breach(house.secretary, row).pk

    def coach() -> None:
        row = PactBreach.objects.get(pk=kept["breach"])
        row = service.state_breach(house.people["garments"], row, "客服人手不足，已增加两人" + SAID)
        service.coach(house.secretary, row, "超期属实" + SAID, "一个月内建立投诉台账并回访" + SAID)

    return [
        (today - timedelta(days=200), write), (today - timedelta(days=40), breach), (today - timedelta(days=30), coach),
        (today - timedelta(days=4), lambda: _second_pact(house)),
    ]  # fmt: skip


def _second_pact(house: House) -> None:
    row = service.draft_pact(
        house.secretary, title="童装标识自律公约" + SAID, title_en="Pact on the labels of children's wear (demo)",
        text="会员的童装如实标注成分，吊牌注明批次和检验日期。" + SAID, text_en="Labels tell the true composition, batch and day of test.",
        committee=Committee.objects.get(),
    )  # fmt: skip
    service.hand_in_pact(house.secretary, row)
    service.draft_pact(
        house.secretary, title="家具售后自律公约" + SAID, title_en="Pact on the after-sales service of furniture (demo)",
        text="会员对保修期内的家具七日内上门。" + SAID, text_en="Furniture under warranty is visited within seven days.",
        committee=Committee.objects.get(),
    )  # fmt: skip


def _meeting(house: House, today: date) -> list[Dated]:
    """One meeting with a vote and published notes, and one that is called."""
    kept: dict[str, int] = {}
    held = add_days(today - timedelta(days=60), 8, "working").due

    def plan() -> None:
        row = service.plan_meeting(
            house.secretary, meets_on=held, chair=house.member("trade"), title="联合会第一次会员会议" + SAID,
            title_en="First meeting of the members (demo)", place="市民服务中心" + SAID, agenda="表决年度工作计划", agenda_en="The plan of the year",
        )  # fmt: skip
        kept["meeting"] = service.invite(house.secretary, row).pk

    def meet() -> None:
        row = FederationMeeting.objects.get(pk=kept["meeting"])
        service.note_attendance(
            house.secretary, row, [house.member(name) for name in ("trade", "firm", "consumers", "garments")]
        )
        row = service.open_meeting(house.secretary, row)
        motion = service.move_motion(house.secretary, row, title="年度工作计划" + SAID, title_en="Plan of the year (demo)",
                                     text="通过年度工作计划。" + SAID, text_en="The plan of the year is adopted.")  # fmt: skip
        motion = service.open_vote(house.secretary, motion)
        for name, choice in (("trade", "yes"), ("garments", "yes"), ("consumers", "yes"), ("firm", "abstain")):
            service.cast_vote(house.people.get(name, house.officer), motion, house.member(name), choice)
        service.count_vote(house.secretary, motion)
        row = service.minute(house.secretary, FederationMeeting.objects.get(pk=row.pk), "四家会员到会，通过年度工作计划。" + SAID,
                             "Four members came; the plan of the year was adopted.")  # fmt: skip
        service.publish_notes(house.secretary, service.confirm_notes(house.people["trade"], row))

    def call() -> None:
        on = add_days(timezone.localdate(), 10, "working").due
        row = service.plan_meeting(
            house.secretary, meets_on=on, chair=house.member("trade"), title="公约履行情况会议" + SAID,
            title_en="Meeting on how the pact is kept (demo)", place="市民服务中心" + SAID, agenda="听取公约履行情况", agenda_en="How the pact is kept",
        )  # fmt: skip
        service.invite(house.secretary, row)

    return [(today - timedelta(days=60), plan), (held, meet), (today - timedelta(days=2), call)]


def _clues(house: House, today: date) -> list[Dated]:
    days: list[Dated] = []
    for ago, title, facts, steps in CLUES:
        given = _Given(house, title, facts)
        days.append((today - timedelta(days=ago), given.give))
        days += [
            (today - timedelta(days=max(ago - 2 - 2 * n, 0)), getattr(given, step)) for n, step in enumerate(steps)
        ]
    return days


class _Given:
    """One clue on its way."""

    def __init__(self, house: House, title: str, facts: str) -> None:
        self.house, self.title, self.facts = house, title, facts
        self._key = 0

    @property
    def row(self) -> Clue:
        return Clue.objects.get(pk=self._key)

    def give(self) -> None:
        made = service.raise_clue(
            PUBLIC,
            None,
            respondent_name="示例经营者" + SAID,
            product_name=self.title,
            facts=self.facts + SAID,
            place="示例路" + SAID,
        )
        self._key = made.clue.pk

    def screen(self) -> None:
        service.screen_clue(self.house.secretary, self.row, "low")

    def forward(self) -> None:
        service.forward_clue(self.house.secretary, self.row)

    def assign(self) -> None:
        service.assign_clue(self.house.secretary, self.row, self.house.member("trade"))

    def report(self) -> None:
        service.report_clue(self.house.people["trade"], self.row, "已约谈双方，删除直播片段并道歉。" + SAID)

    def drop(self) -> None:
        service.drop_clue(self.house.secretary, self.row, "说不清对象" + SAID)

    def answer(self) -> None:
        service.answer_clue(self.house.secretary, self.row, "未能查到具体对象，欢迎补充。" + SAID)


def _works(house: House, today: date) -> list[Dated]:
    """Joint tasks, an opinion of the department, and pledges of the visitor's firm."""

    def task() -> None:
        row = service.propose_task(house.secretary, None, topic="小家电三包服务联合检查" + SAID, topic_en="Joint check of after-sales service (demo)",
                                   goal="走访三十家门店，统一答复口径" + SAID, goal_en="Visit thirty shops")  # fmt: skip
        row = service.offer_task(house.secretary, row, house.member("trade"), timezone.localdate() + timedelta(days=60),
                                 [house.member("consumers")])  # fmt: skip
        service.begin_task(house.people["trade"], row)

    def report() -> None:
        service.report_task(house.people["trade"], JointTask.objects.get(), "走访三十二家门店，二十九家公示了三包承诺。" + SAID,
                            "Thirty-two shops were visited; twenty-nine show their pledge.", 32)  # fmt: skip

    def pledge() -> None:
        for text, en in (("三年内更换电源适配器不收费", "Adapters are replaced free of charge for three years"),
                         ("投诉四十八小时内答复", "Complaints are answered within forty-eight hours")):  # fmt: skip
            row = service.write_pledge(
                house.officer, house.firm, text + SAID, timezone.localdate() + timedelta(days=365), en
            )
            service.hand_in_pledge(house.officer, row)
        service.publish_pledge(house.secretary, Pledge.objects.order_by("pk")[0])

    def opine() -> None:
        service.give_opinion(house.department, JointTask.objects.get(), "建议同步走访网上店铺" + SAID)

    return [
        (today - timedelta(days=50), task), (today - timedelta(days=8), report), (today - timedelta(days=20), pledge),
        (today - timedelta(days=6), opine),
    ]  # fmt: skip
