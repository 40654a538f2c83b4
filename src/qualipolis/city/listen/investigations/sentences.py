"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__open_investigation=_("opened the investigation for %(owner)s"),
    listen__edit_investigation=_("changed %(fields)s"),
    listen__restrict_investigation=_("restricted the investigation to those who work on it"),
    listen__lift_restriction=_("lifted the restriction"),
    listen__hand_over_investigation=_("handed the investigation over from %(from)s to %(to)s"),
    listen__close_investigation=_("closed the investigation"),
    listen__reopen_investigation=_("opened the investigation again"),
    listen__cancel_investigation=_("cancelled the investigation"),
    listen__set_team=_("gave team %(team)s the right: %(right)s"),
    listen__remove_team=_("ended the work of team %(team)s"),
    listen__add_business=_("attached a firm as %(role)s"),
    listen__remove_business=_("took a firm out (%(role)s)"),
    listen__add_reference=_("noted the number %(reference)s of another authority"),
    listen__add_products=_("added products: %(count)s"),
    listen__remove_product=_("took product %(product)s out"),
    listen__edit_product=_("changed %(fields)s of the product"),
    listen__log_correspondence=_("logged correspondence of %(on)s (%(kind)s)"),
    listen__add_test=_("recorded a test of %(on)s: %(outcome)s"),
    listen__assess_risk=_("assessed the risk: %(level)s (scenarios: %(scenarios)s)"),
    listen__order_action=_("ordered an action (%(kind)s) until %(until)s"),
    listen__prove_action=_("handed in proof of the action (files: %(files)s)"),
    listen__accept_action=_("accepted the proof of the action"),
    listen__return_action=_("returned the proof of the action"),
    listen__withdraw_action=_("took the action back"),
    listen__draft_request=_("drafted a request to another authority"),
    listen__send_request=_("sent the request under %(document_no)s"),
    listen__answer_request=_("recorded the answer to the request"),
    listen__withdraw_request=_("withdrew the request"),
)
