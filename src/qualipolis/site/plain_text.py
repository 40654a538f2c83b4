"""What no text holds is refused at the door: PostgreSQL cannot store the character 0, and nobody types it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PlainText:
    """Answers 400 to an address or a form with the character 0 in it."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if "\x00" in request.path or _holds_nul(request.GET):
            raise BadRequest("NUL")
        return self.get_response(request)

    def process_view(self, request: Any, *view: Any) -> None:
        """The form is looked at after the check of its token, which has read it."""
        if request.method == "POST" and request.content_type in FORMS and _holds_nul(request.POST):
            raise BadRequest("NUL")


def _holds_nul(fields: Any) -> bool:
    parts: Iterable[str] = (part for name, values in fields.lists() for part in (name, *values))
    return any("\x00" in part for part in parts)
