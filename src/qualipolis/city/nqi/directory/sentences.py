"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    nqi__record_gap=_("recorded the gap in capability %(of)s, met %(asked)s times so far"),
    nqi__plan_gap=_("put the gap %(of)s into the plan of %(year)s"),
    nqi__build_gap=_("said that the capability for the gap %(of)s is being built"),
    nqi__unplan_gap=_("took the gap %(of)s out of the plan"),
    nqi__drop_gap=_("said that the gap %(of)s will not be filled here"),
    nqi__fill_gap=_("said that the gap %(of)s is filled: %(able)s institutions can do it"),
    nqi__reopen_gap=_("opened the gap %(of)s again"),
    nqi__end_gap=_("closed the gap %(of)s for good"),
    nqi__import_scope=_(
        "took over the scope of the certificate %(of)s: %(added)s new lines, %(kept)s stay, %(ended)s end"
    ),
)
