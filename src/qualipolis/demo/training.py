"""Quality officers and training in the synthetic city: 1,970 filed officers, courses, an examination, certificates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.core.roles import Role
from qualipolis.city.core.service import add_organisations
from qualipolis.city.registry.models import Enterprise, QualityOfficer
from qualipolis.city.talent import service
from qualipolis.city.talent.models import (
    Course,
    Exam,
    Learner,
    Officer,
    Question,
    Session,
    Sitting,
    TrainingCertificate,
)
from qualipolis.city.talent.training.marks import versions_on
from qualipolis.demo.clock import telling
from qualipolis.demo.question_bank import BLUEPRINT, QUESTIONS
from qualipolis.demo.supervision_people import add_person, played
from qualipolis.demo.supervision_words import SAID

ANY_FIRM = System("demo")
Dated = tuple[date, Callable[[], Any]]
PAGE = b"%PDF-1.4\n%%EOF\n"
CANDIDATES, SEATED = 12, 8


@dataclass
class School:
    """Who trains, who learns, and the firm of the visitor."""

    trainer: Person
    second: Person
    inspector: Person
    officer: Person
    firm: Enterprise
    others: list[Enterprise]
    learners: list[Learner]


def train_people(actor: Any) -> None:
    """File the officers of the registry, then tell the courses, each step on its own day until today."""
    _filed(actor)
    school = _school(actor)
    today = timezone.localdate()
    days = [*_past_course(school, today), *_running_courses(school, today), *_nominations(school, today)]
    with telling(min(day for day, _happens in days) - timedelta(days=1)) as clock:
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()


def _filed(actor: Any) -> None:
    """Give each filing of the registry its officer; names are numbers."""
    filings = list(QualityOfficer.objects.filter(ended_on=None).select_related("enterprise").order_by("number"))
    learners = Learner.objects.bulk_create(
        Learner(
            name=f"首席质量官{place:04d}{SAID}", id_key=_key(place), id_tail=f"{place:04d}"[-4:], education="bachelor",
            title="engineer", enterprise=filing.enterprise, registered_on=filing.appointed_on,
        )
        for place, filing in enumerate(filings, 1)
    )  # fmt: skip
    today = timezone.localdate()
    Officer.objects.bulk_create(
        Officer(
            number=f"SZ-{filing.number}", status="active", enterprise=filing.enterprise, learner=learner, size="medium",
            appointed_on=filing.appointed_on, education="bachelor", title="engineer", years=6, bars=[],
            conditions="city@1949-10-01", document_no=f"任命书{place}{SAID}", nominated_on=filing.appointed_on,
            filed_on=filing.appointed_on, filing=filing, active_on=filing.appointed_on,
            trained_on=today - timedelta(days=30 + place % 600),
        )
        for place, (filing, learner) in enumerate(zip(filings, learners, strict=True), 1)
    )  # fmt: skip
    record(actor, "demo.load", "talent.officer", {"rows": len(filings), "synthetic": True})


def _key(place: int) -> str:
    return hashlib.sha256(f"demo officer {place}".encode()).hexdigest()


def _school(actor: Any) -> School:
    officer, trainer = played(Role.ENTERPRISE), played(Role.TRAINER)
    assert officer.organisation
    firm = Enterprise.objects.select_related("unit").get(credit_code=officer.organisation.code)
    mine = Officer.objects.filter(enterprise=firm, status="active").order_by("pk").first()
    assert mine is not None
    Learner.objects.filter(pk=mine.learner_id).update(account=officer)
    without = Enterprise.objects.filter(closed_on=None, quality_officers=None).select_related("unit").order_by("pk")
    others = list(without[:CANDIDATES])
    learners = [
        Learner.objects.create(
            name=f"学员{place:02d}{SAID}", id_key=_key(-place), id_tail=f"{place:04d}", education="bachelor",
            title="engineer", enterprise=one, account=_account(actor, place, one) if place <= SEATED else None,
        )
        for place, one in enumerate(others, 1)
    ]  # fmt: skip
    second = add_person(actor, "demo-trainer-2", f"质量培训复核员{SAID}", Role.TRAINER, None, "trainer-2")
    Person.objects.filter(pk=second.pk).update(organisation=trainer.organisation)
    return School(trainer, second, played(Role.INSPECTOR), officer, firm, others, learners)


def _account(actor: Any, place: int, firm: Enterprise) -> Person:
    rows = [{"code": firm.credit_code, "kind": "enterprise", "name_zh": firm.name_zh, "name_en": firm.name_en}]
    found = Organisation.objects.filter(code=firm.credit_code).first()
    home = found or add_organisations(actor, None, rows=rows)[0]
    return add_person(
        actor, f"demo-learner-{place}", f"学员{place:02d}{SAID}", Role.ENTERPRISE, home, f"enterprise-{place + 1}"
    )


def _past_course(school: School, today: date) -> list[Dated]:
    """A course that is over: enrolled, attended, examined, certified; one certificate was revoked since."""
    start = today - timedelta(days=40)
    kept: dict[str, Any] = {}

    def prepare() -> None:
        for place, one in enumerate(QUESTIONS, 1):
            service.add_question(school.trainer, None, code=f"Q{place:03d}", source="自编" + SAID, **one)
        kept["course"] = service.add_course(
            school.trainer, None, code="CQO", kind="officer", name_zh="首席质量官任职培训", hours=16, minutes=60,
            name_en="Course for chief quality officers", content="法规、统计方法、管理体系" + SAID,
            content_en="Law, statistical methods, management systems (demo)", blueprint=BLUEPRINT,
        )  # fmt: skip
        kept["session"] = _planned(school, kept["course"], start, 40)
        for learner in school.learners[:SEATED]:
            service.enrol(ANY_FIRM, kept["session"], learner)

    def note() -> None:
        row = _again(kept["session"])
        present = list(row.enrolments.filter(status="admitted").order_by("pk").values_list("pk", flat=True))
        for day in row.days.all():
            service.note_attendance(school.trainer, day, dict.fromkeys(present[:-1], 8.0) | {present[-1]: 2.0})
        service.end_session(school.trainer, _again(row))
        now = timezone.now()
        kept["exam"] = service.set_exam(
            school.trainer, _again(row), now + timedelta(minutes=1), now + timedelta(days=2)
        )

    return [
        (start - timedelta(days=20), prepare),
        (start, lambda: _teach(school, kept["session"])),
        (start + timedelta(days=2), note),
        (start + timedelta(days=3), lambda: _sat(kept["exam"])),
        (start + timedelta(days=6), lambda: service.issue_certificates(school.trainer, _again(kept["session"]))),
        (start + timedelta(days=30), lambda: _revoke(school, kept["session"])),
    ]


def _teach(school: School, session: Session) -> None:
    row = _again(session)
    for one in row.enrolments.filter(status="applied"):
        service.admit(school.trainer, one)
    service.close_list(school.trainer, row)
    service.begin_session(school.trainer, _again(row))


def _again(row: Session) -> Session:
    return Session.objects.get(pk=row.pk)


def _planned(school: School, course: Course, start: date, seats: int) -> Session:
    days = [(start + timedelta(days=n), label, 8.0) for n, label in enumerate(("第一天", "第二天"))]
    place = "市质量培训基地" + SAID
    row = service.plan_session(school.trainer, course, days=days, place=place, seats=seats, teacher="质量教研组" + SAID)
    return service.announce_session(school.trainer, row)


def _sat(exam: Exam) -> None:
    """Everybody sits the paper that was drawn; each knows somewhat less than the one before."""
    rows = Sitting.objects.filter(exam=exam).select_related("enrolment__learner__account").order_by("pk")
    for place, row in enumerate(rows):
        who = row.enrolment.learner.account
        sitting = service.start_sitting(who, row)
        service.hand_in_sitting(who, sitting, _answers(sitting, place))


def _answers(sitting: Sitting, place: int) -> dict[str, Any]:
    bank, found = versions_on(sitting), {}
    for asked in sitting.paper:
        key = str(asked["place"])
        question = bank[key]
        knows = (int(hashlib.sha256(f"{place}/{question.code}".encode()).hexdigest(), 16) % 100) > 6 * place
        if question.kind == Question.Kind.SINGLE:
            right = asked["order"].index(question.answer[0])
            found[key] = [right if knows else (right + 1) % len(asked["order"])]
        elif question.kind == Question.Kind.TRUE_FALSE:
            found[key] = "true" if bool(question.answer) == knows else "false"
        else:
            found[key] = str(float(question.answer) + (0 if knows else 7))
    return found


def _revoke(school: School, session: Session) -> None:
    row = TrainingCertificate.objects.filter(enrolment__session=session).order_by("-pk").first()
    if row is not None:
        service.revoke_certificate(school.trainer, row, "冒名顶替，复核属实" + SAID, school.second)


def _running_courses(school: School, today: date) -> list[Dated]:
    """A course open for enrolment, and one whose examination the visitor may sit today."""
    kept: dict[str, Any] = {}

    def refresher() -> None:
        kept["course"] = service.add_course(
            school.trainer, None, code="CQO-R", kind="refresher", name_zh="首席质量官继续教育", hours=16, minutes=45,
            name_en="Refresher for chief quality officers", blueprint=BLUEPRINT,
        )  # fmt: skip
        kept["session"] = _planned(school, kept["course"], today - timedelta(days=3), 30)
        mine = Learner.objects.get(account=school.officer)
        service.admit(school.trainer, service.enrol(school.officer, kept["session"], mine))

    def end() -> None:
        row = _again(kept["session"])
        service.close_list(school.trainer, row)
        service.begin_session(school.trainer, _again(row))

    def examine() -> None:
        row = _again(kept["session"])
        for day in row.days.all():
            service.note_attendance(school.trainer, day, {one.pk: 8.0 for one in row.enrolments.all()})
        service.end_session(school.trainer, _again(row))
        now = timezone.now()
        service.set_exam(school.trainer, _again(row), now + timedelta(minutes=1), now + timedelta(days=10))

    def announce() -> None:
        course = Course.objects.get(code="CQO")
        row = _planned(school, course, today + timedelta(days=18), 60)
        for learner in school.learners[8:]:
            service.enrol(ANY_FIRM, row, learner)

    return [
        (today - timedelta(days=15), refresher),
        (today - timedelta(days=3), end),
        (today - timedelta(days=1), examine),
        (today - timedelta(days=5), announce),
    ]


def _nominations(school: School, today: date) -> list[Dated]:
    """Officers on their way: named, filed, returned; and what the visitor's officer did in office."""
    paper = ("任命书.pdf", [PAGE])

    def nominate() -> None:
        for place, learner in enumerate(school.learners[8:11]):
            firm = school.others[8 + place]
            row = service.nominate_officer(
                ANY_FIRM, firm, learner, appointed_on=timezone.localdate(), years=6, bars=[], size="small", paper=paper,
                document_no=f"示例任〔{timezone.localdate().year}〕{place + 1}号",
            )  # fmt: skip
            if place == 1:
                service.file_officer(school.inspector if _serves(school, firm) else ANY_FIRM, row)
            if place == 2:
                service.return_officer(ANY_FIRM, row, "任命书没有法定代表人签字" + SAID)

    def leave() -> None:
        rows = Officer.objects.filter(status="active").exclude(enterprise=school.firm).select_related("enterprise")
        left = timezone.localdate() - timedelta(days=2)
        service.replace_officer(ANY_FIRM, rows.order_by("pk")[0], left, "调任集团总部" + SAID)

    def act() -> None:
        mine = Officer.objects.get(enterprise=school.firm, status="active", learner__account=school.officer)
        service.record_act(school.officer, mine, "veto", timezone.localdate(), "出货前抽检耐压不合格，整批不予放行" + SAID,
                           product="电源适配器", batch="示例批次", quantity=1200)  # fmt: skip
        service.record_act(school.officer, mine, "dispatch", timezone.localdate(), "月度质量安全调度会" + SAID)
        service.report_department(school.officer, school.firm, "质量管理部" + SAID, date(2020, 3, 1), people=8)

    return [
        (today - timedelta(days=4), nominate),
        (today - timedelta(days=3), leave),
        (today - timedelta(days=11), act),
    ]


def _serves(school: School, firm: Enterprise) -> bool:
    office = school.inspector.organisation
    return office is not None and office.code == f"AMR-{firm.unit.code}"
