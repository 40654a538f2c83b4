"""Letters in words of the ledger; it tells tracks, codes and days, never what was written or by whom."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__receive_letter=_("took in a letter under Order %(order)s, received on %(received_on)s"),
    listen__place_letter=_("said where a letter belongs: town %(unit)s, firm %(firm)s"),
    listen__classify_letter=_("said what a letter is about: %(product_class)s, %(hazard)s"),
    listen__complete_identity=_("more of the identity was given for the complaint %(of)s"),
    listen__reveal_identity=_("opened the seal over who sent a letter (%(why)s)"),
)
