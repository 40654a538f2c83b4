"""Complaints and documents in words of the ledger; it tells numbers, codes and days, never what was written or by whom."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__take_complaint=_("took the complaint %(of)s"),
    listen__write_summary=_("wrote what the parties of the complaint %(of)s read of the facts"),
    listen__set_competence=_("noted who is competent for the complaint %(of)s (town %(unit)s)"),
    listen__dispute_competence=_("asked who is competent for the complaint %(of)s"),
    listen__settle_competence=_("we are competent for the complaint %(of)s"),
    listen__transfer_complaint=_("passed the complaint %(of)s on with %(document)s"),
    listen__request_identity=_("asked for proof of identity with %(document)s"),
    listen__give_identity=_("proof of identity was given for the complaint %(of)s"),
    listen__accept_complaint=_("accepted the complaint %(of)s with %(document)s"),
    listen__refuse_complaint=_("refused the complaint %(of)s (%(reason_code)s) with %(document)s"),
    listen__reopen_complaint=_("took the complaint %(of)s up again after %(document_no)s"),
    listen__mediate=_("began the mediation with %(document)s; the parties meet on %(meets_on)s"),
    listen__call_meeting=_("called the parties to a meeting on %(meets_on)s with %(document)s"),
    listen__note_meeting=_("noted the meeting of %(held_on)s"),
    listen__entrust=_("entrusted the mediation to %(body)s"),
    listen__hand_back=_("gave the mediation back"),
    listen__name_mediator=_("named who mediates the complaint %(of)s"),
    listen__ask_aside=_("a party asked the mediator to step aside"),
    listen__keep_mediator=_("the mediator of the complaint %(of)s stays"),
    listen__propose_test=_("asked the parties of the complaint %(of)s about a test"),
    listen__answer_test=_("a party answered about the test"),
    listen__pause_mediation=_("stopped the clock for a test with %(left_days)s days left"),
    listen__resume_mediation=_("went on with the mediation, %(left_days)s days left"),
    listen__write_agreement=_("wrote the agreement of the complaint %(of)s"),
    listen__sign_agreement=_("a party signed the agreement on %(signed_on)s"),
    listen__agree=_("recorded the agreement: %(document)s"),
    listen__note_performance=_("noted that the agreement was performed on %(performed_on)s"),
    listen__end_mediation=_("ended the mediation (%(reason_code)s) with %(document)s"),
    listen__withdraw_complaint=_("the complaint %(of)s was withdrawn"),
    listen__close_complaint=_("closed the complaint %(of)s"),
    listen__rate_complaint=_("the complainant rated the complaint %(of)s"),
    listen__ask_respondent=_("asked the firm about the complaint %(of)s, to answer until %(due_on)s"),
    listen__answer_complaint=_("the firm answered about the complaint %(of)s"),
    listen__note_silence=_("noted that the firm did not answer about the complaint %(of)s"),
    listen__withdraw_question=_("took a question about the complaint %(of)s back"),
    listen__serve_document=_("served %(document)s on a party on %(served_on)s"),
    listen__confirm_document=_("a party confirmed the receipt of %(document)s on %(served_on)s"),
)
