"""Members, committees, pledges and opinions in words of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    federation__apply=_("applied for membership of the federation (%(of)s, %(organisation)s)"),
    federation__approve_member=_("admitted the member %(of)s with %(votes)s votes (%(document_no)s)"),
    federation__refuse_member=_("refused the application %(of)s (%(document_no)s)"),
    federation__withdraw_application=_("withdrew the application %(of)s"),
    federation__join=_("accepted the statutes and joined the federation (%(of)s)"),
    federation__suspend_member=_("suspended the membership %(of)s (%(document_no)s)"),
    federation__resume_member=_("lifted the suspension of %(of)s"),
    federation__leave=_("left the federation (%(of)s)"),
    federation__remove_member=_("removed the member %(of)s by resolution %(resolution)s (%(document_no)s)"),
    federation__found_committee=_("wrote down the committee %(of)s"),
    federation__seat_member=_("gave the member %(member)s a seat in the committee %(of)s"),
    federation__end_seat=_("ended the seat of %(member)s in the committee %(of)s"),
    federation__write_pledge=_("wrote the pledge %(of)s, valid until %(valid_to)s"),
    federation__edit_pledge=_("changed the draft of the pledge %(of)s"),
    federation__hand_in_pledge=_("handed the pledge %(of)s in"),
    federation__return_pledge=_("returned the pledge %(of)s"),
    federation__publish_pledge=_("published the pledge %(of)s"),
    federation__doubt_pledge=_("noted a doubt about the pledge %(of)s"),
    federation__answer_doubt=_("answered the doubt about the pledge %(of)s"),
    federation__keep_pledge=_("found the pledge %(of)s kept"),
    federation__break_pledge=_("found the pledge %(of)s broken, with a second person"),
    federation__fulfil_pledge=_("noted that the pledge %(of)s was fulfilled"),
    federation__take_back_pledge=_("took the pledge %(of)s back"),
    federation__lapse_pledge=_("noted that the pledge %(of)s has run out"),
    federation__give_opinion=_("gave an opinion on %(of)s"),
    federation__answer_opinion=_("answered an opinion on %(of)s"),
)
