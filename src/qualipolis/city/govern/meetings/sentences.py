"""Meetings, resolutions and joint tasks in words of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    federation__plan_meeting=_("planned the meeting %(of)s for %(meets_on)s"),
    federation__invite=_("invited %(count)s members to the meeting %(of)s"),
    federation__note_attendance=_("noted that %(count)s members came to the meeting %(of)s"),
    federation__open_meeting=_("opened the meeting %(of)s with %(present)s of %(entitled)s votes"),
    federation__adjourn=_("noted that the meeting %(of)s had no quorum (%(present)s of %(entitled)s votes)"),
    federation__change_chair=_("gave the chair of the meeting %(of)s to %(member)s"),
    federation__minute=_("wrote the notes of the meeting %(of)s"),
    federation__return_notes=_("returned the notes of the meeting %(of)s"),
    federation__confirm_notes=_("confirmed the notes of the meeting %(of)s"),
    federation__publish_notes=_("published the notes of the meeting %(of)s"),
    federation__cancel_meeting=_("cancelled the meeting %(of)s"),
    federation__move_motion=_("put the motion %(of)s before the meeting %(meeting)s"),
    federation__stand_aside=_("noted that the member %(member)s stands aside of the motion %(of)s"),
    federation__open_vote=_("opened the vote on %(of)s"),
    federation__cast_vote=_("voted on %(of)s for the member %(member)s"),
    federation__count_vote=_("counted the vote on %(of)s: %(yes)s for, %(no)s against, %(abstain)s abstaining"),
    federation__recount=_("dropped the vote of %(member)s on %(of)s to count again"),
    federation__withdraw_motion=_("withdrew the motion %(of)s"),
    federation__annul_resolution=_("annulled the resolution %(of)s (%(document_no)s)"),
    federation__propose_task=_("proposed the joint task %(of)s"),
    federation__offer_task=_("asked the member %(member)s to lead the joint task %(of)s until %(until)s"),
    federation__decline_task=_("did not take the lead of the joint task %(of)s"),
    federation__begin_task=_("took the lead of the joint task %(of)s"),
    federation__report_task=_("reported the result of the joint task %(of)s"),
    federation__return_task=_("returned the report of the joint task %(of)s"),
    federation__accept_task=_("accepted the result of the joint task %(of)s"),
    federation__drop_task=_("dropped the joint task %(of)s"),
)
