"""What holds for every day that somebody gives with a step."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from qualipolis.methods.problems import Problem, msg


def given_day(day: date | None, place: str, since: date | None = None) -> list[Problem]:
    """Return what is wrong with a day that has to be given: there is none, or what :func:`not_ahead` says."""
    if day is None:
        return [Problem("no_day", msg("Give the day."), place=place)]
    return not_ahead(day, place, since)


def not_ahead(day: date, place: str, since: date | None = None) -> list[Problem]:
    """Return what is wrong with a day: it lies in the future, or before what it follows."""
    if day > timezone.localdate():
        what = msg("%(day)s lies in the future.")
        return [Problem("future_day", what, msg("Give the day on which it happened."), {"day": day}, place)]
    if since is not None and day < since:
        what = msg("%(day)s lies before %(since)s, on which this can have happened at the earliest.")
        return [Problem("too_early", what, "", {"day": day, "since": since}, place)]
    return []
