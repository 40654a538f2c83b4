"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.supervise.aftermath.follow_ups import make_follow_up
from qualipolis.city.supervise.aftermath.handling import (
    attach_correction,
    attach_food_handling,
    begin_food_handling,
    close_handling,
    fail_review,
    finish_food_handling,
    note_not_corrected,
    order_correction,
    pass_review,
    report_correction,
    serve_order,
)
from qualipolis.city.supervise.aftermath.marks import (
    ask_follow_up,
    fine_cap,
    fine_restart,
    note_restart,
    open_penalty_case,
    write_cause,
)
from qualipolis.city.supervise.aftermath.meetings import call_meeting, minute_meeting
from qualipolis.city.supervise.aftermath.opening import (
    cancel_handling,
    cease_firm,
    close_ceased,
    find_successor,
    reopen_handling,
)
from qualipolis.city.supervise.aftermath.penalties import (
    annul_penalty,
    correct_penalty,
    decide_penalty,
    keep_penalty_back,
    publish_penalty,
    push_penalty,
    record_penalty_elsewhere,
    take_down_penalty,
    uphold_penalty,
    withdraw_penalty,
)
from qualipolis.city.supervise.aftermath.publications import (
    approve_publication,
    correct_publication,
    draft_publication,
    publish_results,
    refresh_publication,
    revise_publication,
    take_down_publication,
    withdraw_publication,
)
from qualipolis.city.supervise.aftermath.review import (
    announce_failure,
    escalate_handling,
    fail_second_review,
    pass_second_review,
    pass_third_review,
    revoke_licence,
)
from qualipolis.city.supervise.aftermath.take_down import take_down_due
from qualipolis.city.supervise.aftermath.transfers import (
    acknowledge_transfer,
    bounce_transfer,
    close_transfer,
    recall_transfer,
    send_transfer,
)
from qualipolis.city.supervise.draws.ceremony import (
    commit as commit_draw,
)
from qualipolis.city.supervise.draws.ceremony import (
    edit_draw,
    make_tasks,
    redraw,
)
from qualipolis.city.supervise.draws.ceremony import (
    freeze as freeze_draw,
)
from qualipolis.city.supervise.draws.ceremony import (
    prepare as prepare_draw,
)
from qualipolis.city.supervise.draws.ceremony import (
    publish as publish_draw,
)
from qualipolis.city.supervise.draws.ceremony import (
    reveal as reveal_draw,
)
from qualipolis.city.supervise.draws.ceremony import (
    thaw as thaw_draw,
)
from qualipolis.city.supervise.draws.samplers import (
    assign as assign_samplers,
)
from qualipolis.city.supervise.draws.samplers import (
    reassign as reassign_samplers,
)
from qualipolis.city.supervise.draws.samplers import (
    recuse,
)
from qualipolis.city.supervise.draws.samplers import (
    save_profile as save_inspector,
)
from qualipolis.city.supervise.field.forms import correct_form, save_form
from qualipolis.city.supervise.field.photos import add_photo
from qualipolis.city.supervise.field.samples import (
    dispatch_sample,
    keep_backup,
    leave_sample,
    lose_sample,
    spoil_sample,
    take_sample,
)
from qualipolis.city.supervise.field.submissions import receive, see_conflict
from qualipolis.city.supervise.field.tasks import (
    assign_task,
    complete_task,
    give_task_back,
    leave_task_open,
    replace_task,
    skip_recent,
    void_task,
)
from qualipolis.city.supervise.field.visits import (
    arrive,
    not_sample,
    refuse_sampling,
    report_refusal,
    report_unlawful,
    stop_unlawful,
)
from qualipolis.city.supervise.laboratory import backup as laboratory_backup  # noqa: F401
from qualipolis.city.supervise.laboratory import bench as laboratory  # noqa: F401
from qualipolis.city.supervise.laboratory import (
    report_import,  # noqa: F401
    reports,  # noqa: F401
)
from qualipolis.city.supervise.planning.campaigns import (
    approve as approve_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    archive as archive_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    begin as begin_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    cancel as cancel_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    contract as contract_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    create_campaign,
    edit_campaign,
    end_sampling,
    resume_sampling,
)
from qualipolis.city.supervise.planning.campaigns import (
    from_line as campaign_from_line,
)
from qualipolis.city.supervise.planning.campaigns import (
    publish_rules as publish_campaign_rules,
)
from qualipolis.city.supervise.planning.campaigns import (
    reopen as reopen_campaign,
)
from qualipolis.city.supervise.planning.campaigns import (
    settle as settle_campaign,
)
from qualipolis.city.supervise.planning.plans import (
    add_line as add_plan_line,
)
from qualipolis.city.supervise.planning.plans import (
    amend_plan,
    approve_plan,
    close_plan,
    create_plan,
    edit_plan,
    enter_higher_task,
    file_plan,
    publish_plan,
    remove_higher_task,
    return_plan,
    submit_plan,
)
from qualipolis.city.supervise.planning.plans import (
    edit_line as edit_plan_line,
)
from qualipolis.city.supervise.planning.plans import (
    import_lines as import_plan_lines,
)
from qualipolis.city.supervise.planning.plans import (
    remove_line as remove_plan_line,
)
from qualipolis.city.supervise.planning.rules_of_sampling import (
    create_rule,
    edit_rule,
    publish_rule,
    replace_rule,
)
from qualipolis.city.supervise.planning.rules_of_sampling import (
    set_items as set_rule_items,
)
from qualipolis.city.supervise.results import ends as result_ends  # noqa: F401
from qualipolis.city.supervise.results import (
    objections,  # noqa: F401
    recheck_conclusion,  # noqa: F401
    rechecks,  # noqa: F401
)
from qualipolis.city.supervise.results import opening as result_opening  # noqa: F401
from qualipolis.city.supervise.results import serving as results  # noqa: F401
from qualipolis.city.supervise.results import sweep as result_sweep  # noqa: F401
from qualipolis.city.supervise.statistics import revisions  # noqa: F401
from qualipolis.city.supervise.statistics.fact_import import import_facts

__all__ = [
    "acknowledge_transfer",
    "add_photo",
    "add_plan_line",
    "amend_plan",
    "announce_failure",
    "annul_penalty",
    "approve_campaign",
    "approve_plan",
    "approve_publication",
    "archive_campaign",
    "arrive",
    "ask_follow_up",
    "assign_samplers",
    "assign_task",
    "attach_correction",
    "attach_food_handling",
    "begin_campaign",
    "begin_food_handling",
    "bounce_transfer",
    "call_meeting",
    "campaign_from_line",
    "cancel_campaign",
    "cancel_handling",
    "cease_firm",
    "close_ceased",
    "close_handling",
    "close_plan",
    "close_transfer",
    "commit_draw",
    "complete_task",
    "contract_campaign",
    "correct_form",
    "correct_penalty",
    "correct_publication",
    "create_campaign",
    "create_plan",
    "create_rule",
    "decide_penalty",
    "dispatch_sample",
    "draft_publication",
    "edit_campaign",
    "edit_draw",
    "edit_plan",
    "edit_plan_line",
    "edit_rule",
    "end_sampling",
    "enter_higher_task",
    "escalate_handling",
    "fail_review",
    "fail_second_review",
    "file_plan",
    "find_successor",
    "fine_cap",
    "fine_restart",
    "finish_food_handling",
    "freeze_draw",
    "give_task_back",
    "import_facts",
    "import_plan_lines",
    "keep_backup",
    "keep_penalty_back",
    "leave_sample",
    "leave_task_open",
    "lose_sample",
    "make_follow_up",
    "make_tasks",
    "minute_meeting",
    "not_sample",
    "note_not_corrected",
    "note_restart",
    "open_penalty_case",
    "order_correction",
    "pass_review",
    "pass_second_review",
    "pass_third_review",
    "prepare_draw",
    "publish_campaign_rules",
    "publish_draw",
    "publish_penalty",
    "publish_plan",
    "publish_results",
    "publish_rule",
    "push_penalty",
    "reassign_samplers",
    "recall_transfer",
    "receive",
    "record_penalty_elsewhere",
    "recuse",
    "redraw",
    "refresh_publication",
    "refuse_sampling",
    "remove_higher_task",
    "remove_plan_line",
    "reopen_campaign",
    "reopen_handling",
    "replace_rule",
    "replace_task",
    "report_correction",
    "report_refusal",
    "report_unlawful",
    "resume_sampling",
    "return_plan",
    "reveal_draw",
    "revise_publication",
    "revoke_licence",
    "save_form",
    "save_inspector",
    "see_conflict",
    "send_transfer",
    "serve_order",
    "set_rule_items",
    "settle_campaign",
    "skip_recent",
    "spoil_sample",
    "stop_unlawful",
    "submit_plan",
    "take_down_due",
    "take_down_penalty",
    "take_down_publication",
    "take_sample",
    "thaw_draw",
    "uphold_penalty",
    "void_task",
    "withdraw_penalty",
    "withdraw_publication",
    "write_cause",
]
