"""The reception in words of the ledger; it tells numbers, codes and days, never what was written."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    hospital__save_department=_("saved the department %(code)s"),
    hospital__save_expert=_("saved an expert: at most %(capacity)s open cases, until %(term_to)s"),
    hospital__set_absence=_("noted the absence of an expert from %(from)s to %(to)s"),
    hospital__draft_case=_("began a case"),
    hospital__edit_case=_("changed the draft of a case"),
    hospital__add_photo=_("added a photo to the draft of a case"),
    hospital__drop_photo=_("took a photo off the draft of a case"),
    hospital__register_case=_("registered the case %(number)s"),
    hospital__offer_treatment=_("offered treatment after the failed sample %(result)s"),
    hospital__take_offer=_("began a case after the failed sample %(result)s"),
    hospital__refuse_offer=_("wants no treatment after the failed sample %(result)s"),
    hospital__triage=_("sent the case to a department, severity %(severity)s, urgency %(urgency)s"),
    hospital__reject_case=_("turned the case away (%(reason_code)s)"),
    hospital__propose_expert=_("proposed the case to an expert"),
    hospital__accept_case=_("took the case"),
    hospital__decline_case=_("declined the case"),
    hospital__hand_over=_("handed the case %(of)s over to another expert"),
    hospital__ask_firm=_("asked the firm; the clock stands still with %(left_days)s working days left"),
    hospital__resume_case=_("the case goes on with %(left_days)s working days left"),
    hospital__suspend_case=_("suspended the case: the firm is silent"),
    hospital__close_unresponsive=_("closed the case: the firm stayed silent"),
    hospital__report_duty=_("reported from the case %(of)s what law requires (%(ground)s); the producer reports until %(due_on)s"),
    hospital__note_own_report=_("noted that the producer reported on %(on)s"),
    hospital__withdraw_case=_("withdrew the case"),
    hospital__cease_case=_("closed the case: the firm was deregistered on %(closed_on)s"),
    hospital__reopen_case=_("reopened the case for the %(times)s. time; cured on %(cured_on)s"),
    hospital__link_cases=_("linked the cases %(of)s and %(other)s (%(kind)s)"),
)  # fmt: skip
