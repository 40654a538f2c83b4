"""Alerts and recalls of other authorities, and tables of findings, brought to one form.

Begin with :func:`preview`, let a person confirm or change its :class:`Mapping`, keep that under :func:`fingerprint`,
and :func:`read` with it: now, and whenever a table with the same columns comes again.
"""

from qualipolis.lake.alerts.fields import WORDS as FIELD_WORDS
from qualipolis.lake.alerts.fields import kind_of
from qualipolis.lake.alerts.mapping import Column, Mapping, fingerprint
from qualipolis.lake.alerts.reading import Preview, preview, read
from qualipolis.lake.alerts.rows import NONE_FOUND, NOT_STATED, AlertBatch, AlertRow, Counts, Finding
from qualipolis.lake.alerts.suggesting import suggest_mapping

FIELDS = tuple(FIELD_WORDS)
"""The fields that a column may fill, in the order to offer them; ``FIELD_WORDS`` has what each is called."""

__all__ = [
    "FIELDS",
    "FIELD_WORDS",
    "NONE_FOUND",
    "NOT_STATED",
    "AlertBatch",
    "AlertRow",
    "Column",
    "Counts",
    "Finding",
    "Mapping",
    "Preview",
    "fingerprint",
    "kind_of",
    "preview",
    "read",
    "suggest_mapping",
]
