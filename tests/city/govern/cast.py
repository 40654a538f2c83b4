"""The cast of the federation, and members, pacts, clues, meetings and tasks in any state, made straight in the database."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.listen.cast import Cast as City
from tests.city.listen.cast import found as found_city
from tests.city.supervise.cast import person

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.govern.models import (
    Attendance,
    Clue,
    ClueSender,
    Committee,
    FederationMeeting,
    JointTask,
    Member,
    Pact,
    PactBreach,
    PactSignature,
    Pledge,
    Resolution,
    Seat,
)
from qualipolis.city.govern.pacts.writing import digest
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.registry.models import Enterprise
from qualipolis.law.federation.competition import POINTS

__all__ = ["CLEAN", "FACTS", "TEXT", "Cast", "found"]
CLEAN = {point.code: "no" for point in POINTS}
TEXT = "会员出厂前逐批检验，七日内答复消费者投诉，检验记录保存三年。"
FACTS = "门口堆放的童装没有吊牌，标的成分和摸上去的不一样。"
SENDER = {"name": "甄示范", "phone": "13800135678"}
_serial = itertools.count(1)


@dataclass
class Cast:
    """People by role and the bodies they act for; ``city`` is the cast of listening around them.

    ``cast["secretary"]``, ``["secretary2"]`` and ``["secretary3"]`` work in the secretariat. ``cast["member"]`` speaks for
    ``association``, ``cast["consumer"]`` for ``consumer``, ``cast["enterprise"]`` for ``firm_member``,
    ``cast["other_member"]`` for ``other_association``; all four are active. ``committee`` is chaired by ``association``
    and the firm has a seat. Every person of ``city`` is there too (planner, leader, inspector, complaint_desk, ...).
    """

    city: City
    people: dict[str, Person]
    federation: Organisation
    association: Member
    other_association: Member
    consumer: Member
    firm_member: Member
    committee: Committee

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def firm(self) -> Enterprise:
        """The firm for which ``enterprise`` acts."""
        return self.city.firm

    @property
    def other_firm(self) -> Enterprise:
        """Another firm of the same cluster, for which ``other_enterprise`` acts."""
        return self.city.other_firm

    @property
    def members(self) -> list[Member]:
        """The four active members."""
        return [self.association, self.other_association, self.consumer, self.firm_member]


def body(code: str, kind: str, name: str, name_en: str = "") -> Organisation:
    """Make an organisation, or find it."""
    made = {"kind": kind, "name_zh": name, "name_en": name_en}
    return Organisation.objects.get_or_create(code=code, defaults=made)[0]


def found() -> Cast:
    """Found the city with its federation: two associations, a consumer body and a firm are members."""
    city = found_city()
    trade = body("ASSOC1", "federation", "示范服装行业协会", "Model Garment Association")
    toys = body("ASSOC2", "federation", "示范玩具行业协会", "Model Toy Association")
    consumers = body("CONS1", "federation", "示范消费者代表团", "Model Consumer Representatives")
    firm = Organisation.objects.get(code=city.firm.credit_code)
    people = dict(city.people)
    for name, role, scope in (
        ("secretary", "secretary", city.federation),
        ("secretary2", "secretary", city.federation),
        ("secretary3", "secretary", city.federation),
        ("member", "member", trade),
        ("other_member", "member", toys),
        ("consumer", "member", consumers),
    ):
        people[name] = person(f"g-{name}", role, scope)
    association = member(trade)
    made = Cast(city, people, city.federation, association, member(toys), member(consumers, "consumer"),
                member(firm, "enterprise", enterprise=city.firm, unit=city.firm.unit), committee())  # fmt: skip
    Seat.objects.create(committee=made.committee, member=association, chair=True)
    Seat.objects.create(committee=made.committee, member=made.firm_member)
    return made


def member(organisation: Organisation, kind: str = "association", status: str = "active", **more: Any) -> Member:
    """Make a member in any state."""
    values: dict[str, Any] = {"joined_on": date(2025, 3, 3)} if status in ("active", "suspended") else {}
    return Member.objects.create(
        number=f"HY{next(_serial)}", kind=kind, organisation=organisation, status=status, **values | more
    )


def committee(name: str = "童装质量专业委员会") -> Committee:
    """Make a committee."""
    return Committee.objects.create(code=f"ZW{next(_serial)}", name_zh=name, name_en="Children's wear committee")


def pact_in(cast: Cast, status: str = "draft", signers: Iterable[Member] = (), **more: Any) -> Pact:
    """Make a pact in any state; from the check on it was written by ``secretary``."""
    today = timezone.localdate()
    published = today if status in ("published", "monitored", "replaced", "ended") else None
    made = Pact.objects.create(**{
        "number": f"GY{next(_serial)}", "status": status, "title": "童装质量自律公约", "text": TEXT, "committee": cast.committee,
        "written_by": cast["secretary"], "published_on": published, "turn": 0 if status == "draft" else 1,
    } | more)  # fmt: skip
    if status in ("cleared", "published", "monitored"):
        Pact.objects.filter(pk=made.pk).update(checked_digest=digest(made))
        made.refresh_from_db()
    for one in signers:
        PactSignature.objects.create(pact=made, member=one)
    return made


def breach_in(cast: Cast, status: str = "raised", **more: Any) -> PactBreach:
    """Make a breach by the firm in any state."""
    pact = more.pop("pact", None) or pact_in(cast, "monitored", [cast.association, cast.firm_member])
    values: dict[str, Any] = {
        "number": f"WY{next(_serial)}",
        "status": status,
        "pact": pact,
        "member": cast.firm_member,
    }
    values |= {
        "facts": "三批未检验即出厂。",
        "raised_by": cast["member"],
        "due_on": timezone.localdate() + timedelta(days=5),
    }
    return PactBreach.objects.create(**values | more)


def clue_in(cast: Cast, status: str = "raised", sender: dict[str, str] | None = None, **more: Any) -> Clue:
    """Make a clue about ``other_firm`` in any state; ``sender=SENDER`` gives it a name under seal."""
    said, number = sender or {}, f"2026-XS{next(_serial)}-ABCDE"
    firm = more.pop("enterprise", cast.other_firm)
    screened = {} if status == "raised" else {"risk": "medium", "screened_by": cast["secretary"]}
    if status in ("self_discipline", "handled"):
        screened["association"] = cast.association
    pass_on = more.pop("pass_on", False)
    made = Clue.objects.create(**{
        "number": number, "status": status, "enterprise": firm, "unit": firm.unit if firm else None, "facts": FACTS,
        "respondent_name": firm.name_zh if firm else "路边摊", "named": bool(said.get("name")),
        "sender_key": secrecy.sender_key(said.get("phone", "")), "track_key": secrecy.tracking_key(number, "5678"),
        "due_on": timezone.localdate() + timedelta(days=15), **screened,
    } | more)  # fmt: skip
    ClueSender.objects.create(clue=made, sealed=secrecy.seal(said), pass_on=pass_on)
    return made


def meeting_in(
    cast: Cast, status: str = "held", there: Iterable[Member] | None = None, **more: Any
) -> FederationMeeting:
    """Make a meeting in any state; everybody (or ``there``) came."""
    made = FederationMeeting.objects.create(**{
        "number": f"HM{next(_serial)}", "status": status, "title": "第三次全体会议", "meets_on": timezone.localdate(),
        "place": "联合会会议室", "agenda": "一、审议公约。", "chair": cast.association,
    } | more)  # fmt: skip
    came = set(cast.members if there is None else there)
    if status != "planned":
        Attendance.objects.bulk_create(
            Attendance(meeting=made, member=one, votes=one.votes, present=one in came) for one in cast.members
        )
    return made


def motion_in(cast: Cast, status: str = "drafted", **more: Any) -> Resolution:
    """Make a motion in any state, in a meeting that is held."""
    meeting = more.pop("meeting", None) or meeting_in(cast)
    values = {
        "number": f"JY{next(_serial)}",
        "status": status,
        "meeting": meeting,
        "title": "通过公约",
        "text": "通过童装质量自律公约。",
    }
    if status == "voting":
        values["due_on"] = timezone.localdate() + timedelta(days=10)
    return Resolution.objects.create(**values | more)


def task_in(cast: Cast, status: str = "proposed", **more: Any) -> JointTask:
    """Make a joint task in any state, led by ``association`` once it was offered."""
    lead = (
        {} if status == "proposed" else {"lead": cast.association, "until": timezone.localdate() + timedelta(days=60)}
    )
    return JointTask.objects.create(**{
        "number": f"LH{next(_serial)}", "status": status, "topic": "童装吊牌联合自查", "goal": "三十家会员自查吊牌。", **lead
    } | more)  # fmt: skip


def pledge_in(cast: Cast, status: str = "drafted", **more: Any) -> Pledge:
    """Make a pledge of ``firm`` in any state."""
    today = timezone.localdate()
    published = {} if status in ("drafted", "handed_in") else {"published_on": today}
    return Pledge.objects.create(**{
        "number": f"CN{next(_serial)}", "status": status, "enterprise": cast.firm, "content": "七日内无理由退货。",
        "valid_to": today + timedelta(days=200), "due_on": today + timedelta(days=5), **published,
    } | more)  # fmt: skip
