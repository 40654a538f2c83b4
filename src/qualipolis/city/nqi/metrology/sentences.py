"""The events of measuring instruments and measurement standards, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    nqi__register_instrument=_("registered the instrument"),
    nqi__hand_in_instrument=_("handed the instrument in for verification"),
    nqi__take_instrument_back=_("took the instrument back without verification"),
    nqi__seal_instrument=_("took the instrument out of use"),
    nqi__scrap_instrument=_("scrapped the instrument"),
    nqi__verify_instrument=_("noted the verification of %(verified_on)s"),
    nqi__take_instruments=_("took a list of %(rows)s instruments over"),
    nqi__note_public_standard=_("noted the public measurement standard %(number)s"),
)
