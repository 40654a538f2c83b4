"""The treatment in words of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    hospital__add_containment=_("asked for a containment by %(until)s"),
    hospital__finish_item=_("reported item %(position)s done on %(done_on)s"),
    hospital__accept_item=_("accepted item %(position)s"),
    hospital__return_item=_("sent item %(position)s back"),
    hospital__drop_item=_("dropped item %(position)s"),
    hospital__write_prescription=_("wrote version %(version)s of the prescription: %(items)s items"),
    hospital__prescribe=_("prescribed the treatment: version %(version)s, %(items)s items"),
    hospital__issue_prescription=_("gave version %(version)s of the prescription"),
    hospital__replace_prescription=_("replaced version %(version)s of the prescription"),
    hospital__begin_treatment=_("began the treatment by version %(version)s of the prescription"),
    hospital__accept_prescription=_("accepted version %(version)s of the prescription"),
    hospital__refuse_prescription=_("sent the case back to the expert: objection to version %(version)s"),
    hospital__object_to_prescription=_("objected to version %(version)s of the prescription"),
    hospital__hand_in=_("handed in the evidence of treatment %(treatment)s"),
    hospital__hand_in_more=_("handed in more evidence of treatment %(treatment)s"),
    hospital__prove=_("compared before and after for item %(position)s"),
    hospital__cure=_("judged the case cured; proofs: %(proofs)s"),
    hospital__improve=_("judged the case improved"),
    hospital__no_effect=_("judged treatment %(treatment)s without effect; items sent back: %(items)s"),
    hospital__refer=_("brought the case before a panel after treatment %(treatment)s without effect"),
    hospital__record_follow_up=_("recorded the follow-up of day %(days)s on %(done_on)s"),
    hospital__miss_follow_up=_("reached nobody for the follow-up of day %(days)s"),
    hospital__cancel_follow_up=_("cancelled the follow-up of day %(days)s"),
    hospital__follow=_("took the follow-up of the case on"),
    hospital__follow_up_due=_("called the follow-up of day %(days)s, planned for %(planned_on)s"),
    hospital__close_case=_("closed the case, cured on %(cured_on)s"),
    hospital__write_failure_mode=_("wrote the failure mode analysis: %(rows)s rows"),
    hospital__remove_failure_mode=_("took a row out of the failure mode analysis: %(rows)s left"),
    hospital__write_control_line=_("wrote the control plan: %(rows)s lines"),
    hospital__remove_control_line=_("took a line out of the control plan: %(rows)s left"),
)  # fmt: skip
