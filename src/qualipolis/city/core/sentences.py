"""Events told in words. A room registers one sentence for each verb; its places are keys of the payload."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import VERBS

SENTENCES: dict[str, str] = {}


def sentences(**words: str) -> None:
    """Register message ids by verb with the dot written as two underscores: ``person__add=_("...")``."""
    SENTENCES.update({name.replace("__", "."): text for name, text in words.items()})


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def sentence(event: Event) -> str:
    """Return the event as a sentence in the language of the page; the bare verb when its room gave no words."""
    words = SENTENCES.get(event.verb)
    if words is None:
        return event.verb
    said = payload_of(event)
    values = {key: _shown(value) for key, value in said.items()}
    told = gettext(words) % _Lenient(values | {"thing": event.thing})
    return told.removesuffix("：–").removesuffix(": –")  # nothing was added in words


def _shown(value: Any) -> Any:
    """Return a value as a reader wants it: two decimals at most and no empty place; the payload keeps every digit."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return "–" if value in (None, "") else value


def payload_of(event: Event) -> dict[str, Any]:
    """Return the payload as a mapping, whatever is in the row."""
    try:
        said = json.loads(event.payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {"value": said}


def verbs() -> list[str]:
    """Return every verb the rooms know, in order."""
    return sorted({*VERBS, *SENTENCES})


sentences(
    city__found=_("founded the city %(name_zh)s (%(code)s)"),
    person__add=_("added the person %(username)s"),
    person__deactivate=_("deactivated %(username)s: %(reason)s"),
    person__reactivate=_("reactivated %(username)s: %(reason)s"),
    person__reset_password=_("gave %(username)s a new password for one sign-in"),
    person__change_password=_("chose a new password of their own (%(username)s)"),
    person__reset_second_factor=_("took %(count)s second factors off %(username)s: %(reason)s"),
    person__add_second_factor=_("added a second factor for signing in (%(username)s, %(kind)s)"),
    person__remove_second_factor=_("removed a second factor for signing in (%(username)s, %(kind)s)"),
    person__renew_second_factor=_("renewed a second factor for signing in (%(username)s, %(kind)s)"),
    grant__give=_("gave %(username)s the role %(role)s, scope %(scope)s, from %(from)s to %(to)s"),
    grant__end=_("ended the role %(role)s of %(username)s: %(reason)s"),
    organisation__add=_("added %(count)s organisations"),
    attachment__store=_("stored the file %(name)s (%(size)s bytes)"),
    demo__load=_("loaded %(rows)s synthetic rows"),
    demo__add_role=_("added %(username)s for the demo"),
    demo__set_term=_("set the term of the demo round to %(due_on)s"),
    step__undo=_("took back event %(event)s (%(verb)s)"),
)
