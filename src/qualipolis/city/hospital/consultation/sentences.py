"""The consultation in words of the ledger; it never repeats what was written."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    hospital__say=_("wrote in the consultation of the case %(of)s, with %(files)s files"),
    hospital__examine=_("began the examination of the case"),
    hospital__examine_more=_("examines the case further after the panel"),
    hospital__order_examination=_("ordered the examination %(of)s of %(items)s items"),
    hospital__accept_examination=_("accepted the examination %(of)s"),
    hospital__decline_examination=_("declined the examination %(of)s"),
    hospital__cancel_examination=_("cancelled the examination %(of)s"),
    hospital__report_examination=_("reported the examination %(of)s on %(reported_on)s: %(items)s items, %(failed)s failed"),
    hospital__send_to_panel=_("sent the case to a panel"),
    hospital__call_panel=_("called a panel of %(members)s members"),
    hospital__give_opinion=_("gave an opinion in the panel: %(given)s of %(members)s"),
    hospital__conclude_panel=_("recorded the decision of the panel of %(members)s members"),
    hospital__cancel_panel=_("cancelled the panel"),
    hospital__diagnose=_("gave the diagnosis, version %(version)s"),
    hospital__revise_diagnosis=_("took the diagnosis back and examines again"),
    hospital__ask_second_opinion=_("asked for a second opinion on the diagnosis, version %(version)s"),
    hospital__appoint_second_expert=_("appointed an expert of another organisation for the second opinion"),
    hospital__give_second_opinion=_("gave the second opinion"),
    hospital__stop_prescription=_("stopped the prescription: the diagnosis was overturned"),
    hospital__stop_prescription_by_opinion=_("took the prescription back: the diagnosis was overturned"),
    hospital__withdraw_second_opinion=_("withdrew the request for a second opinion"),
)  # fmt: skip
