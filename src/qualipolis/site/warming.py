"""What a fresh process reads before its first request, so that the first visitor does not wait for it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.urls import get_resolver


def warm() -> None:
    """Load every address and the latest two releases; a city that is not there yet is no fault here."""
    from qualipolis.city.assess.queries import book, latest_release, previous_release

    assert get_resolver().url_patterns
    try:
        latest = latest_release()
        for release in filter(None, (latest, previous_release(latest) if latest else None)):
            book(release)
    except DatabaseError:
        pass
    finally:
        connection.close()
