"""Pacts and breaches in words of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    federation__draft_pact=_("drafted the pact %(of)s"),
    federation__edit_pact=_("changed the draft of the pact %(of)s"),
    federation__hand_in_pact=_("gave the pact %(of)s to the fair-competition check"),
    federation__check_pact=_("answered the fair-competition check of the pact %(of)s, turn %(turn)s"),
    federation__clear_pact=_("concluded the fair-competition check of the pact %(of)s, turn %(turn)s"),
    federation__return_pact=_("returned the pact %(of)s to its author"),
    federation__stop_pact=_("stopped the pact %(of)s: it would restrict competition"),
    federation__discard_pact=_("discarded the draft of the pact %(of)s"),
    federation__publish_pact=_("published the pact %(of)s"),
    federation__replace_pact=_("replaced the pact %(of)s by %(by)s"),
    federation__sign_pact=_("signed the pact %(of)s for the member %(member)s"),
    federation__end_signature=_("ended the signature of %(member)s under the pact %(of)s"),
    federation__monitor_pact=_("began to monitor the pact %(of)s"),
    federation__check_pact_again=_("took the pact %(of)s down to check it again"),
    federation__end_pact=_("ended the pact %(of)s (%(document_no)s)"),
    federation__raise_breach=_("reported a breach %(of)s of the pact %(pact)s by %(member)s"),
    federation__examine_breach=_("began to examine the breach %(of)s"),
    federation__state_breach=_("gave a statement on the breach %(of)s"),
    federation__note_silence=_("noted that no statement came on the breach %(of)s"),
    federation__coach=_("found the breach %(of)s and agreed on coaching"),
    federation__dismiss_breach=_("found no breach in %(of)s"),
    federation__report_mended=_("reported what was mended for the breach %(of)s"),
    federation__coach_on=_("asked for more on the breach %(of)s"),
    federation__accept_mended=_("accepted that the breach %(of)s is mended"),
    federation__strike=_("removed the member from the pact for the breach %(of)s (%(document_no)s)"),
)
