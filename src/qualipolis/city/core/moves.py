"""What the rows with a state of a table of law share: the field of the state, and one way to take its next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Event
from qualipolis.city.core.steps import advance
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.law.flow import Flow
from qualipolis.law.flows import ALL


def state(flow: str) -> models.CharField[str, str]:
    """Return the field that holds a state of the table ``flow``; only :func:`move` changes it."""
    return models.CharField(_("state"), max_length=20, default=ALL[flow].initial, db_index=True)


def state_words(row: Any) -> str:
    """Return the state of a row in words; the row says its ``flow_code`` and its ``status``."""
    return str(_(ALL[row.flow_code].labels[row.status]))


class Moving(models.Model):
    """A row that moves through a table of law: ``status`` is its state, ``due_on`` the last day for the next step."""

    FLOW: ClassVar[str]
    due_on = models.DateField(_("next step due on"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def flow_code(self) -> str:
        """The code of the table; food runs on its own."""
        return self.FLOW

    @property
    def flow(self) -> Flow:
        """The table itself."""
        return ALL[self.flow_code]

    @property
    def ended(self) -> bool:
        """Whether the state is one of the ends of the table."""
        return self.status in self.flow.finals  # type: ignore[attr-defined,no-any-return]


def locked[Row: Moving](row: Row, *related: str) -> Row:
    """Return ``row`` as the database has it, kept for this transaction, with ``related`` rows read along."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    return (rows.select_related(*related) if related else rows).get(pk=row.pk)


def move(
    actor: Any,
    row: Moving,
    step: str,
    verb: str,
    told: Mapping[str, Any] | None = None,
    *,
    facts: Mapping[str, Any] | None = None,
    start: date | None = None,
    in_force: date | None = None,
    for_good: bool = False,
    **changes: Any,
) -> Event:
    """Take ``step`` of the row's table inside the verb ``verb``: change the row, start its term, tell the ledger.

    Parameters
    ----------
    row : fetched with :func:`locked`
    told : what the person gave with the step; goes to the guards and to the ledger
    facts : what only the guards read; ``today`` and ``actor`` are always there
    start : day on which the term of the step begins, today unless given (a proof of service names another day)
    in_force : day whose version of the rules governs the term, ``start`` unless given
    for_good : others act on the step at once, so that it cannot be taken back although its table would allow it
    changes : further fields of the row; a step that can be taken back puts them back too

    Raises
    ------
    InputError
        The table does not allow the step, with its reason; nothing is changed.
    """
    today = timezone.localdate()
    given = dict(told or {})
    before = fields_of(row, "status", "due_on", *changes)
    took = advance(actor, row.flow_code, step, row.status, **({"today": today} | dict(facts or {}) | given))  # type: ignore[attr-defined]
    row.status, row.due_on = took.target, took.due(start or today, in_force)  # type: ignore[attr-defined]
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=["status", "due_on", *changes])
    event = record(actor, verb, row, {"of": str(row), "to": took.target} | given, rule_version=took.rule)
    if not (took.step.irreversible or for_good):
        reversible(event, actor, row, before, "status")
    return event
