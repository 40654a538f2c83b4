"""The seam for a language model behind an address that speaks like OpenAI's: off by default, never required.

What it returns is always marked as written by a machine (:class:`Assisted`); nothing here decides anything, and no
other part of the program asks it unless a person pressed a button for it. It is on only when ``QUALIPOLIS_ASSISTANT_URL``
names an address; ``QUALIPOLIS_ASSISTANT_MODEL`` and ``QUALIPOLIS_ASSISTANT_KEY`` are handed on. Whoever switches it on
sends texts to that address: names and numbers should be taken out before.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from qualipolis.methods.problems import InputError, Problem, msg

LONGEST_QUESTION = 20_000
LARGEST_ANSWER = 256 * 2**10
LONGEST_TEXT = 8_000
SECONDS = 20.0
LOCAL = ("127.0.0.1", "localhost", "::1")

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Settings:
    """Where the assistant is, what it is called there, its key, and how long it is waited for."""

    url: str
    model: str = "default"
    key: str = ""
    seconds: float = SECONDS


@dataclass(frozen=True)
class Assisted:
    """A text a machine wrote: which model, when. It is a draft for a person and has no effect of its own."""

    text: str
    model: str
    at: datetime
    decides: bool = False

    @property
    def mark(self) -> str:
        """Message id of the mark that stands beside the text wherever it is shown."""
        return msg("Written by a language model (%(model)s); a draft, to be checked by a person.")


def settings(environ: Mapping[str, str] | None = None) -> Settings | None:
    """Return the settings of the environment; None when no address is named, which is the default.

    >>> settings({}) is None, settings({"QUALIPOLIS_ASSISTANT_URL": "https://example.org/v1"}).model
    (True, 'default')
    """
    if environ is None:
        url = os.environ.get("QUALIPOLIS_ASSISTANT_URL", "")
        model, key = os.environ.get("QUALIPOLIS_ASSISTANT_MODEL", ""), os.environ.get("QUALIPOLIS_ASSISTANT_KEY", "")
    else:
        url, model, key = (environ.get(f"QUALIPOLIS_ASSISTANT_{name}", "") for name in ("URL", "MODEL", "KEY"))
    return Settings(url.rstrip("/"), model or "default", key) if url else None


def ask(question: str, instruction: str = "", *, given: Settings | None = None, now: Now | None = None) -> Assisted:
    """Return what the model behind the address writes on ``question``.

    Raises
    ------
    InputError : no address is named, one without TLS that is not this machine, a question too long, no answer in time,
        an answer too long or of another form; never anything else
    """
    chosen = given or settings()
    if chosen is None:
        raise _refused("assistant_off", msg("No language model is set up."), msg("It is not needed; go on without."))
    _checked(chosen, question + instruction)
    said = [{"role": "system", "content": instruction}] if instruction else []
    said.append({"role": "user", "content": question})
    body = json.dumps({"model": chosen.model, "messages": said, "stream": False}).encode()
    answer = _answered(chosen, body)
    return Assisted(_text(answer), chosen.model, (now or _now)())


def _checked(chosen: Settings, said: str) -> None:
    address = urlsplit(chosen.url)
    safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOCAL)
    if not safe or not address.hostname or address.username:
        what = msg("The address of the language model is not safe.")
        raise _refused("assistant_address", what, msg("Use https, or http on this machine."))
    if len(said) > LONGEST_QUESTION:
        what = msg("The text for the language model is longer than %(most)s characters.")
        raise _refused("assistant_long", what, msg("Shorten it."), most=LONGEST_QUESTION)


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: the key goes to the address that was named and to no other."""

    def redirect_request(self, *args: object, **named: object) -> None:
        return None


def _answered(chosen: Settings, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {chosen.key}"} if chosen.key else {})
    request = urllib.request.Request(f"{chosen.url}/chat/completions", body, headers)  # noqa: S310  checked before
    opener = urllib.request.build_opener(_Still, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=chosen.seconds) as answer:
            found = answer.read(LARGEST_ANSWER + 1)
    except (OSError, urllib.error.URLError, ValueError) as error:
        what = msg("The language model did not answer: %(why)s.")
        remedy = msg("It is not needed; go on without.")
        raise _refused("assistant_silent", what, remedy, why=type(error).__name__) from None
    if len(found) > LARGEST_ANSWER:
        raise _unreadable()
    return bytes(found)


def _text(answer: bytes) -> str:
    try:
        text = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise _unreadable() from None
    if not isinstance(text, str) or not text.strip():
        raise _unreadable()
    kept = "".join(mark for mark in text if mark.isprintable() or mark in "\n\t")
    return kept.strip()[:LONGEST_TEXT]


def _unreadable() -> InputError:
    what = msg("The answer of the language model cannot be read.")
    return _refused("assistant_answer", what, msg("It is not needed; go on without."))


def _refused(code: str, what: str, remedy: str, **params: object) -> InputError:
    return InputError([Problem(code, what, remedy, params)])


def _now() -> datetime:
    return datetime.now(UTC)
