"""What attacks on listening share: somebody signed in, a letter sent, whether a photo is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.city.listen.cast import CONSUMER, PUBLIC, Cast, found

from qualipolis.city.core.models import Attachment
from qualipolis.city.listen import service
from qualipolis.methods.problems import InputError

__all__ = ["CLUE", "PHOTO", "cast", "codes", "entered", "home", "reads", "sent"]
PHOTO = (b"\x89PNG\r\n\x1a\n" + b"0" * 40,)
CLUE = "暗线索"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return found()


def entered(cast: Cast, name: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def sent(cast: Cast, track: str = "report", **more: Any) -> Any:
    said = {"track": track, "identity": CONSUMER, "respondent_name": cast.firm.name_zh, "enterprise": cast.firm,
            "facts": f"{CLUE}：夜里换标签。", "claim": "退款" if track == "both" else ""}  # fmt: skip
    return service.receive_letter(PUBLIC, None, **said | more)


def reads(cast: Cast, name: str, photo: Attachment) -> bool:
    return entered(cast, name).get(reverse("core:file", args=[photo.pk])).status_code == 200


def codes(refusal: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [one.code for one in refusal.value.problems]
