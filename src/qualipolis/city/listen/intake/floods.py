"""Floods are slowed down where they come from: a sender, an address. Nobody else is kept out, and no address is kept.

A key is an HMAC of the address with the day, so that the table neither tells an address nor follows one for long.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from qualipolis.city.core.sweeps import sweep
from qualipolis.city.listen.intake.models import Knock, Letter
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg

HOUR, KEPT = timedelta(hours=1), timedelta(hours=2)
MOST_OF_ADDRESS = 1000  # many people share one address: an office, a mobile network
MOST_UNSIGNED = 30
MISSES_OF_LETTER, MISSES_OF_ADDRESS, COOLING = 5, 50, timedelta(minutes=15)
WAIT = msg("Wait an hour, or call 12315. What you typed stays here.")


def key_of(address: str, about: str = "") -> str:
    """Return the key of an address today, for one letter when ``about`` names it."""
    text = f"{timezone.localdate()}|{address}|{about}"
    return hmac.new(settings.SECRET_KEY.encode(), f"knock|{text}".encode(), hashlib.sha256).hexdigest()


def _count(kind: str, key: str, since: timedelta) -> int:
    return Knock.objects.filter(key=key, kind=kind, at__gt=timezone.now() - since).count()


def of_last_hour(sender: str) -> list[Letter]:
    """Return the letters of a sender (its key) within the hour, the latest first."""
    if not sender:
        return []
    return list(Letter.objects.filter(sender_key=sender, received_at__gt=timezone.now() - HOUR).order_by("-pk"))


def too_many(sender: str, recent: int, address: str) -> Problem | None:
    """Return why no letter is taken in now: ``recent`` ones of the sender, or too many of the address."""
    if recent >= (most := rule_number("intake.hourly")):
        what = msg("%(n)s letters came from this telephone number within an hour; that is the limit.")
        return Problem("flood_of_sender", what, WAIT, {"n": most})
    kind, most = (Knock.Kind.LETTER, MOST_OF_ADDRESS) if sender else (Knock.Kind.UNSIGNED, MOST_UNSIGNED)
    if address and _count(kind, key_of(address), HOUR) >= most:
        return Problem("flood_of_address", msg("Too many letters come from your network at the moment."), WAIT)
    return None


def came(sender: str, address: str) -> None:
    """Note that a letter came in from an address."""
    if address:
        kind = Knock.Kind.LETTER if sender else Knock.Kind.UNSIGNED
        Knock.objects.create(kind=kind, key=key_of(address))


def cooling(number: str, address: str) -> Problem | None:
    """Return why somebody may not try to track now; another address is not concerned."""
    of_letter = _count(Knock.Kind.MISS, key_of(address, number), COOLING) >= MISSES_OF_LETTER
    if of_letter or _count(Knock.Kind.MISS, key_of(address), HOUR) >= MISSES_OF_ADDRESS:
        what = msg("Number and code did not match several times.")
        return Problem("cooling", what, msg("Try again in a quarter of an hour, or call 12315."))
    return None


def missed(number: str, address: str) -> None:
    """Note that number and code did not match."""
    Knock.objects.bulk_create(
        Knock(kind=Knock.Kind.MISS, key=key) for key in (key_of(address), key_of(address, number))
    )


@sweep("listen.knocks")
def forget(now: datetime) -> int:
    """Forget who knocked; nothing older than two hours is needed."""
    return Knock.objects.filter(at__lt=now - KEPT).delete()[0]
