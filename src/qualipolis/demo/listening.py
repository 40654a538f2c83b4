"""What the synthetic city hears: two years of letters, matters in every state, recalls, warnings, alerts and signals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.measure.models import SourceRecord
from qualipolis.demo.clock import telling
from qualipolis.demo.listening_cases import letters_told, maker_of
from qualipolis.demo.listening_investigations import Investigations
from qualipolis.demo.listening_letters import write_letters
from qualipolis.demo.listening_people import make_ears
from qualipolis.demo.listening_safety import Safety
from qualipolis.demo.listening_signals import Signals
from qualipolis.demo.streams import stream


def listen(actor: Any, seed: int) -> None:
    """Write the letters of two years, then tell what people did with them, each step on its own day until today."""
    ears = make_ears(actor)
    today = timezone.localdate()
    written = write_letters(ears.desk, stream(seed, "letters"), today)
    record(actor, "demo.load", "listen.letter", {"rows": written, "synthetic": True})
    safety = Safety(ears, maker_of("工程塑料", 3))
    told = (safety, Investigations(ears, safety), Signals(ears))
    days = [*letters_told(ears, today), *(day for one in told for day in one.days(today))]
    with telling(min(day for day, _happens in days) - timedelta(days=1)) as clock:
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()
    SourceRecord.objects.filter(kind=SourceRecord.Kind.COMPLAINT, synthetic=False).update(synthetic=True)
