"""The events of counting in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    supervise__import_facts=_("took in %(rows)s older results from the file %(file)s"),
)
