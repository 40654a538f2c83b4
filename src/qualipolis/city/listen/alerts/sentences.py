"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__import_alerts=_("took in alerts of %(source)s: %(rows)s rows, %(added)s new, %(known)s known already"),
    listen__confirm_classes=_("confirmed the suggested class of product of %(alerts)s alerts"),
    listen__classify_alert=_("said which class of product the alert %(of)s is about: %(product_class)s"),
    listen__link_alert=_("said which firm the alert %(of)s is about: %(firm)s"),
    listen__find_pairs=_("found %(found)s pairs of records that may be one"),
    listen__pair_same=_("found two records to be the same"),
    listen__pair_different=_("found two records to be different"),
)
