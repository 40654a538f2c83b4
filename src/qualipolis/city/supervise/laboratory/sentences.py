"""The events of the laboratory in words; they name the code of the sample and nothing else of it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    supervise__receive_sample=_("received the sample %(of)s on %(received_on)s, seals intact"),
    supervise__reject_sample=_("refused the sample %(of)s in writing: %(reason)s"),
    supervise__begin_test=_("began the test of the sample %(of)s"),
    supervise__stop_test=_("stopped before the test of the sample %(of)s: %(reason)s"),
    supervise__give_up_test=_("recorded that the sample %(of)s cannot be tested: %(reason)s"),
    supervise__report_sample=_("reported the sample %(of)s to the organiser"),
    supervise__give_back_sample=_("gave the sample %(of)s back"),
    supervise__dispose_sample=_("disposed of the sample %(of)s"),
    supervise__enter_items=_("entered %(items)s items of the report on %(of)s, version %(version)s"),
    supervise__import_items=_("took %(items)s items of %(samples)s samples from the file %(file)s"),
    supervise__submit_report=_("submitted the report %(of)s for signature"),
    supervise__return_report=_("returned the report %(of)s: %(reason)s"),
    supervise__sign_report=_("signed the report %(of)s (%(signatory)s)"),
    supervise__issue_report=_("issued the report %(document_no)s of %(issued_on)s"),
    supervise__amend_report=_("opened version %(version)s of the report on %(of)s: %(reason)s"),
    supervise__accept_report=_("accepted the report %(number)s"),
    supervise__withdraw_report=_("withdrew the report %(number)s by %(document_no)s: %(reason)s"),
)
