"""The events of qualifications, change filings, signatories and certificates, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    nqi__note_licence=_("noted the certificate %(number)s, valid from %(from)s to %(to)s"),
    nqi__apply_renewal=_("applied for the renewal of the certificate"),
    nqi__take_renewal_back=_("took the application for renewal back"),
    nqi__refuse_renewal=_("noted that renewal was refused"),
    nqi__renew_licence=_("noted the renewed certificate, valid from %(new_from)s to %(new_to)s"),
    nqi__suspend_licence=_("suspended the certificate until %(until)s"),
    nqi__restore_licence=_("restored the certificate"),
    nqi__ask_licence_cancelled=_("asked to cancel the certificate"),
    nqi__keep_licence=_("kept the certificate after all"),
    nqi__cancel_licence=_("cancelled the certificate"),
    nqi__withdraw_licence=_("withdrew the certificate, conditions lost"),
    nqi__revoke_licence=_("revoked the certificate, obtained by cheating"),
    nqi__expire_licence=_("the certificate expired"),
    nqi__file_change=_("filed a change of %(on)s"),
    nqi__file_owed_change=_("filed the change that was owed"),
    nqi__note_change=_("noted a change of %(on)s that was not filed"),
    nqi__order_filing=_("ordered to file the change"),
    nqi__return_filing=_("returned the filing"),
    nqi__accept_filing=_("noted that the change was approved, %(lines)s lines of the scope"),
    nqi__refuse_filing=_("noted that the change was refused"),
    nqi__dismiss_filing=_("found that no filing is needed"),
    nqi__take_filing_back=_("took the filing back"),
    nqi__propose_signatory=_("proposed a signatory"),
    nqi__signatory_left=_("noted that a signatory left on %(on)s"),
    nqi__issue_certificate=_("noted the certificate %(number)s, valid to %(to)s"),
    nqi__suspend_certificate=_("suspended the certificate until %(until)s"),
    nqi__restore_certificate=_("restored the certificate"),
    nqi__withdraw_certificate=_("withdrew the certificate"),
    nqi__cancel_certificate=_("cancelled the certificate"),
    nqi__ask_certificate_cancelled=_("asked to cancel the certificate"),
    nqi__keep_certificate=_("kept the certificate after all"),
    nqi__follow_up_certificate=_("noted the surveillance of %(on)s"),
    nqi__expire_certificate=_("the certificate expired"),
    nqi__file_yearly_report=_("handed in the report on the year %(year)s"),
    nqi__take_certificates=_("took a list of %(rows)s certificates over"),
    nqi__remind=_("reminder %(days)s days before %(ends_on)s"),
)
