"""The event ledger: one line for each verb, each line bound to the one before by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import VERBS, roles_of

GENESIS = "0" * 64
SIGNED_AFTER = {"city.found", "assess.publish", "assess.withdraw"}
_LOCK = 7_201_901


def canonical(value: Any) -> str:
    """Return JSON with sorted keys, no spaces and exact text for dates and decimals."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return name_of(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    raise TypeError(f"{type(value).__name__} has no place in the ledger")


def name_of(thing: Any) -> str:
    """Return the stable name of a row in the ledger, for example ``measure.observation:17``."""
    if thing is None:
        return "city"
    if isinstance(thing, str):
        return thing
    return f"{thing._meta.label_lower}:{thing.pk}"


def digest(event: Event) -> str:
    """Return the SHA-256 of everything in the event but its own hash."""
    parts = [
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.role,
        event.verb,
        event.thing,
        event.rule_version,
        event.payload,
        event.prev_hash,
    ]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def record(actor: Any, verb: str, thing: Any = None, payload: Any = None, *, rule_version: str = "") -> Event:
    """Append one event inside the caller's transaction and return it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of a verb")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Event.objects.order_by("-seq").only("seq", "hash").first()
    event = Event(
        seq=(last.seq if last else 0) + 1,
        at=timezone.now(),
        actor=getattr(actor, "username", None) or str(actor),
        role=_role_used(actor, verb),
        verb=verb,
        thing=name_of(thing),
        rule_version=rule_version,
        payload=canonical(payload if payload is not None else {}),
        prev_hash=last.hash if last else GENESIS,
    )
    event.hash = digest(event)
    event.save()
    if verb in SIGNED_AFTER:
        transaction.on_commit(_sign)
    return event


def _sign() -> None:
    """Sign the ledger once the step that others rely on stands."""
    from qualipolis.city.core.checkpoints import make_checkpoint

    make_checkpoint()


def _role_used(actor: Any, verb: str) -> str:
    access = VERBS.get(verb)
    held = roles_of(actor)
    matching = sorted(held & set(access.roles)) if access else sorted(held)
    return matching[0] if matching else ("system" if "system" in held else "")


@dataclass(frozen=True)
class Finding:
    """The first thing in the ledger that does not hold: near which event, and what (a message id)."""

    seq: int
    what: str

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of ``translate``."""
        return translate(self.what) % {"seq": self.seq}
