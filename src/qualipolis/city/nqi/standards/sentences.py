"""The events of standards and declarations, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    nqi__draft_declaration=_("drafted a declaration of %(standard)s"),
    nqi__set_indicators=_("changed the indicators: %(indicators)s now"),
    nqi__declare_standard=_("declared %(standard)s in public"),
    nqi__confirm_declaration=_("confirmed the declaration"),
    nqi__replace_declaration=_("replaced the declaration by %(by)s"),
    nqi__withdraw_declaration=_("withdrew the declaration"),
    nqi__discard_declaration=_("discarded the draft"),
    nqi__question_declaration=_("asked the firm to check the declaration"),
    nqi__push_change=_("asked the firm to check, because %(standard)s has changed"),
    nqi__change_standard=_(
        "noted what became of the standard; %(declarations)s declarations and %(laboratories)s bodies were told"
    ),
    nqi__take_standards=_("took a list of %(rows)s standards over: %(made)s new, %(changed)s changed"),
    nqi__set_floor=_("noted a mandatory limit of %(standard)s"),
)
