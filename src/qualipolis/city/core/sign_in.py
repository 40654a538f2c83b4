"""Passwords and second factors: what changes about them is in the ledger, and no secret lies in the clear."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import verb
from qualipolis.city.core.roles import Role

MARK = "fernet:"


class SealedSecrets(DefaultMFAAdapter):
    """An allauth adapter that seals the keys of second factors with a key drawn from the site's own."""

    def encrypt(self, text: str) -> str:
        return MARK + _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed key; one from before sealing is returned as it is.

        After the site's key was lost nothing opens: the code is refused and an administrator resets the factor.
        """
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return _box().decrypt(encrypted_text[len(MARK) :].encode()).decode()
        except InvalidToken:
            return ""


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"qualipolis second factors").derive(key.encode())


@verb("person.reset_second_factor", roles=(Role.ADMIN.value,))
def reset_second_factor(actor: Any, thing: Person, *, reason: str = "") -> int:
    """Take all second factors off someone who lost theirs and return how many; they enrol again at the next sign-in."""
    count, _rows = Authenticator.objects.filter(user=thing).delete()
    record(actor, "person.reset_second_factor", thing, {"username": thing.username, "count": count, "reason": reason})
    return count


def factors_of(person: Person) -> int:
    """Return how many second factors someone has set up; recovery codes belong to them and are not counted."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).count()


@receiver((password_changed, password_reset))
def _password(user: Person, **kwargs: Any) -> None:
    _own(user, "person.change_password")


@receiver(authenticator_added)
def _added(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor(user, "person.add_second_factor", authenticator)


@receiver(authenticator_removed)
def _removed(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor(user, "person.remove_second_factor", authenticator)


@receiver(authenticator_reset)
def _renewed(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor(user, "person.renew_second_factor", authenticator)


def _factor(user: Person, name: str, authenticator: Authenticator) -> None:
    _own(user, name, kind=authenticator.type)


def _own(user: Person, name: str, **more: str) -> None:
    with transaction.atomic():
        record(user, name, user, {"username": user.username, **more})
