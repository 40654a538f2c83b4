"""The events of this room in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    assess__run=_("computed an assessment of %(units)s units (%(replicates)s replicates, seed %(seed)s)"),
    assess__adjust=_("entered an adjustment for %(unit)s by document %(document)s: %(reason)s"),
    assess__preview=_("sent the preview of the assessment; objections until %(due_on)s"),
    assess__decide=_("decided on the assessment"),
    assess__publish=_("published the release %(number)s"),
    assess__supersede=_("replaced an earlier release by %(by)s"),
    assess__withdraw=_("withdrew the release %(number)s: %(reason)s"),
)
