"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    talent__register_learner=_("registered a person of the firm"),
    talent__link_account=_("said under which account the person signs in"),
    talent__nominate_officer=_("named a chief quality officer (%(of)s)"),
    talent__attach_appointment=_("attached the paper of appointment"),
    talent__hand_in_officer_again=_("handed the appointment in again"),
    talent__withdraw_officer=_("withdrew the nomination"),
    talent__file_officer=_("filed the appointment"),
    talent__return_officer=_("returned the appointment to the firm"),
    talent__officer_trained=_("the officer passed the course on %(on)s"),
    talent__officer_renewed=_("the officer was trained again on %(on)s and is active as before"),
    talent__officer_certified=_("the certificate %(certificate)s was issued"),
    talent__activate_officer=_("the officer took up the post"),
    talent__lapse_officer=_("the officer lapsed: two years without training"),
    talent__replace_officer=_("recorded that the officer left on %(on)s"),
    talent__remove_officer=_("struck the filing"),
    talent__deregister_officer=_("the firm was deregistered on %(on)s"),
    talent__advise_removal=_("advised the firm to remove the officer, %(document_no)s"),
    talent__answer_advice=_("answered the advice to remove the officer"),
    talent__record_act=_("recorded the act %(act)s of the officer"),
    talent__report_department=_("reported the quality department"),
    talent__end_department=_("recorded that the quality department was dissolved on %(on)s"),
    talent__form_group=_("listed firms as one group"),
    talent__leave_group=_("took a firm off the list of the group"),
)
