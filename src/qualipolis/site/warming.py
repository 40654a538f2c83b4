"""What a fresh process reads before its first request, so that the first visitor does not wait for it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.urls import get_resolver


def warm() -> None:
    """Load every address and the release in force of each year; a city that is not there yet is no fault here."""
    from qualipolis.city.assess.queries import book, releases_by_year

    assert get_resolver().url_patterns
    try:
        for release in releases_by_year().values():
            book(release)
    except DatabaseError:
        pass
    finally:
        connection.close()
