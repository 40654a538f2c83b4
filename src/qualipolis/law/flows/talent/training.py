"""Training: sessions of a course, enrolments, sittings of an examination, certificates."""

from __future__ import annotations

from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.talent.officers import SYSTEM, TRAINER, step
from qualipolis.law.guards import two_people
from qualipolis.law.talent import officer_guards as guards
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

CANDIDATE = ("enterprise", "reviewer", "laboratory", "expert")
TRAINING_SESSION = Flow(
    "training_session",
    "planned",
    (
        step("announce", ("planned",), "open", TRAINER, msg("Announce the course"), guard=guards.session_complete),
        step("close_list", ("open",), "listed", TRAINER, msg("Close the list of participants")),
        step("open_again", ("listed",), "open", TRAINER, msg("Take further participants")),
        step("begin", ("open", "listed"), "running", (*TRAINER, *SYSTEM), msg("The course begins"),
             guard=guards.session_begun),
        step("end", ("running",), "held", TRAINER, msg("The course has ended"), due=due("training.settle"),
             guard=every(guards.session_over, guards.attendance_complete)),
        step("settle", ("held",), "settled", TRAINER, msg("Close with all results"), guard=guards.enrolments_settled),
        step("cancel", ("planned", "open", "listed"), "cancelled", TRAINER, msg("Cancel the course"), needs=("reason",),
             irreversible=True),
    ),
    ("settled", "cancelled"),
    {
        "planned": msg("being planned"),
        "open": msg("open for enrolment"),
        "listed": msg("list of participants closed"),
        "running": msg("course running"),
        "held": msg("held, results to come"),
        "settled": msg("all results known"),
        "cancelled": msg("course cancelled"),
    },
    msg("Training course"),
)  # fmt: skip
ENROLMENT = Flow(
    "enrolment",
    "applied",
    (
        step("admit", ("applied", "waiting"), "admitted", TRAINER, msg("Admit"), guard=guards.seat_left),
        step("queue", ("applied",), "waiting", TRAINER, msg("Put on the waiting list")),
        step("refuse", ("applied", "waiting"), "refused", TRAINER, msg("Refuse the enrolment"), needs=("reason",)),
        step("withdraw", ("applied", "waiting", "admitted"), "withdrawn", CANDIDATE, msg("Withdraw the enrolment")),
        step("call_off", ("applied", "waiting", "admitted"), "called_off", (*TRAINER, *SYSTEM),
             msg("The course was cancelled")),
        step("attend", ("admitted",), "attended", (*TRAINER, *SYSTEM), msg("The hours were attended"),
             guard=guards.enough_hours),
        step("miss", ("admitted",), "absent", (*TRAINER, *SYSTEM), msg("Too few hours were attended"),
             guard=guards.too_few_hours),
        step("pass", ("attended",), "passed", (*TRAINER, *SYSTEM), msg("The course is passed"), guard=guards.examined),
        step("fail", ("attended",), "failed", (*TRAINER, *SYSTEM), msg("The examination was failed"),
             guard=guards.exam_failed),
        step("resit", ("failed",), "attended", TRAINER, msg("Allow another sitting"), guard=guards.attempt_left),
        step("correct", ("failed",), "passed", SYSTEM, msg("Passed after the mark was corrected"),
             guard=guards.examined),
    ),
    ("refused", "withdrawn", "called_off", "absent", "passed", "failed"),
    {
        "applied": msg("applied for a seat"),
        "waiting": msg("on the waiting list"),
        "admitted": msg("admitted"),
        "refused": msg("not admitted"),
        "withdrawn": msg("withdrawn"),
        "called_off": msg("course cancelled"),
        "attended": msg("attended, examination to come"),
        "absent": msg("too few hours"),
        "passed": msg("course passed"),
        "failed": msg("examination failed"),
    },
    msg("Enrolment"),
)  # fmt: skip
EXAMINATION = Flow(
    "examination",
    "drawn",
    (
        step("start", ("drawn",), "started", CANDIDATE, msg("Begin the examination"), irreversible=True,
             guard=every(guards.own_sitting, guards.exam_open)),
        step("hand_in", ("started",), "handed_in", CANDIDATE, msg("Hand in the paper"), irreversible=True,
             guard=every(guards.own_sitting, guards.in_time)),
        step("time_up", ("started",), "handed_in", SYSTEM, msg("The time is up"), guard=guards.time_up),
        step("miss", ("drawn",), "missed", SYSTEM, msg("Did not sit the examination"), guard=guards.window_over),
        step("mark", ("handed_in",), "marked", SYSTEM, msg("The paper is marked"), due=due("exam.contest")),
        step("contest", ("marked",), "contested", CANDIDATE, msg("Contest the mark"), due=due("exam.contest_answer"),
             guard=every(guards.own_sitting, guards.contest_term), needs=("reason",)),
        step("uphold", ("contested",), "upheld", TRAINER, msg("The mark stands"), needs=("reply",), irreversible=True),
        step("remark", ("contested",), "remarked", TRAINER, msg("Correct the mark"), guard=two_people,
             needs=("reply", "second_person"), irreversible=True),
        step("void", ("drawn", "started", "handed_in"), "void", TRAINER, msg("Void the sitting"), guard=two_people,
             needs=("reason", "second_person"), irreversible=True),
    ),
    ("marked", "missed", "upheld", "remarked", "void"),
    {
        "drawn": msg("paper drawn"),
        "started": msg("being written"),
        "handed_in": msg("handed in"),
        "marked": msg("marked"),
        "missed": msg("not sat"),
        "contested": msg("mark contested"),
        "upheld": msg("mark confirmed"),
        "remarked": msg("mark corrected"),
        "void": msg("sitting void"),
    },
    msg("Written examination"),
)  # fmt: skip
TRAINING_CERTIFICATE = Flow(
    "training_certificate",
    "issued",
    (
        step("revoke", ("issued",), "revoked", TRAINER, msg("Revoke the certificate"), guard=two_people,
             needs=("reason", "second_person"), irreversible=True),
        step("replace", ("issued",), "replaced", TRAINER, msg("Replace by a corrected certificate"), needs=("reason",),
             irreversible=True),
        step("expire", ("issued",), "expired", SYSTEM, msg("The certificate has run out"),
             guard=guards.certificate_over),
        step("revoke_late", ("expired",), "revoked", TRAINER, msg("Revoke the certificate although it has run out"),
             guard=two_people, needs=("reason", "second_person"), irreversible=True),
    ),
    ("revoked", "replaced", "expired"),
    {
        "issued": msg("valid"),
        "revoked": msg("revoked"),
        "replaced": msg("replaced by a corrected one"),
        "expired": msg("run out"),
    },
    msg("Training certificate"),
)  # fmt: skip
TRAINING = (TRAINING_SESSION, ENROLMENT, EXAMINATION, TRAINING_CERTIFICATE)
