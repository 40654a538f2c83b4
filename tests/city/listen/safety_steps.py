"""How every step of an incident, a recall and a warning is taken by its verb, with sound arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.city.listen.cast import SYSTEM, Cast

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Incident, PublicWarning, Recall, SafetyProduct
from qualipolis.city.listen.safety.warnings import sweep_warnings

Call = Callable[[Any], Any]
WORDS = "理由写明"


def changed(row: Any, **values: Any) -> Any:
    """Put values into a row behind the back of its verbs."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return type(row).objects.get(pk=row.pk)


def make_row(cast: Cast, flow: str) -> Any:
    """Make a row of the flow with what its steps read."""
    if flow == "incident":
        return Incident.objects.create(number="I1", source="firm", narrative="冒烟", harm=4, enterprise=cast.firm)
    if flow == "recall":
        product = SafetyProduct.objects.create(name="电暖器", model="NQ-200")
        return Recall.objects.create(
            number="R1", product=product, enterprise=cast.firm, producer_name="甲厂", clue="过热", units=9, corrected=1
        )
    return PublicWarning.objects.create(
        number="W1", title_zh="慎用", products="NQ-200", hazard="过热", advice="停用", written_by=cast["inspector"]
    )


def steps(cast: Cast, flow: str) -> dict[str, Call]:
    """Every step of a flow by its verb."""
    return {"incident": _incident, "recall": _recall, "public_warning": _warning}[flow](cast)


def _incident(cast: Cast) -> dict[str, Call]:
    return {
        "verify": lambda row: service.verify_incident(SYSTEM, row),
        "dismiss": lambda row: service.dismiss_incident(SYSTEM, row, WORDS),
        "report_up": lambda row: service.report_upward(SYSTEM, row, "省局", "1号"),
        "close": lambda row: service.close_incident(SYSTEM, row, WORDS),
        "close_slight": lambda row: service.close_incident(SYSTEM, changed(row, harm=1), WORDS),
        "reopen": lambda row: service.reopen_incident(SYSTEM, row, WORDS),
    }


def _recall(cast: Cast) -> dict[str, Call]:
    today, two = timezone.localdate(), (cast["inspector"], cast["department"])
    plan = {"units": 9, "until": today + timedelta(days=60), "measure": "更换", "told_how": "公告"}
    return {
        "assess": lambda row: service.assess_defect(SYSTEM, row),
        "no_defect": lambda row: service.find_no_defect(SYSTEM, row, WORDS),
        "find_defect": lambda row: service.find_defect(SYSTEM, row, WORDS),
        "declare_defect": lambda row: service.declare_defect(cast["enterprise"], row, WORDS),
        "reopen": lambda row: service.reopen_recall(SYSTEM, row, WORDS),
        "order": lambda row: service.order_recall(two[0], row, "1号", WORDS, two[1]),
        "order_again": lambda row: service.order_recall(two[0], row, "2号", WORDS, two[1]),
        "file_plan": lambda row: service.file_recall_plan(SYSTEM, row, **plan),
        "return_plan": lambda row: service.return_recall_plan(SYSTEM, row, WORDS),
        "announce": lambda row: service.announce_recall(SYSTEM, row),
        "report_progress": lambda row: service.report_recall_progress(SYSTEM, row, today, 3),
        "complete": lambda row: service.complete_recall(SYSTEM, row, WORDS),
        "evaluate": lambda row: service.evaluate_recall(SYSTEM, row, WORDS, sampled=30, reached=25),
        "close": lambda row: service.close_recall(SYSTEM, row),
    }


def _replaced(cast: Cast, row: PublicWarning) -> Any:
    newer = PublicWarning.objects.create(
        number=f"{row.number}b", title_zh="慎用（更正）", written_by=cast["inspector"], replaces=row, status="reviewing"
    )
    return service.publish_warning(cast["leader"], newer)


def _lapsed(row: PublicWarning) -> Any:
    changed(row, due_on=timezone.localdate() - timedelta(days=1))
    return sweep_warnings(timezone.now())


def _warning(cast: Cast) -> dict[str, Call]:
    return {
        "hand_in": lambda row: service.hand_in_warning(SYSTEM, row),
        "return": lambda row: service.return_warning(SYSTEM, row, WORDS),
        "discard": lambda row: service.discard_warning(SYSTEM, row, WORDS),
        "publish": lambda row: service.publish_warning(cast["leader"], row),
        "replace": lambda row: _replaced(cast, row),
        "take_down": lambda row: service.take_down_warning(cast["leader"], row, WORDS),
        "lapse": _lapsed,
    }


def put_in(row: Any, state: str) -> Any:
    """Put a row into a state behind the back of its table."""
    return changed(row, status=state)
