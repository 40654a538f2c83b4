"""How every step of every table of supervision sampling is taken by its verb, and a row on which it can be tried.

``STEPS[flow][step]`` calls the verb with sound arguments, so that nothing but the state can stand against it. A step
that is only ever taken inside another one has no call of its own and stands in ``INSIDE`` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.supervise import cast as made_by
from tests.city.supervise.cast import SYSTEM, Cast

from qualipolis.city.supervise.aftermath import handling, penalties, publications, transfers
from qualipolis.city.supervise.aftermath import opening as handling_open
from qualipolis.city.supervise.aftermath import review as handling_review
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.draws.plan import DrawPlan
from qualipolis.city.supervise.field import samples, tasks
from qualipolis.city.supervise.field import visits as field_visits
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.models import (
    AreaTransfer,
    Assignment,
    DrawRun,
    HandlingCase,
    Objection,
    PenaltyPublication,
    PlanLine,
    Publication,
    Recheck,
    SamplingPlan,
)
from qualipolis.city.supervise.planning import campaigns, plans
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections, rechecks
from qualipolis.city.supervise.results import serving as results

Call = Callable[[Any], Any]
WORDS = "理由写明"


def _seals(row: Any) -> dict[str, str]:
    return dict.fromkeys(row.seals.values_list("number", flat=True), "intact")


def _receive(row: Any) -> Any:
    return laboratory.receive(
        SYSTEM, row, received_on=timezone.localdate(), appearance="完好", quantity=row.quantity, seals=_seals(row)
    )


def _today() -> date:
    return timezone.localdate()


def _objection_of(row: Any) -> Objection:
    return row.objections.get()


def _people(row: Any) -> list[Any]:
    return [one.person for one in Assignment.objects.filter(task=row).select_related("person")]


_PLAN: dict[str, Call] = {
    "submit": lambda row: plans.submit_plan(SYSTEM, row),
    "return": lambda row: plans.return_plan(SYSTEM, row, WORDS),
    "approve": lambda row: plans.approve_plan(SYSTEM, row, "文1"),
    "file": lambda row: plans.file_plan(SYSTEM, row, "省局", "备1"),
    "publish": lambda row: plans.publish_plan(SYSTEM, row),
    "amend": lambda row: plans.amend_plan(SYSTEM, row, WORDS, "文2"),
    "close": lambda row: plans.close_plan(SYSTEM, row),
}
_CAMPAIGN: dict[str, Call] = {
    "contract": lambda row: campaigns.contract(SYSTEM, row, "合1"),
    "approve": lambda row: campaigns.approve(SYSTEM, row, "文1"),
    "publish_rules": lambda row: campaigns.publish_rules(SYSTEM, row),
    "begin": lambda row: campaigns.begin(SYSTEM, row),
    "end_sampling": lambda row: campaigns.end_sampling(SYSTEM, row),
    "resume_sampling": lambda row: campaigns.resume_sampling(SYSTEM, row, WORDS),
    "settle": lambda row: campaigns.settle(SYSTEM, row),
    "reopen": lambda row: campaigns.reopen(SYSTEM, row, WORDS, "文3"),
    "archive": lambda row: campaigns.archive(SYSTEM, row),
    "cancel": lambda row: campaigns.cancel(SYSTEM, row, WORDS),
}
_DRAW: dict[str, Call] = {
    "freeze": lambda row: ceremony.freeze(SYSTEM, row),
    "thaw": lambda row: ceremony.thaw(SYSTEM, row, WORDS),
    "commit": lambda row: ceremony.commit(
        SYSTEM, row, "dice", timezone.now() + timedelta(hours=2), words="掷骰五次按序"
    ),
    "draw": lambda row: ceremony.reveal(SYSTEM, row, numbers="1 2 3 4 5", random_at=timezone.now()),
    "publish": lambda row: ceremony.publish(SYSTEM, row),
    "redraw": lambda row: ceremony.redraw(SYSTEM, row, WORDS),
}
_TASK: dict[str, Call] = {
    "assign": lambda row: tasks.assign_task(SYSTEM, row, _people(row)),
    "skip_recent": lambda row: tasks.skip_recent(SYSTEM, row, WORDS),
    "arrive": lambda row: field_visits.arrive(SYSTEM, row),
    "sample": lambda row: samples.take_sample(SYSTEM, row),
    "not_sample": lambda row: field_visits.not_sample(SYSTEM, row, "stock_low", WORDS),
    "refuse": lambda row: field_visits.refuse_sampling(SYSTEM, row, WORDS),
    "stop": lambda row: field_visits.stop_unlawful(SYSTEM, row, WORDS),
    "report_refusal": lambda row: field_visits.report_refusal(SYSTEM, row, "市局"),
    "report_unlawful": lambda row: field_visits.report_unlawful(SYSTEM, row, "市局"),
    "leave_open": lambda row: tasks.leave_task_open(SYSTEM, row, WORDS),
    "give_back": lambda row: tasks.give_task_back(SYSTEM, row, WORDS),
    "void": lambda row: tasks.void_task(SYSTEM, row, WORDS),
    "complete": lambda row: tasks.complete_task(SYSTEM, row),
    "replace": lambda row: tasks.replace_task(SYSTEM, row),
}
_SAMPLE: dict[str, Call] = {
    "leave": lambda row: samples.leave_sample(SYSTEM, row),
    "dispatch": lambda row: samples.dispatch_sample(SYSTEM, row),
    "spoil": lambda row: samples.spoil_sample(SYSTEM, row, WORDS),
    "lose": lambda row: samples.lose_sample(SYSTEM, row, WORDS),
    "receive": _receive,
    "reject": lambda row: laboratory.reject(SYSTEM, row, reason=WORDS),
    "begin": lambda row: laboratory.begin(SYSTEM, row, licence="seen"),
    "stop": lambda row: laboratory.stop(SYSTEM, row, reason=WORDS),
    "give_up": lambda row: laboratory.give_up(SYSTEM, row, reason=WORDS, proof=[("证明.txt", ["无法检验".encode()])]),
    "give_back": lambda row: laboratory.give_back(SYSTEM, row),
    "dispose": lambda row: laboratory.dispose(SYSTEM, row),
}
_BACKUP: dict[str, Call] = {
    "keep": lambda row: samples.keep_backup(SYSTEM, row, "laboratory"),
    "use": lambda row: rechecks.receive_backup(SYSTEM, row, _seals(row)),
    "spoil": lambda row: samples.spoil_sample(SYSTEM, row, WORDS),
    "lose": lambda row: samples.lose_sample(SYSTEM, row, WORDS),
    "give_back": lambda row: laboratory.give_back(SYSTEM, row),
    "dispose": lambda row: laboratory.dispose(SYSTEM, row),
}
_REPORT: dict[str, Call] = {
    "submit": lambda row: reports.submit(SYSTEM, row),
    "back": lambda row: reports.back(SYSTEM, row, reason=WORDS),
    "sign": lambda row: reports.sign(SYSTEM, row, signatory="签字人"),
    "issue": lambda row: reports.issue(SYSTEM, row, document_no="BG-NEW", issued_on=_today()),
    "amend": lambda row: reports.amend(SYSTEM, row, reason=WORDS),
    "accept": lambda row: reports.accept(SYSTEM, row),
    "withdraw": lambda row: reports.withdraw(SYSTEM, row, reason=WORDS, document_no="文5"),
}
_RESULT: dict[str, Call] = {
    "open_window": lambda row: results.open_window(SYSTEM, row),
    "finalise": lambda row: results.finalise(SYSTEM, row),
    "void": lambda row: result_ends.void(SYSTEM, row, WORDS),
    "reopen": lambda row: result_ends.reopen(SYSTEM, row, WORDS, "文6"),
    "uphold": lambda row: result_ends.conclude_by_order(SYSTEM, row, row.verdict, "文7"),
    "reverse": lambda row: result_ends.conclude_by_order(SYSTEM, row, "pass", "文7"),
    "admit": lambda row: result_ends.admit(SYSTEM, _objection_of(row), WORDS),
    "order_recheck": lambda row: objections.order_recheck(SYSTEM, _objection_of(row), "复通1"),
}
_OBJECTION: dict[str, Call] = {
    "reject_late": lambda row: objections.reject_late(SYSTEM, row, WORDS),
    "accept": lambda row: objections.accept(SYSTEM, row, "conclusion"),
    "dismiss": lambda row: objections.dismiss(SYSTEM, row, WORDS),
    "uphold_flaw": lambda row: objections.uphold_flaw(SYSTEM, row, WORDS),
    "order_recheck": lambda row: objections.order_recheck(SYSTEM, row, "复通1"),
    "answer": lambda row: objections.answer(SYSTEM, row, WORDS),
    "withdraw": lambda row: objections.withdraw(SYSTEM, row, WORDS),
}
_RECHECK: dict[str, Call] = {
    "formalities": lambda row: rechecks.formalities(SYSTEM, row),
    "waive": lambda row: rechecks.waive(SYSTEM, row),
    "designate": lambda row: rechecks.designate(SYSTEM, row, row.other, seed="" if row.flow_code == "recheck" else "7"),
    "spoiled": lambda row: rechecks.spoil(SYSTEM, row, WORDS),
    "lost": lambda row: rechecks.lose(SYSTEM, row, WORDS),
    "accept": lambda row: rechecks.accept(SYSTEM, row),
    "refuse": lambda row: rechecks.refuse_application(SYSTEM, row, "late", WORDS),
}
_HANDLING: dict[str, Call] = {
    "order": lambda row: handling.order_correction(SYSTEM, row, "责改1"),
    "serve": lambda row: handling.serve_order(SYSTEM, row, _today(), words="回证"),
    "request_review": lambda row: handling.report_correction(SYSTEM, row, WORDS),
    "request_third": lambda row: handling.report_correction(SYSTEM, row, WORDS),
    "pass": lambda row: handling.pass_review(SYSTEM, row, "复查1"),
    "fail": lambda row: handling.fail_review(SYSTEM, row, "复查1"),
    "not_corrected": lambda row: handling.note_not_corrected(SYSTEM, row, WORDS),
    "escalate": lambda row: handling_review.escalate_handling(SYSTEM, row, "报1"),
    "announce": lambda row: handling_review.announce_failure(SYSTEM, row, "公告1"),
    "second_pass": lambda row: handling_review.pass_second_review(SYSTEM, row, "复查2"),
    "second_fail": lambda row: handling_review.fail_second_review(SYSTEM, row, "复查2"),
    "third_pass": lambda row: handling_review.pass_third_review(SYSTEM, row, "复查3"),
    "revoke": lambda row: handling_review.revoke_licence(SYSTEM, row, "吊1", WORDS),
    "cease": lambda row: handling_open.cease_firm(SYSTEM, row, WORDS),
    "find_successor": lambda row: handling_open.find_successor(SYSTEM, row, row.heir, WORDS),
    "close_ceased": lambda row: handling_open.close_ceased(SYSTEM, row, WORDS),
    "cancel": lambda row: handling_open.cancel_handling(SYSTEM, row, WORDS),
    "reopen": lambda row: handling_open.reopen_handling(SYSTEM, row, WORDS),
    "close": lambda row: handling.close_handling(SYSTEM, row),
}
_FOOD_HANDLING: dict[str, Call] = {
    "begin": lambda row: handling.begin_food_handling(SYSTEM, row, "文8"),
    "finish": lambda row: handling.finish_food_handling(SYSTEM, row, WORDS),
    "cancel": _HANDLING["cancel"],
    "reopen": _HANDLING["reopen"],
}
_TRANSFER: dict[str, Call] = {
    "send": lambda row: transfers.send_transfer(SYSTEM, row, "邻市市场监管局", "移1"),
    "acknowledge": lambda row: transfers.acknowledge_transfer(SYSTEM, row, "收1"),
    "bounce": lambda row: transfers.bounce_transfer(SYSTEM, row, WORDS),
    "recall": lambda row: transfers.recall_transfer(SYSTEM, row, WORDS),
    "close": lambda row: transfers.close_transfer(SYSTEM, row, WORDS),
}
_PUBLICATION: dict[str, Call] = {
    "approve": lambda row: publications.approve_publication(SYSTEM, row, "文9"),
    "revise": lambda row: publications.revise_publication(SYSTEM, row, WORDS),
    "publish": lambda row: publications.publish_results(SYSTEM, row),
    "correct": lambda row: publications.correct_publication(SYSTEM, row, WORDS),
    "withdraw": lambda row: publications.withdraw_publication(SYSTEM, row, WORDS),
    "take_down": lambda row: publications.take_down_publication(SYSTEM, row),
}
_PENALTY: dict[str, Call] = {
    "keep_back": lambda row: penalties.keep_penalty_back(SYSTEM, row),
    "publish": lambda row: penalties.publish_penalty(SYSTEM, row),
    "push": lambda row: penalties.push_penalty(SYSTEM, row, "邻省市场监管局"),
    "record_elsewhere": lambda row: penalties.record_penalty_elsewhere(SYSTEM, row, _today()),
    "correct": lambda row: penalties.correct_penalty(SYSTEM, row, WORDS),
    "annul": lambda row: penalties.annul_penalty(SYSTEM, row, WORDS, "文10"),
    "withdraw": lambda row: penalties.withdraw_penalty(SYSTEM, row, WORDS),
    "take_down": lambda row: penalties.take_down_penalty(SYSTEM, row),
}
_FOOD_RECHECK = {name: _RECHECK[name] for name in ("accept", "refuse", "designate", "spoiled", "lost")}
STEPS: dict[str, dict[str, Call]] = {
    "supervision_plan": _PLAN, "campaign": _CAMPAIGN, "draw_run": _DRAW, "sampling_task": _TASK, "sample": _SAMPLE,
    "food_sample": _SAMPLE, "backup_sample": _BACKUP, "test_report": _REPORT, "result": _RESULT,
    "food_result": _RESULT, "objection": _OBJECTION, "recheck": {k: v for k, v in _RECHECK.items() if k not in ("accept", "refuse")},
    "food_recheck": _FOOD_RECHECK, "handling": _HANDLING, "food_handling": _FOOD_HANDLING,
    "area_transfer": _TRANSFER, "publication": _PUBLICATION, "penalty_publication": _PENALTY,
}  # fmt: skip

_OF_ITSELF = {
    "serve": "a party that is served late is noted and moves nothing",
    "cease": "follows the registry when a party ceases to exist",
    "object": "a late letter is registered and moves nothing",
    "amend": "follows an amended report",
    "dismiss": "follows the reply to the last open objection",
    "void_side": "follows an objection of one side that is granted",
    "annul": "follows a report that is withdrawn as false",
    "stand": "follows a recheck that ended without a test",
    "backup_lost": "follows the loss of the backup sample",
}
INSIDE: dict[str, dict[str, str]] = {
    "sample": {"report": "taken when the report is issued"},
    "food_sample": {"report": "taken when the report is issued"},
    "backup_sample": {"call": "taken when the recheck laboratory is named"},
    "result": _OF_ITSELF,
    "food_result": _OF_ITSELF,
    "recheck": dict.fromkeys(("receive", "uphold", "reverse"), "follows the backup sample or its report")
    | {"withdraw": "follows the objection that is withdrawn"},
}
INSIDE["food_recheck"] = INSIDE["recheck"]


def make_row(flow: str, cast: Cast) -> Any:
    """Make a row that moves through ``flow``."""
    if flow.startswith("food_"):
        cast.rule.food = True
        cast.rule.save()
    return _MAKERS[flow.removeprefix("food_")](cast)


def _plan(cast: Cast) -> SamplingPlan:
    plan = made_by.make_plan(cast)
    PlanLine.objects.create(plan=plan, position=1, name_zh="童装", category="童装", batches=3)
    return plan


def _campaign(cast: Cast) -> Any:
    campaign = made_by.make_campaign(cast, scheme_zh="方案")
    made_by.make_task(cast, campaign, status="completed")
    return campaign


def _draw(cast: Cast) -> DrawRun:
    campaign = made_by.make_campaign(cast, status="rules_public")
    run = ceremony.prepare(SYSTEM, campaign, DrawPlan("srs", 2))
    return ceremony.freeze(SYSTEM, run)


def _final_failed(cast: Cast) -> Any:
    return made_by.make_result(cast, status="final", final_on=timezone.localdate() - timedelta(days=3))


def _result(cast: Cast) -> Any:
    result = made_by.make_result(cast)
    service = result.services.get()
    service.served_on, service.proof_words = timezone.localdate() - timedelta(days=1), "回执"
    service.save()
    Objection.objects.create(
        result=result, service=service, number="YY1", kind="conclusion", words=WORDS, status="studying",
        received_on=timezone.localdate(),
    )  # fmt: skip
    return result


def _objection(cast: Cast) -> Objection:
    result = _result(cast)
    type(result).objects.filter(pk=result.pk).update(status="under_objection")
    return result.objections.get()


def _recheck(cast: Cast) -> Recheck:
    objection = _objection(cast)
    today = timezone.localdate()
    row = Recheck.objects.create(
        result=objection.result, objection=objection, number="FJ1", notice_served_on=today, notice_proof_words="回证"
    )
    row.other = cast.other_laboratory  # type: ignore[attr-defined]
    return row


def _case(cast: Cast) -> HandlingCase:
    result = _final_failed(cast)
    today = timezone.localdate()
    row = HandlingCase.objects.create(
        result=result, enterprise=cast.firms[0], unit=cast.units[0], handler=cast.branch, number="CL1",
        order_served_on=today - timedelta(days=2), correct_by=today - timedelta(days=1), second_from=today,
    )  # fmt: skip
    row.heir = cast.firms[2]  # type: ignore[attr-defined]
    return row


def _transfer(cast: Cast) -> AreaTransfer:
    return AreaTransfer.objects.create(result=_final_failed(cast), number="YS1")


def _publication(cast: Cast) -> Publication:
    return publications.draft_publication(SYSTEM, _final_failed(cast).sample.task.campaign)


def _penalty(cast: Cast) -> PenaltyPublication:
    today = timezone.localdate()
    return PenaltyPublication.objects.create(
        case=_case(cast), number="CF1", kind="light", document_no="罚1", decided_on=today, words=WORDS
    )


_MAKERS: dict[str, Callable[[Cast], Any]] = {
    "supervision_plan": _plan,
    "campaign": _campaign,
    "draw_run": _draw,
    "sampling_task": made_by.make_task,
    "sample": made_by.make_sample,
    "backup_sample": lambda cast: made_by.make_sample(cast).task.samples.get(part="backup"),
    "test_report": made_by.make_report,
    "result": _result,
    "objection": _objection,
    "recheck": _recheck,
    "handling": _case,
    "area_transfer": _transfer,
    "publication": _publication,
    "penalty_publication": _penalty,
}
