"""Walking everything that a person can open, and finding in the answers what must not stand there together."""

from __future__ import annotations

import html
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.test import Client
from pypdf import PdfReader
from tests.security.addresses import EXAMPLES, addresses

from qualipolis.city.core.policy import ANYONE

PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
LATER = ("account/logout/",)


@dataclass(frozen=True)
class Marks:
    """What would betray the firm (``firm``), its town (``place``), and what names a sample in the laboratory (``sample``)."""

    firm: tuple[str, ...]
    place: tuple[str, ...]
    sample: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """One answer: where, with which status, and all the words in it, in its address and its headers."""

    path: str
    status: int
    text: str


@dataclass(frozen=True)
class Leak:
    """A mark of the firm where it must not stand."""

    where: str
    mark: str

    def __str__(self) -> str:
        return f"{self.where}: {self.mark}"


def paths(role: str, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a path for every address that a role may open and every value of its places, without those that sign out.

    That every other address is closed to the role is what ``test_access`` sees to.
    """
    for one in addresses():
        if one.route in LATER or not {ANYONE, role} & set(one.access or ()):
            continue
        names = [first or second for first, second in PLACE.findall(one.route)]
        if not names:
            yield one.path
            continue
        choices = [values.get(name) or [EXAMPLES.get(name, "1")] for name in names]
        template = PLACE.sub("{}", one.route).replace("^", "").replace("$", "").replace("\\Z", "").replace(".+", "x")
        for chosen in itertools.product(*choices):
            yield "/" + template.replace("\\", "").format(*chosen)


def walk(client: Client, all_paths: Iterable[str]) -> list[Answer]:
    """Open every path and read whatever comes back; files are unpacked."""
    return [answer_of(path, client.get(path)) for path in dict.fromkeys(all_paths)]


def answer_of(path: str, response: Any) -> Answer:
    """Return an answer with all its words."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    heads = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return Answer(path, response.status_code, f"{path} {heads} {words_in(data)}")


def words_in(data: bytes) -> str:
    """Return the words of a file of whatever kind: PDF, workbook or archive, JSON with its escapes, page or text."""
    if data[:5] == b"%PDF-":
        reader = PdfReader(io.BytesIO(data))
        return " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return " ".join(words_in(archive.read(name)) for name in archive.namelist())
    text = data.decode("utf-8", errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return html.unescape(text)


def leaks(answers: Iterable[Answer], public: Callable[[str], str], marks: Marks) -> list[Leak]:
    """Return every mark of a firm or its town beside the name of a sample, and what else the public does not read.

    A page that everybody can read may speak of firms, and the register lists towns; a page of the laboratory may not,
    nor any page with a sample. What was asked for in the address itself and only comes back is no leak, unless a sample
    stands beside it. ``public`` gives what the public reads at a path; it is asked only where a mark stands.
    """
    found = []
    for one in answers:
        text = one.text.replace("\n", "")
        asked = unquote(one.path)
        sample = any(mark in text and mark not in asked for mark in marks.sample)
        closed = sample or "/laboratory/" in one.path
        marked = [mark for mark in marks.firm if mark in text and (closed or mark not in asked)]
        marked += [mark for mark in marks.place if closed and mark in text]
        everybody = public(one.path).replace("\n", "") if marked and not closed else ""
        found += [Leak(one.path, mark) for mark in marked if mark not in everybody]
    return found
