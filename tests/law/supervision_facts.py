"""Facts under which every step of the flows of supervision sampling may be taken on 1 March 2021."""

from __future__ import annotations

import datetime as dt
from typing import Any

READY_SUPERVISION: dict[str, Any] = {
    "sampling_body": "S",
    "testing_body": "T",
    "rules_public_on": dt.date(2021, 2, 26),
    "committed_at": dt.datetime(2021, 2, 1, 9),
    "random_at": dt.datetime(2021, 2, 2, 9),
    "samplers": 2,
    "not_sampled_reason": "stock_low",
    "no_recheck_ground": "late",
    "objection_kind": "conclusion",
    "first_laboratory": "T",
    "recheck_laboratory": "U",
    "second_review_from": dt.date(2021, 3, 1),
    "window_until": dt.date(2021, 3, 15),
    "formalities_until": dt.date(2021, 3, 8),
    "correct_by": dt.date(2021, 2, 26),
    "final_from": dt.date(2021, 3, 1),
    "take_down_day": dt.date(2021, 3, 1),
    "kind": "light",
    **dict.fromkeys(
        (
            "higher_level_repeats",
            "open_form_fields",
            "rechecks_concluded",
            "unserved_parties",
            "open_objections",
            "open_results_left",
            "open_tasks",
            "open_items_left",
            "items_out_of_scope",
        ),
        0,
    ),
    **dict.fromkeys(
        (
            "seal_intact",
            "licence_checked",
            "report_issued",
            "process_flaw",
            "conclusion_objected",
            "backup_usable",
            "order_proved",
            "failed",
            "result_final",
            "laboratory_drawn",
            "reversed",
        ),
        True,
    ),
}
