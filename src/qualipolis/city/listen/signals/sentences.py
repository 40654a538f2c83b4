"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__hear=_("looked over %(series)s series of the week of %(week)s: %(raised)s signals"),
    listen__raise_signal=_("a signal in the week of %(week)s: %(count)s records"),
    listen__raise_again=_("the signal is back: %(count)s records"),
    listen__look_at_signal=_("took the signal to look at it"),
    listen__dismiss_signal=_("found nothing to do"),
    listen__merge_signal=_("joined the signal with %(into)s"),
    listen__act_on_signal=_("proposed something"),
    listen__propose=_("made a proposal from the signal %(of)s"),
    listen__take_up_proposal=_("took the proposal up: %(became)s"),
    listen__decline_proposal=_("declined the proposal"),
    listen__withdraw_proposal=_("withdrew the proposal"),
    listen__confirm_signal=_("found the signal to be true"),
    listen__refute_signal=_("found the signal to be false"),
)
