"""Every clock and limit of supervision sampling, as rows of the dated table.

Products run on the Product Quality Law and Order 18, food on the Food Safety Law and Order 15, published penalties on
Order 45. Where these name no term, the city's own stands in its place, so that nothing waits without a day to wait for.
"""

from __future__ import annotations

import datetime as dt

from qualipolis.law.rules import Rule, Value
from qualipolis.law.supervision import sources as law
from qualipolis.methods.problems import msg

EVENTS = {
    "sampled": msg("the day of sampling"),
    "result_served": msg("the result is served, party by party"),
    "result_reported": msg("the laboratory's report reaches the organiser"),
    "result_final": msg("the result is final"),
    "objection_received": msg("the written objection is received"),
    "recheck_notice_served": msg("the recheck notice is served"),
    "formalities_done": msg("the applicant has done the formalities"),
    "recheck_sample_received": msg("the recheck laboratory receives the backup sample"),
    "sample_received": msg("the laboratory receives the sample"),
    "nonconformity_found": msg("the laboratory finds a nonconformity"),
    "recheck_applied": msg("the application for a recheck is received"),
    "transferred": msg("the failed result is handed over for handling"),
    "order_served": msg("the order to correct is served"),
    "review_failed": msg("the review finds a failure"),
    "announced": msg("the announcement is made"),
    "found": msg("the moment it is found"),
    "windows_over": msg("the windows of all parties are over"),
    "case_closed": msg("the matter is closed"),
    "penalty_decided": msg("the penalty is decided"),
    "penalty_received": msg("the other authority receives the penalty"),
    "penalty_changed": msg("the penalty is changed, revoked or found unlawful"),
    "published": msg("the day of publication"),
}

PRODUCT_LAW_FROM, FOOD_LAW_FROM = dt.date(2018, 12, 29), dt.date(2021, 4, 29)
ORDER_18_FROM, ORDER_15_FROM, ORDER_45_FROM = dt.date(2020, 1, 1), dt.date(2019, 10, 1), dt.date(2021, 9, 1)
_FROM_THE_START = dt.date(1949, 10, 1)
_MEMORY = msg("Order 18 was not seen: value and article number are from memory and may differ.")
_MEMORY_FOOD = msg("Order 15 was not seen: value and first day are from memory and may differ.")
_SNAPSHOT = msg("Compared with a copy of April 2025; a later amendment must be checked.")
_OWN = msg("A value set by the city, not by law; change it by a decision of the city.")
_NO_PAUSE = ""
_CEASED = msg("It stands still when the firm has ceased to exist; a new order to its successor starts it anew.")
_AT_ONCE = msg("At once: the source names no number of days.")


def _law(code: str, clause: str, value: Value, unit: str, starts: str, source: str, first: dt.date) -> Rule:
    return Rule(code, clause, value, unit, first, None, source, True, _SNAPSHOT, starts)


def _o18(
    code: str,
    clause: str,
    value: Value,
    starts: str,
    *,
    unit: str = "calendar days",
    bound: str = "latest",
    note: str = _MEMORY,
    stands: str = _NO_PAUSE,
) -> Rule:
    return Rule(code, clause, value, unit, ORDER_18_FROM, None, law.ORDER_18, False, note, starts, bound, stands)


def _food(code: str, clause: str, value: int, starts: str, *, unit: str = "working days") -> Rule:
    return Rule(code, clause, value, unit, ORDER_15_FROM, None, law.ORDER_15, False, _MEMORY_FOOD, starts)


def _penalty(code: str, clause: str, value: int, unit: str, starts: str, *, bound: str = "latest") -> Rule:
    return Rule(code, clause, value, unit, ORDER_45_FROM, None, law.ORDER_45, True, _SNAPSHOT, starts, bound)


def _city(
    code: str, clause: str, value: int, starts: str, *, unit: str = "working days", bound: str = "latest"
) -> Rule:
    return Rule(code, clause, value, unit, _FROM_THE_START, None, law.CITY, False, _OWN, starts, bound)


_PRODUCT = (
    _law(
        "supervision.objection",
        msg("Window to apply for a recheck, Product Quality Law, article 15"),
        15,
        "calendar days",
        "result_served",
        law.PRODUCT_LAW,
        PRODUCT_LAW_FROM,
    ),
    _o18(
        "supervision.same_product",
        msg("The same authority does not sample the same product again, article 8"),
        6,
        "sampled",
        unit="months",
        bound="earliest",
    ),
    _o18("supervision.samplers", msg("Fewest samplers on site, article 16"), 2, "", unit="people", bound=""),
    _o18(
        "supervision.report_unlawful",
        msg("Report of unlawful facts on site, article 17"),
        0,
        "found",
        note=_AT_ONCE,
    ),
    _o18("supervision.report_refusal", msg("Report of a refusal, article 21"), 0, "found", note=_AT_ONCE),
    _o18(
        "supervision.report_at_laboratory",
        msg("Report of an irregular sample or a missing licence, articles 29 and 30"),
        0,
        "found",
        note=_AT_ONCE,
    ),
    _o18(
        "supervision.return_samples",
        msg("Return of free samples that passed, article 34"),
        0,
        "windows_over",
        bound="earliest",
        note=msg("After the windows are over; the source names no last day."),
    ),
    _o18(
        "supervision.recheck_formalities",
        msg("Formalities of a recheck, else it is waived, article 38"),
        7,
        "recheck_notice_served",
    ),
    _o18(
        "supervision.recheck_designate",
        msg("Designation of the recheck laboratory, article 39"),
        10,
        "formalities_done",
    ),
    _o18("supervision.stop_sale", msg("Failed products are no longer made or sold, article 45"), 0, "result_served",
         note=_AT_ONCE),
    _o18(
        "supervision.correct",
        msg("Correction after the order, article 46"),
        60,
        "order_served",
        stands=_CEASED,
    ),
    _o18(
        "supervision.review",
        msg("Review after the order, article 47"),
        75,
        "order_served",
        note=msg("From memory; whether it runs from the day of the order or of its service was not seen."),
        stands=_CEASED,
    ),
    _o18(
        "supervision.second_review_after",
        msg("The second review is later than this, article 48"),
        60,
        "announced",
        bound="earliest",
        stands=_CEASED,
    ),
    _o18(
        "supervision.second_review_before",
        msg("The second review is earlier than this, article 48"),
        90,
        "announced",
        note=msg("From memory; the last day itself is left out and no holiday moves it, the safe reading."),
        stands=_CEASED,
    ),
    _o18("supervision.fine_cap", msg("Highest fine where no other law fits, articles 51 and 52"), 30_000, "",
         unit="CNY", bound=""),
    _o18(
        "supervision.archive",
        msg("Files are kept at least, article 54"),
        2,
        "case_closed",
        unit="years",
        bound="earliest",
    ),
)  # fmt: skip

_FOOD = (
    _law(
        "food.recheck_apply",
        msg("Window to apply for a recheck of food, Food Safety Law, article 88"),
        7,
        "working days",
        "result_served",
        law.FOOD_LAW,
        FOOD_LAW_FROM,
    ),
    _food("food.report", msg("Report of the laboratory on food"), 20, "sample_received"),
    _food("food.nonconforming_report", msg("Report of nonconforming food"), 2, "nonconformity_found"),
    _food("food.recheck_decision", msg("Acceptance or refusal of a food recheck"), 5, "recheck_applied"),
    _food("food.recheck_report", msg("Result of a food recheck"), 10, "recheck_sample_received"),
    _food("food.handling", msg("Handling of nonconforming food"), 90, "transferred", unit="calendar days"),
)

_PENALTIES = (
    _penalty(
        "penalty.publish",
        msg("Publication of a penalty, party of the same province, article 9"),
        20,
        "working days",
        "penalty_decided",
    ),
    _penalty(
        "penalty.push",
        msg("Passing a penalty on, party of another province, article 10"),
        10,
        "working days",
        "penalty_decided",
    ),
    _penalty(
        "penalty.publish_received",
        msg("Publication of a penalty received from another province, article 10"),
        10,
        "working days",
        "penalty_received",
    ),
    _penalty(
        "penalty.withdraw",
        msg("Taking down a penalty that was changed or revoked, article 11"),
        3,
        "working days",
        "penalty_changed",
    ),
    _penalty(
        "penalty.shown_light",
        msg("A notice of criticism or low fine is shown, article 13"),
        3,
        "months",
        "published",
        bound="earliest",
    ),
    _penalty(
        "penalty.shown",
        msg("Any other penalty is shown, article 13"),
        3,
        "years",
        "published",
        bound="earliest",
    ),
)

_CITY = (
    _city("supervision.laboratory_report", msg("Report of the laboratory on a product"), 20, "sample_received"),
    _city("supervision.result_notice", msg("Notice of the result to every party"), 10, "result_reported"),
    _city("supervision.objection_answer", msg("Answer to an objection"), 15, "objection_received"),
    _city("supervision.recheck_report", msg("Report of the recheck laboratory"), 20, "recheck_sample_received"),
    _city("supervision.order", msg("Order to correct after the hand-over"), 5, "transferred"),
    _city("supervision.escalate", msg("Report of a failed review to the province"), 5, "review_failed"),
    _city("supervision.area_transfer", msg("Telling the authority of another area"), 10, "result_final"),
    _city("supervision.publication", msg("Publication of final results"), 20, "result_final"),
    _city(
        "supervision.publication_shown",
        msg("Published results are shown"),
        3,
        "published",
        unit="years",
        bound="earliest",
    ),
)

SUPERVISION_RULES: tuple[Rule, ...] = (*_PRODUCT, *_FOOD, *_PENALTIES, *_CITY)
